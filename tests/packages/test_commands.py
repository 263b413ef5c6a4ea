"""`clef add`, `remove`, `update`, `tree` and `package`, with folders, archives and repositories of
this machine."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clef.command_line.main import run
from clef.packages.lock import read_lock
from clef.packages.store import place_of
from clef.project.loading import load
from clef.toolchain.cache import cache_folder
from tests.caches import use_own_cache
from tests.packages.making import commit, package_files, project_text, write_archive, write_files

CAPTURE = pytest.CaptureFixture[str]
APP = """\
# What this is.
[package]
name = "app" # the name

[build]
sources = ["app.clef"]

[dependencies]
# nothing yet
"""
TEXT = package_files("text", "module Text\nlet shout (s: string) = s.ToUpper()\n")
JSON = package_files(
    "json", "module Json\nlet quote s = Text.shout s\n", 'text = { archive = "{URL}" }\n'
)


@pytest.fixture(autouse=True)
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project in an empty folder, with a store of its own."""
    use_own_cache(tmp_path / "cache", monkeypatch)
    folder = tmp_path / "app"
    program = b'printfn "%s" (Text.shout "a")\n'
    write_files(folder, {"app.fidproj": APP.encode(), "app.clef": program})
    monkeypatch.chdir(folder)
    yield folder
    cache_folder.cache_clear()


def sources() -> list[str]:
    loaded = load(".")
    assert loaded.project is not None, [found.title() for found in loaded.diagnostics]
    return [Path(source).name for source in loaded.project.sources]


def codes() -> list[str]:
    return [found.code for found in load(".").diagnostics]


def test_an_archive_by_its_path(app: Path, capsys: CAPTURE) -> None:
    write_archive(app / "text.tar.gz", TEXT)
    assert run(["add", "text", "--archive", "text.tar.gz"]) == 0
    assert "added text 1.0.0" in capsys.readouterr().out
    project = (app / "app.fidproj").read_text()
    assert project == APP + 'text = {archive = "text.tar.gz"}\n'
    assert sources() == ["text.clef", "app.clef"]
    assert run(["tree"]) == 0
    assert capsys.readouterr().out == ("app 0.1.0\n└── text 1.0.0 (archive+text.tar.gz)\n")
    assert run(["remove", "text"]) == 0
    assert (app / "app.fidproj").read_text() == APP
    assert not (app / "app.fidproj.lock").exists()


def test_the_lock_file_is_the_same_every_time(app: Path) -> None:
    write_archive(app / "text.tar.gz", TEXT)
    write_archive(app / "b.tar.gz", package_files("b", "module B\n"))
    assert run(["add", "text", "--archive", "text.tar.gz"]) == 0
    assert run(["add", "b", "--archive", "b.tar.gz"]) == 0
    first = (app / "app.fidproj.lock").read_bytes()
    assert run(["update"]) == 0
    assert (app / "app.fidproj.lock").read_bytes() == first
    assert b"sha256:" in first


def test_a_folder(app: Path) -> None:
    write_files(app.parent / "text", TEXT)
    assert run(["add", "text", "--path", "../text"]) == 0
    assert sources() == ["text.clef", "app.clef"]
    assert not (app / "app.fidproj.lock").exists()


def test_a_repository_by_branch_and_tag(app: Path, capsys: CAPTURE) -> None:
    repository = app.parent / "repository"
    first = commit(repository, TEXT, "v1")
    second = commit(repository, package_files("text", "module Text\n", version="2.0.0"))
    url = repository.as_uri()
    assert run(["add", "text", "--git", url, "--rev", "v1"]) == 0
    assert read_lock("app.fidproj.lock")["text"].commit == first
    assert run(["add", "text", "--git", url]) == 0
    assert "changed text 1.0.0 to 2.0.0" in capsys.readouterr().out
    assert read_lock("app.fidproj.lock")["text"].commit == second
    third = commit(repository, package_files("text", "module Text\n", version="3.0.0"))
    assert run(["update", "--offline"]) == 0
    assert read_lock("app.fidproj.lock")["text"].commit == second
    assert run(["update", "text"]) == 0
    assert read_lock("app.fidproj.lock")["text"].commit == third


