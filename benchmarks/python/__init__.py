"""Clef modules in Python beside Numba, Cython, C through ctypes, and Python itself."""
