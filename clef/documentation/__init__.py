"""Pages about a project's modules, made from its declarations and their comments; and the examples
in these comments as tests.
"""
