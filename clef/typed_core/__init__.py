"""The typed core: a small explicit language; generics specialised, matches compiled, closures explicit."""
