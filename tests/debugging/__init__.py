"""Debuggers and messages lead to lines of the source."""
