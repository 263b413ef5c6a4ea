"""Test results for other tools, in the XML that JUnit's Ant task writes.

Comes in: results. Goes out: a file. Promises: characters that XML cannot hold are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from clef.command_line.unit_tests import Result
from clef.command_line.writing import write_file

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: str, name: str, results: Sequence[Result], seconds: float) -> None:
    """Write the report; raises `click.UsageError` where the file cannot be written."""
    failures = sum(bool(result.problems) for result in results)
    suite = ElementTree.Element(
        "testsuite",
        name=name,
        tests=str(len(results)),
        failures=str(failures),
        skipped=str(sum(bool(result.skipped) for result in results)),
        time=f"{seconds:.3f}",
    )
    for result in results:
        owner, _, short = result.name.rpartition(".")
        is_path = "/" in result.name or not owner
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=name if is_path else owner,
            name=result.name if is_path else short,
            time=f"{result.seconds:.3f}",
        )
        if result.problems:
            failure = ElementTree.SubElement(case, "failure", message=_text(result.problems[0]))
            failure.text = _text("\n".join([result.place, *result.problems]))
        if result.skipped:
            ElementTree.SubElement(case, "skipped", message=_text(result.skipped))
        if result.output:
            ElementTree.SubElement(case, "system-out").text = _text(result.output)
    ElementTree.indent(suite)
    write_file(Path(path), ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
