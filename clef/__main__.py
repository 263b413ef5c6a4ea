"""`python -m clef` is the command `clef`."""

from clef.command_line.main import main

if __name__ == "__main__":
    main()
