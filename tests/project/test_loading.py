"""From what the user names to a checked project."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clef.project.loading import Loaded, load, read_sources
from clef.project.schema import parse_size
from clef.project.targets import resolve_target
from clef.source import Span
from clef.toolchain.target import native_name

HEAD = '[package]\nname = "hello"\n[build]\nsources = ["main.clef"]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.clef").write_text('printfn "hello"\n')
    return tmp_path


def loaded(text: str | bytes, path: str | None = None) -> Loaded:
    Path("hello.fidproj").write_bytes(text.encode() if isinstance(text, str) else text)
    return load(path)


def codes(outcome: Loaded) -> list[str]:
    return [finding.code for finding in outcome.diagnostics]


def pointed_at(outcome: Loaded, number: int = 0) -> str:
    span = outcome.diagnostics[number].span
    return outcome.files[span.path].text[span.start : span.end]


def test_a_complete_project(folder: Path) -> None:
    text = """
    [package]
    name = "hello"
    version = "1.2.3"
    description = "says hello"
    [compilation]
    target = "aarch64-unknown-linux-gnu"
    memory_model = "counted"
    max_stack_size = "64K"
    heap_size = 1048576
    [build]
    sources = ["main.clef"]
    output = "bye"
    output_kind = "console"
    [link]
    libraries = ["m"]
    library_paths = ["lib"]
    [optimization]
    level = 3
    lto = true
    """
    outcome = loaded(text)
    project = outcome.project
    assert codes(outcome) == [] and project is not None
    assert (project.name, project.version, project.output) == ("hello", "1.2.3", "bye")
    assert project.target == "aarch64-linux"
    assert (project.max_stack_size, project.heap_size) == (65536, 1048576)
    assert project.libraries == ("m",) and project.library_paths == ("lib",)
    assert project.optimization_level == "release" and project.link_time_optimization
    assert [source.path for source in read_sources(outcome)[0]] == ["main.clef"]


def test_defaults(folder: Path) -> None:
    project = loaded(HEAD).project
    assert project is not None
    assert project.target == native_name()
    assert (project.output, project.output_kind) == ("hello", "console")
    assert not project.implicit


def test_a_single_file(folder: Path) -> None:
    project = load("main.clef").project
    assert project is not None and project.implicit
    assert (project.name, project.sources) == ("main", ("main.clef",))


def test_paths_are_relative_to_the_project_file(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "a.fidproj").write_text(HEAD)
    (inner / "main.clef").write_text("1")
    for path in ("inner", "inner/", "inner/a.fidproj"):
        project = load(path).project
        assert project is not None and project.sources == ("inner/main.clef",)


def test_folders(folder: Path) -> None:
    none = load(None)
    assert codes(none) == ["E0813"] and "`main.clef`" in str(none.diagnostics[0].hint())
    (folder / "a.fidproj").write_text(HEAD)
    assert load(".").project is not None
    (folder / "b.fidproj").write_text(HEAD)
    several = load(None)
    assert codes(several) == ["E0814"] and "`a.fidproj` or `b.fidproj`" in str(
        several.diagnostics[0].hint()
    )
    assert codes(load("nowhere")) == ["E0801"]
    assert codes(load("nowhere.fidproj")) == ["E0801"]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("[package\nname = 1", "E0806", ""),
        ("[package]\nname = hello\n", "E0806", "hello"),
        ('name = "a"\nname = "b"', "E0806", ""),
        (HEAD.replace('"hello"', "3"), "E0807", "3"),
        (HEAD.replace('["main.clef"]', '"main.clef"'), "E0807", '"main.clef"'),
        (HEAD.replace('["main.clef"]', '["main.clef", true]'), "E0807", "true"),
        (HEAD + '[compilation]\nheap_size = "much"\n', "E0807", '"much"'),
        (HEAD + "[compilation]\nmax_stack_size = -1\n", "E0807", "-1"),
        (HEAD + "[optimization]\nlevel = 7\n", "E0807", "7"),
        (HEAD + "[optimization]\nlto = 1979-05-27\n", "E0807", "1979-05-27"),
        ("package = 3\n" + '[build]\nsources=["main.clef"]', "E0807", "3"),
        (HEAD + "[[link]]\n", "E0807", ""),
        (HEAD + "[dependencies]\nx = 1\n", "E0807", "1"),
        (HEAD + "[dependencies]\nx = { path = 1 }\n", "E0807", "1"),
        (HEAD + "outputs = 1\n", "W0808", "outputs"),
        (HEAD + "[optimisation]\n", "W0808", "optimisation"),
        ('[build]\nsources = ["main.clef"]', "E0809", ""),
        ('[package]\nname = "hello"', "E0809", ""),
        ('[package]\nname = "hello"\n[build]\nsources = []', "E0809", "[build]"),
        (HEAD + '[compilation]\ntarget = "arm"\n', "E0902", '"arm"'),
        (HEAD + '[compilation]\ntarget = "fpga"\n', "E0816", '"fpga"'),
        (HEAD + '[compilation]\nmemory_model = "counting"\n', "E0815", '"counting"'),
        (HEAD + '[compilation]\nmemory_model = "static_pools"\n', "E0809", '"static_pools"'),
        (HEAD + 'output_kind = "embedded"\n', "E0816", '"embedded"'),
        (
            HEAD.replace("]\n[", "]\n[").replace('f"]', 'f", "./main.clef"]'),
            "E0811",
            '"./main.clef"',
        ),
        (HEAD + '[dependencies]\nx = "1.0"\n', "E0819", "x"),
        (HEAD + '[dependencies]\nx = { version = "1.0" }\n', "E0819", "x"),
        (HEAD + '[dependencies]\nx = { path = "gone" }\n', "E0817", '"gone"'),
    ],
)
def test_each_mistake_is_one_message_at_its_place(
    folder: Path, text: str, code: str, place: str
) -> None:
    outcome = loaded(text)
    assert codes(outcome) == [code]
    assert (outcome.project is None) == (code[0] == "E")
    if place:
        assert pointed_at(outcome) == place


def test_near_keys_are_suggested(folder: Path) -> None:
    outcome = loaded(HEAD + "[compilaton]\n")
    assert outcome.diagnostics[0].hint() == "did you mean `compilation`?"


def test_missing_sources_are_pointed_at(folder: Path) -> None:
    outcome = loaded(HEAD.replace("main.clef", "mian.clef"))
    _, (found,) = read_sources(outcome)
    assert found.code == "E0810" and "main.clef" in str(found.hint())
    assert outcome.files[found.span.path].text[found.span.start : found.span.end] == '"mian.clef"'


def project_in(folder: Path, name: str, needs: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.clef").write_text("1")
    needed = "".join(f'{key} = {{ path = "{path}" }}\n' for key, path in needs.items())
    (folder / f"{name}.fidproj").write_text(
        f'[package]\nname = "{name}"\n[build]\nsources = ["{name}.clef"]\n[dependencies]\n{needed}'
    )


def test_dependencies_come_first_and_once(folder: Path) -> None:
    project_in(folder / "base", "base", {})
    project_in(folder / "left", "left", {"base": "../base"})
    project_in(folder / "right", "right", {"base": "../base/base.fidproj"})
    project_in(folder / "top", "top", {"left": "../left", "right": "../right"})
    outcome = load("top")
    assert codes(outcome) == [] and outcome.project is not None
    assert outcome.project.sources == (
        "base/base.clef",
        "left/left.clef",
        "right/right.clef",
        "top/top.clef",
    )
    assert outcome.project.dependencies == ("left", "right")


def test_a_circle_is_reported_once_with_all_its_steps(folder: Path) -> None:
    project_in(folder / "a", "a", {"b": "../b"})
    project_in(folder / "b", "b", {"c": "../c"})
    project_in(folder / "c", "c", {"a": "../a"})
    outcome = load("a")
    assert codes(outcome) == ["E0818"]
    labels = outcome.diagnostics[0].labels()
    assert [label.span.path for label in labels] == ["c/c.fidproj", "a/a.fidproj", "b/b.fidproj"]
    assert set(outcome.files) >= {label.span.path for label in labels}
    project_in(folder / "own", "own", {"own": "."})
    assert codes(load("own")) == ["E0818"]


def test_a_broken_dependency_is_reported_in_its_own_file(folder: Path) -> None:
    project_in(folder / "a", "a", {"b": "../b"})
    (folder / "b").mkdir()
    (folder / "b" / "b.fidproj").write_text("[package")
    outcome = load("a")
    assert codes(outcome) == ["E0806"]
    assert outcome.diagnostics[0].span.path == "b/b.fidproj"


def test_the_standard_library_may_be_named(folder: Path) -> None:
    text = HEAD + '[dependencies]\nplatform = { path = "/nowhere" }\nalloy = "1.0"\n'
    assert codes(loaded(text)) == []


def test_unreadable_project_files(folder: Path) -> None:
    assert codes(loaded(b"\xff\x00")) == ["E0803"]
    assert codes(loaded("x = " + "[" * 20000)) == ["E0806"]
    assert codes(loaded("")) == ["E0809", "E0809"]


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (4096, 4096),
        ("64K", 65536),
        ("1 MB", 1048576),
        ("2GiB", 2147483648),
        ("12", 12),
        ("0", None),
        (0, None),
        (True, None),
        ("K", None),
        ("1.5M", None),
        ("", None),
        (None, None),
    ],
)
def test_sizes(value: object, size: int | None) -> None:
    assert parse_size(value) == size


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("native", native_name()),
        ("cpu", native_name()),
        ("wasm", "wasm32-wasi"),
        ("wasm32-wasip1", "wasm32-wasi"),
        ("x86_64-pc-linux-musl", "x86_64-linux"),
        ("arm64-linux", "aarch64-linux"),
        ("riscv64-linux", "riscv64-linux"),
    ],
)
def test_words_for_targets(word: str, name: str) -> None:
    assert resolve_target(word, Span("", 0, 0)) == name


@pytest.mark.parametrize("word", ["", "x", "../_base", "_linux", "x86_64", "x86_64-beos", "-"])
def test_words_for_no_target(word: str) -> None:
    found = resolve_target(word, Span("", 0, 0))
    assert not isinstance(found, str) and found.code == "E0902"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data())
def test_no_project_file_crashes_the_compiler(folder: Path, data: st.DataObject) -> None:
    text = HEAD + '[dependencies]\nx = { path = "gone" }\n'
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 9, len(text))))
        text = text[:start] + data.draw(st.text("[]{}=\"'ab1.,\n#\\", max_size=4)) + text[end:]
    outcome = loaded(text)
    read_sources(outcome)
    for finding in outcome.diagnostics:
        assert finding.title() and finding.labels()
