"""Stage snapshots: what each stage makes of small programs."""
