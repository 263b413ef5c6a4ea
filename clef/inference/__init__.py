"""Type inference: the resolved tree in, the typed tree and diagnostics out."""

from clef.inference.files import check
from clef.inference.signatures import FileSignatures, Signatures

__all__ = ["FileSignatures", "Signatures", "check"]
