"""Source text, line tables and spans: bytes in, `SourceFile` out."""

from clef.source.source_file import SourceFile, Span

__all__ = ["SourceFile", "Span"]
