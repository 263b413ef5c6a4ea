"""External programs: finding them, knowing their versions, running them; and the cache.

Nothing else starts a process.
"""