def test_after_cloning_the_lock_file_brings_the_same(app: Path, capsys: CAPTURE) -> None:
    repository = app.parent / "repository"
    commit(repository, TEXT)
    assert run(["add", "text", "--git", repository.as_uri()]) == 0
    locked = read_lock("app.fidproj.lock")["text"]
    commit(repository, package_files("text", "module Text\n", version="2.0.0"))
    shutil.rmtree(app.parent / "cache" / "packages")
    assert codes() == ["E0824"]
    assert run(["update", "--offline"]) == 1
    assert "not in the store" in capsys.readouterr().err
    assert run(["update", "--locked"]) == 0
    assert read_lock("app.fidproj.lock")["text"] == locked
    assert sources() == ["text.clef", "app.clef"]


def test_content_that_changed_under_a_lock_is_refused(app: Path, capsys: CAPTURE) -> None:
    path = write_archive(app / "text.tar.gz", TEXT)
    assert run(["add", "text", "--archive", "text.tar.gz"]) == 0
    write_archive(path, package_files("text", "module Text\nlet evil = 1\n"))
    shutil.rmtree(app.parent / "cache" / "packages")
    assert run(["update", "--locked"]) == 1
    assert "not what the lock file says" in capsys.readouterr().err
    assert run(["update"]) == 0


def test_a_damaged_store_is_mended(app: Path) -> None:
    write_archive(app / "text.tar.gz", TEXT)
    assert run(["add", "text", "--archive", "text.tar.gz"]) == 0
    place = place_of(read_lock("app.fidproj.lock")["text"].hash)
    (place / "text.clef").write_text("module Text\nlet evil = 1\n")
    assert run(["update", "--locked"]) == 0
    assert (place / "text.clef").read_bytes() == TEXT["text.clef"]


def test_a_project_file_that_the_lock_does_not_fit(app: Path, capsys: CAPTURE) -> None:
    write_archive(app / "text.tar.gz", TEXT)
    project = app / "app.fidproj"
    project.write_text(APP + 'text = { archive = "text.tar.gz" }\n')
    assert codes() == ["E0823"]
    assert run(["update", "--locked"]) == 1
    assert "the lock file has no `text`" in capsys.readouterr().err
    assert run(["update"]) == 0
    project.write_text(APP)
    assert run(["update", "--locked"]) == 1
    assert "does not fit" in capsys.readouterr().err


def served(folder: Path) -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words: object) -> None:
            super().__init__(*words, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "web").mkdir()
    yield from served(tmp_path / "web")


