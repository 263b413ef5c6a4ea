"""One module per command, found by listing this folder.

A module has `command` (a click command whose docstring is its help, with examples), `HEADING`
(under which `clef --help` lists it) and `ORDER` (its place there).
"""
