"""Formatting of documents and selections in an editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.language_server.client import Client, Document

OPTIONS = {"tabSize": 4, "insertSpaces": True}
PROGRAM = "let größe=1\n\nlet 𝄞' = [1;2]\nlet other=  3\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with Client(tmp_path_factory.mktemp("editor")) as client:
        yield client


def edited(document: Document, edits: list[Any]) -> str:
    return document.edited({"changes": {document.uri: edits}})


def test_the_server_offers_it(client: Client) -> None:
    offers = client.capabilities["capabilities"]
    assert offers["documentFormattingProvider"]
    assert offers["documentRangeFormattingProvider"]


def test_a_document(client: Client) -> None:
    document = client.open("whole.clef", PROGRAM.replace("𝄞'", "f"))
    edits = document.whole("formatting", options=OPTIONS)
    assert edited(document, edits) == "let größe = 1\n\nlet f = [ 1; 2 ]\nlet other = 3\n"
    document.write(edited(document, edits))
    assert document.whole("formatting", options=OPTIONS) == []


def test_a_selection(client: Client) -> None:
    document = client.open("part.clef", "let a=1 // 𝄞\nlet b=2 (* 𝄞 *)\nlet c=3\n")
    place = document.at("let |b=2")["position"]
    edits = document.whole("rangeFormatting", range={"start": place, "end": place}, options=OPTIONS)
    assert edited(document, edits) == "let a=1 // 𝄞\nlet b = 2 (* 𝄞 *)\nlet c=3\n"


def test_the_width_is_the_editors_unless_settings_say_otherwise(client: Client) -> None:
    document = client.open("width.clef", "module M =\n    let x = 1\n")
    edits = document.whole("formatting", options={"tabSize": 2, "insertSpaces": True})
    assert edited(document, edits) == "module M =\n  let x = 1\n"
    folder = Path(client.folder) / "settings"
    folder.mkdir()
    (folder / ".editorconfig").write_text("root = true\n[*]\nindent_size = 3\n")
    document = client.open("settings/width.clef", "module M =\n    let x = 1\n")
    edits = document.whole("formatting", options={"tabSize": 2, "insertSpaces": True})
    assert edited(document, edits) == "module M =\n   let x = 1\n"


def test_a_document_with_mistakes_gets_no_edits(client: Client) -> None:
    document = client.open("broken.clef", "let x = (\nlet  y=1\n")
    assert document.whole("formatting", options=OPTIONS) == []
    assert document.messages()  # the server ends more quickly when it has looked at everything
