"""A wheel with a Clef module, which needs neither Clef nor a compiler where it is installed.

Comes in: a project's library for Python with its description. Goes out: the wheel's name and bytes.
Promises: the same project gives the same bytes; the platform tag says no more than the library
needs.

Source: the packaging specifications of PyPA (binary distribution format; platform compatibility
tags); PEP 600 (manylinux), PEP 656 (musllinux).
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from pathlib import Path

from clef import __version__
from clef.data_classes import dataclass
from clef.embedding.stubs import stub_text
from clef.project.project import Project

_RUNTIME = Path(__file__).with_name("runtime")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_INIT = '''\
"""{summary}"""

import sys as _sys
from pathlib import Path as _Path

from ._clef import ClefException, fill_module as _fill_module
from ._clef.description import description_of as _description_of

_path = _Path(__file__).with_name("{library}")
_fill_module(_sys.modules[__name__], _description_of(_path.read_bytes()), str(_path))
'''


@dataclass(frozen=True, slots=True)
class Wheel:
    """A file name and its content."""

    name: str
    content: bytes


def package_name(name: str) -> str:
    """The name under which Python imports a project."""
    cleaned = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return f"_{cleaned}" if cleaned[:1].isdigit() else cleaned


def platform_tag(architecture: str, needs_libraries: bool) -> str:
    """Where the wheel may be installed. A library that needs no other runs with every C library, so
    the oldest of the usual tags are right; one that does is for machines like the one it was built
    for.
    """
    if needs_libraries:
        return f"linux_{architecture}"
    oldest = "2_17" if architecture != "riscv64" else "2_39"
    musl = "1_1" if architecture != "riscv64" else "1_2"
    return f"manylinux_{oldest}_{architecture}.musllinux_{musl}_{architecture}"


def make_wheel(
    project: Project,
    content: bytes,
    description: dict[str, object],
    architecture: str,
    needs: tuple[str, ...],
) -> Wheel:
    """The wheel of a project."""
    package = package_name(project.name)
    distribution = re.sub(r"[-_.]+", "_", project.name).lower()
    tag = f"py3-none-{platform_tag(architecture, bool(needs))}"
    summary = project.description or f"The Clef module {project.name}"
    library = f"{package}.so"
    files: dict[str, bytes] = {
        f"{package}/__init__.py": _INIT.format(
            summary=summary.replace("\\", "\\\\").replace('"', "'"), library=library
        ).encode(),
        f"{package}/__init__.pyi": stub_text(description).encode(),
        f"{package}/py.typed": b"",
        f"{package}/{library}": content,
    }
    for path in sorted(_RUNTIME.glob("*.py")):
        files[f"{package}/_clef/{path.name}"] = path.read_bytes()
    about = f"{distribution}-{project.version}.dist-info"
    files[f"{about}/METADATA"] = _metadata(project, summary)
    files[f"{about}/WHEEL"] = _wheel_file(tag)
    record = f"{about}/RECORD"
    lines = [f"{name},{_digest(data)},{len(data)}" for name, data in files.items()]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    return Wheel(f"{distribution}-{project.version}-{tag}.whl", _zipped(files))


def _metadata(project: Project, summary: str) -> bytes:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project.name}",
        f"Version: {project.version}",
        f"Summary: {' '.join(summary.split())}",
        "Requires-Python: >=3.11",
        "",
    ]
    return "\n".join(lines).encode()


def _wheel_file(tag: str) -> bytes:
    python, abi, platforms = tag.split("-")
    tags = [f"Tag: {python}-{abi}-{platform}" for platform in platforms.split(".")]
    head = ["Wheel-Version: 1.0", f"Generator: clef {__version__}", "Root-Is-Purelib: false"]
    return "\n".join([*head, *tags, ""]).encode()


def _digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"


def _zipped(files: dict[str, bytes]) -> bytes:
    """An archive without times, and without compression, whose bytes depend on its program."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            information = zipfile.ZipInfo(name, _EARLIEST)
            mode = 0o755 if name.endswith(".so") else 0o644
            information.external_attr = (0o100000 | mode) << 16
            information.create_system = 3
            archive.writestr(information, data)
    return held.getvalue()
