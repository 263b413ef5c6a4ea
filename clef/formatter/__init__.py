"""The formatter: the text of a file in, the same program in Fantomas' style out.

Comes in: text and settings. Goes out: text that parses to the same tree, with every comment.
Promises: no input or output; a declaration that cannot be laid out safely keeps its own text.
"""
