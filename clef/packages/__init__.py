"""Packages: what a project needs from elsewhere, fetched once, kept by the hash of its content.

Comes in: a project file with dependencies. Goes out: a lock file, and folders in a store that
compilations read. Promises: nothing that a package brings is ever run; the same lock file means the
same bytes.
"""
