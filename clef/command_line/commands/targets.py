"""`clef targets`: the machines that programs can be built for."""

from __future__ import annotations

import click

HEADING = "Knowledge"
ORDER = 2


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def command(as_json: bool) -> int:
    """List the machines that programs can be built for.

    \b
    Examples:
      clef targets
      clef build --target aarch64-linux hello.clef
    """
    from clef.toolchain.target import find_target, native_name, target_names

    rows: list[dict[str, object]] = []
    for name in target_names():
        target = find_target(name)
        if target is None:
            continue
        emulator = target.emulator[0] if target.emulator else ""
        rows.append(
            {
                "name": name,
                "triple": target.triple,
                "native": name == native_name(),
                "cpu": target.cpu,
                "emulator": emulator,
                "runnable": name == native_name() or _installed(emulator),
            }
        )
    if as_json:
        import json

        click.echo(json.dumps({"version": 1, "targets": rows}))
        return 0
    width = max(len(str(row["name"])) for row in rows)
    for row in rows:
        click.echo(f"{row['name']:<{width}}  {row['triple']!s:<29} {_how(row)}".rstrip())
    return 0


def _installed(emulator: str) -> bool:
    from clef.toolchain.tool import emulator as find_emulator

    return bool(emulator) and find_emulator(emulator).found


def _how(row: dict[str, object]) -> str:
    if row["native"]:
        return "this machine"
    if row["runnable"]:
        return f"runs here with {row['emulator']}"
    return f"needs {row['emulator']} to run here" if row["emulator"] else ""
