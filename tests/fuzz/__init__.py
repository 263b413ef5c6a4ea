"""Hostile input: mutated and deeply nested sources never crash the front end, never hang it, never
exceed a memory bound."""
