"""Makes a site of the documents: `python -m sphinx docs build/site`.

Comes in: the Markdown files of this folder and the catalogue of messages. Goes out: HTML with
search. Promises: a link that leads nowhere is an error under `-W`; the page of messages is made
from the messages themselves.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from clef import __version__
from clef.diagnostics.catalogue import FAMILIES, catalogue, explanation

project = "Fidelity"
author = "The Fidelity authors"
release = version = __version__
extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["build"]
html_theme = "furo"
html_title = "Fidelity"
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
myst_heading_anchors = 3
highlight_language = "text"
suppress_warnings = ["misc.highlighting_failure"]  # examples of mistakes in the tokens
MESSAGES = "all-messages.md"


def setup(app: Sphinx) -> None:
    """Write the page of all messages before the sources are read."""
    app.connect("builder-inited", lambda _: write_messages(Path(__file__).parent / MESSAGES))


def write_messages(path: Path) -> None:
    """The catalogue as a page; an unchanged one is left alone, so that nothing is built again."""
    text = messages_page()
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def messages_page() -> str:
    """Every message with its explanation, under the name of its family."""
    names = {number: family for family, number in FAMILIES.items()}
    lines = ["# All messages", "", "`clef explain CODE` shows the same in a terminal."]
    family = ""
    for code, found in catalogue().items():
        if names[code[1:3]] != family:
            family = names[code[1:3]]
            lines += ["", f"## {family.capitalize()}"]
        told = explanation(found)
        lines += ["", f"### {code}: {_words(told.name)}", "", told.text]
        for heading, program in (
            ("Example", told.example),
            ("Situation", told.situation),
            ("Instead", told.instead),
        ):
            if program:
                fence = "text" if "--- " in program or heading == "Situation" else "fsharp"
                lines += ["", f"{heading}:", "", f"```{fence}", program.rstrip(), "```"]
    return "\n".join(lines) + "\n"


def _words(name: str) -> str:
    """`TypeMismatch` becomes `type mismatch`."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
