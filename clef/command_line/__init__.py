"""The command `clef`: arguments in, messages and an exit code out."""
