"""Packages for tests: written into folders, archives and git repositories of this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

from clef.packages.archive import pack

GIT = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org"]


def project_text(name: str, dependencies: str = "", version: str = "1.0.0") -> str:
    """A project file with one source."""
    return (
        f'[package]\nname = "{name}"\nversion = "{version}"\n'
        f'[build]\nsources = ["{name}.clef"]\n[dependencies]\n{dependencies}'
    )


def package_files(
    name: str, source: str, dependencies: str = "", version: str = "1.0.0"
) -> dict[str, bytes]:
    """The files of a package."""
    return {
        f"{name}.fidproj": project_text(name, dependencies, version).encode(),
        f"{name}.clef": source.encode(),
    }


def write_files(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def write_archive(path: Path, files: dict[str, bytes]) -> Path:
    """An archive as `clef package` writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pack(files, "package"))
    return path


def commit(folder: Path, files: dict[str, bytes], tag: str = "") -> str:
    """Commit files to a repository, which is made if need be; gives the commit."""
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
    write_files(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=change")
    if tag:
        git(folder, "tag", tag)
    return git(folder, "rev-parse", "HEAD")


def git(folder: Path, *words: str) -> str:
    """Run git in a folder."""
    done = subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()
