"""The language server, asked by a scripted client."""
