"""Clef code inside other programs: C libraries, and Python modules.

Comes in: a project. Goes out: a library with its C header, or a module that Python can import.
Promises: what crosses the boundary stands in one `Interface`, from which the Clef side, the C side
and the Python side are all generated, so that they agree.
"""
