"""Fidelity: the compiler for Clef (F# without .NET). `clef.pipeline` is its table of contents."""

__version__ = "0.1.0"