def test_packages_that_need_packages(app: Path, web: str, capsys: CAPTURE) -> None:
    write_archive(app.parent / "web" / "text.tar.gz", TEXT)
    address = f"{web}/text.tar.gz".encode()
    json = {name: content.replace(b"{URL}", address) for name, content in JSON.items()}
    write_archive(app.parent / "web" / "json.tar.gz", json)
    assert run(["add", "json", "--archive", f"{web}/json.tar.gz"]) == 0
    assert list(read_lock("app.fidproj.lock")) == ["json", "text"]
    assert sources() == ["text.clef", "json.clef", "app.clef"]
    capsys.readouterr()
    assert run(["tree"]) == 0
    assert capsys.readouterr().out == (
        "app 0.1.0\n"
        f"└── json 1.0.0 (archive+{web}/json.tar.gz)\n"
        f"    └── text 1.0.0 (archive+{web}/text.tar.gz)\n"
    )
    write_archive(app / "other.tar.gz", TEXT)
    assert run(["add", "text", "--archive", "other.tar.gz"]) == 1
    assert "two sources for `text`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (package_files("other", "module Other\n"), "calls itself `other`"),
        ({"readme": b"nothing"}, "has no project file"),
        (
            {"text.fidproj": b'[package]\nname = "text"\n[build]\nsources = ["../../secret"]\n'},
            "outside of itself",
        ),
        (
            {"text.fidproj": b'[package]\nname = "text"\n[build]\nsources = ["/etc/passwd"]\n'},
            "outside of itself",
        ),
        (package_files("text", "module Text\n", 'x = { path = "../../x" }\n'), "outside of itself"),
        (package_files("text", "module Text\n", 'x = { archive = "x.tar.gz" }\n'), "by its path"),
    ],
)
def test_packages_that_are_refused(
    app: Path, files: dict[str, bytes], reason: str, capsys: CAPTURE
) -> None:
    write_archive(app / "text.tar.gz", files)
    assert run(["add", "text", "--archive", "text.tar.gz"]) == 1
    assert reason in capsys.readouterr().err
    assert (app / "app.fidproj").read_text() == APP
    assert not (app / "app.fidproj.lock").exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--git", "ext::sh -c touch% /tmp/pwned"], "not the address"),
        (["--git", "--upload-pack=touch /tmp/pwned"], "not the address"),
        (["--git", "file:///nowhere/at/all"], "cannot be fetched"),
        (["--archive", "http://example.org/a.tar.gz"], "only `https`"),
        (["--archive", "file:///etc/passwd"], "only `https`"),
        (["--archive", "nowhere.tar.gz"], "no such file"),
        (["--path", "nowhere"], "no folder of a project"),
    ],
)
def test_places_that_are_refused(words: list[str], reason: str, capsys: CAPTURE) -> None:
    assert run(["add", "text", *words]) == 1
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["add", "text"],
        ["add", "text", "--path", "a", "--git", "b"],
        ["add", "text", "--path", "a", "--rev", "b"],
        ["add", "no name", "--path", "a"],
        ["update", "--locked", "text"],
    ],
)
def test_mistakes_of_the_command_line(words: list[str]) -> None:
    assert run(words) == 2


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "version = 2\n",
        "version = 1\npackage = 3\n",
        'version = 1\n[[package]]\nname = "a"\n',
    ],
)
def test_a_lock_file_that_cannot_be_read(app: Path, text: str, capsys: CAPTURE) -> None:
    write_archive(app / "text.tar.gz", TEXT)
    (app / "app.fidproj").write_text(APP + 'text = { archive = "text.tar.gz" }\n')
    (app / "app.fidproj.lock").write_text(text)
    assert run(["update"]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert codes() == ["E0823"]


def test_packaging(app: Path, capsys: CAPTURE) -> None:
    inner = project_text("inner").encode()
    write_files(
        app,
        {
            "README.md": b"# App\n",
            "notes.txt": b"not in it",
            "inner/inner.fidproj": inner,
            "inner/inner.clef": b"module Inner\n",
        },
    )
    (app / "app.fidproj").write_text(APP + 'inner = { path = "inner" }\n')
    assert run(["package"]) == 0
    first = (app / "app-0.1.0.tar.gz").read_bytes()
    assert "5 files" in capsys.readouterr().out
    assert run(["package", "-o", "again.tar.gz"]) == 0
    assert (app / "again.tar.gz").read_bytes() == first
    other = app.parent / "other"
    write_files(other, {"other.fidproj": project_text("other").encode(), "other.clef": b""})
    assert run(["add", "app", "--archive", str(app / "again.tar.gz"), "--project", str(other)]) == 0


def test_packaging_takes_nothing_from_outside(app: Path, capsys: CAPTURE) -> None:
    (app / "app.fidproj").write_text(APP + 'x = { path = "../x" }\n')
    assert run(["package"]) == 1
    assert "outside of the project" in capsys.readouterr().err
    (app / "app.fidproj").write_text(APP.replace("app.clef", "../secret.clef"))
    assert run(["package"]) == 1
    (app / "app.fidproj").write_text(APP)
    (app / "app.clef").unlink()
    (app / "app.clef").symlink_to("/etc/passwd")
    assert run(["package"]) == 1
