"""The pages: one for each module, one for each source, a list of all, and a search.

Comes in: modules and sources. Goes out: files by name. Promises: nothing is fetched from elsewhere;
every link leads to a page that is there; the same input gives the same bytes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources

from clef.documentation.items import Item, Module
from clef.documentation.markup import as_html, as_markdown, code_html
from clef.source import SourceFile, Span


class Site:
    """One set of pages in the making."""

    def __init__(
        self, title: str, modules: Sequence[Module], sources: Mapping[str, SourceFile]
    ) -> None:
        self.title = title
        self.modules = modules
        self.sources = sources
        self.source_pages = {path: f"source-{n}.html" for n, path in enumerate(sources, 1)}
        self.addresses: dict[str, str] = {}
        for module in modules:
            self.addresses[module.name] = page_of(module)
            for item in module.items:
                self._note(module, item)

    def _note(self, module: Module, item: Item) -> None:
        address = f"{page_of(module)}#{anchor(item)}"
        plain = item.symbol.partition("`")[0].partition("|")[0]
        self.addresses.setdefault(plain, address)
        self.addresses.setdefault(item.name, address)
        for inner in item.inner:
            own = f"{page_of(module)}#{anchor(inner)}"
            self.addresses.setdefault(f"{item.name}.{inner.name}", own)

    def files(self) -> dict[str, str]:
        """Everything, by file name."""
        folder = resources.files("clef.documentation") / "pages"
        made = {
            "style.css": (folder / "style.css").read_text(encoding="utf-8"),
            "search.js": self._search((folder / "search.js").read_text(encoding="utf-8")),
            "index.html": self._index(),
        }
        for module in self.modules:
            made[page_of(module)] = self._module(module)
        for path, page in self.source_pages.items():
            made[page] = self._source(self.sources[path])
        return made

    def resolve(self, name: str) -> str | None:
        """Where a name is documented."""
        return self.addresses.get(name)

    # Pages ---------------------------------------------------------------------------------------

    def _page(self, title: str, body: str, here: str = "") -> str:
        links = "".join(
            f'<li><a href="{page_of(one)}"{" aria-current=page" if one.name == here else ""}>'
            f"{html.escape(one.name)}</a>"
            for one in self.modules
        )
        name = html.escape(self.title)
        return (
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width">\n'
            f"<title>{html.escape(title)}</title>\n"
            '<link rel="stylesheet" href="style.css">\n'
            f'<nav><a class="title" href="index.html">{name}</a>\n'
            '<input id="find" type="search" placeholder="search" autocomplete="off"'
            ' aria-label="search"><ol id="found"></ol>\n'
            f"<ul>{links}</ul></nav>\n<main>\n{body}</main>\n"
            '<script src="search.js"></script>\n</html>\n'
        )

    def _index(self) -> str:
        rows = "".join(
            f'<tr><td><a href="{page_of(one)}">{html.escape(one.name)}</a>'
            f"<td>{html.escape(summary(one.comment))}"
            for one in self.modules
        )
        head = f"<h1>{html.escape(self.title)}</h1>\n"
        return self._page(self.title, f"{head}<table>{rows}</table>\n")

    def _module(self, module: Module) -> str:
        name = html.escape(module.name)
        types = [item for item in module.items if item.kind not in ("function", "value")]
        values = [item for item in module.items if item.kind in ("function", "value")]
        parts = [f"<h1>{name}</h1>\n{self._place(module.span)}", self._words(module.comment)]
        for heading, items in (("Types", types), ("Functions and values", values)):
            if items:
                parts.append(f"<h2>{heading}</h2>\n")
                parts += [self._item(item) for item in items]
        return self._page(module.name, "".join(parts), module.name)

    def _item(self, item: Item) -> str:
        inner = "".join(self._item(one) for one in item.inner)
        signature = self._signature(item.signature)
        words = self._words(item.comment)
        return (
            f'<section id="{anchor(item)}"><h3><a href="#{anchor(item)}">{html.escape(item.name)}'
            f"</a>{self._place(item.span)}</h3>\n<pre><code>{signature}</code></pre>\n"
            f"{words}{inner}</section>\n"
        )

    def _words(self, comment: str) -> str:
        return as_html(comment, self.resolve)

    def _place(self, span: Span | None) -> str:
        source = self.sources.get(span.path) if span is not None else None
        if source is None or span is None:
            return ""
        line = source.position(span.start)[0]
        return f' <a class="place" href="{self.source_pages[span.path]}#L{line}">source</a>'

    def _signature(self, text: str) -> str:
        """A signature in colours, in which known types are links."""
        whole = code_html(text)
        return re.sub(r"(?<![\w;&\"'])[A-Z][\w']*(?![\w;\"'])", self._type_link, whole)

    def _type_link(self, match: re.Match[str]) -> str:
        address = self.addresses.get(match[0])
        return f'<a href="{address}">{match[0]}</a>' if address else match[0]

    def _source(self, source: SourceFile) -> str:
        lines = code_html(source.text).split("\n")
        numbered = "\n".join(
            f'<span class="line" id="L{number}">{line}</span>'
            for number, line in enumerate(_closed(lines), 1)
        )
        path = html.escape(source.path)
        return self._page(source.path, f'<h1>{path}</h1>\n<pre class="source">{numbered}</pre>\n')

    def _search(self, script: str) -> str:
        entries: list[list[str]] = []
        for module in self.modules:
            entries.append([module.name, page_of(module), "module", summary(module.comment)])
            for item in module.items:
                for one in (item, *item.inner):
                    name = f"{item.name}.{one.name}" if one is not item else one.name
                    address = f"{page_of(module)}#{anchor(one)}"
                    about = f"{module.name} · {summary(one.comment)}".rstrip(" ·")
                    entries.append([name, address, one.kind, about])
        return f"const entries = {json.dumps(entries, ensure_ascii=False)};\n{script}"


def _closed(lines: Sequence[str]) -> list[str]:
    """Lines in each of which every element is closed: comments and strings go over several."""
    made: list[str] = []
    opened = ""
    for line in lines:
        whole = opened + line
        spans = re.findall(r"<span class=\"\w+\">|</span>", whole)
        opened = spans[-1] if spans and spans[-1] != "</span>" else ""
        made.append(whole + ("</span>" if opened else ""))
    return made


def page_of(module: Module) -> str:
    """The file of a module's page."""
    return f"{module.name}.html"


def anchor(item: Item) -> str:
    """The place of an item in its page."""
    return html.escape(re.sub(r"[^\w.-]", "-", item.symbol), quote=True)


def summary(comment: str) -> str:
    """The first sentence of a comment, without marks."""
    text = " ".join(as_markdown(comment).strip().split("\n\n")[0].split())
    first = re.split(r"(?<=[.!?])\s", text)[0]
    return re.sub(r"[`*]", "", first)
