"""The language server: what an editor asks about a project while it is being written.

Comes in: the texts of open documents. Goes out: answers of the Language Server Protocol, version
3.17. Promises: it parses and types with the compiler's own stages; broken code gets answers from
what could be understood; a question never ends the server.
"""
