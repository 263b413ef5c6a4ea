"""Type inference: the resolved tree in, the typed tree and diagnostics out."""
