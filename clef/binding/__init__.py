"""Clef modules for C libraries, from their headers.

Comes in: a C header. Goes out: a Clef module with its functions, structures, enumerations and
constants, and a C file that asserts the layouts. Promises: what cannot be bound is listed with the
reason; every structure has been compared with what the C compiler makes of it.
"""
