"""Make a text of at least 5 MB out of the sources of Python's standard library.

    python make_text.py FILE [MEGABYTES]

The same Python gives the same text: the files are taken in the order of their names, as often as
needed.
"""

import sys
import sysconfig
from pathlib import Path


def main(words: list[str]) -> int:
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    wanted = int(float(words[1]) * 1_000_000) if len(words) > 1 else 5_000_000
    folder = Path(sysconfig.get_paths()["stdlib"])
    texts = [path.read_bytes() for path in sorted(folder.glob("*.py"))]
    written = 0
    with open(words[0], "wb") as output:
        while written < wanted:
            for text in texts:
                if written < wanted:
                    written += output.write(text.decode("utf-8", "replace").encode())
    print(f"{words[0]}: {written / 1e6:.1f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
