"""Source text, line tables and spans: bytes in, `SourceFile` out."""

from clef.source.source_file import LIBRARY, SourceFile, Span, in_library

__all__ = ["LIBRARY", "SourceFile", "Span", "in_library"]
