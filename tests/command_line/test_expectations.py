"""What test programs may say about themselves."""

from __future__ import annotations

from clef.command_line.expectations import differences, read_expectation

TEXT = """let x = 1
//> one
//>
//>  two
//2> oops
//< typed
//@ a "b c"
//! exit 4
    //> not at the beginning of a line
"""


def test_all_marks() -> None:
    found = read_expectation(TEXT)
    assert found.output == "one\n\n two\n"
    assert found.errors == ["oops"] and found.input == "typed\n"
    assert found.arguments == ["a", "b c"] and found.exit_code == 4
    assert found.is_test and not found.mistakes


def test_a_last_line_without_an_end() -> None:
    assert read_expectation("//> a\n//! no newline\n").output == "a"


def test_no_marks_no_test() -> None:
    assert not read_expectation("let x = 1 // > no\n").is_test


def test_mistakes_are_said() -> None:
    found = read_expectation("//! exit soon\n//@ 'a\n")
    assert len(found.mistakes) == 2
    assert len(differences(found, "", "", 0)) == 2


def test_differences() -> None:
    found = read_expectation("//> a\n//> b\n//2> bad\n")
    assert differences(found, "a\nb\n", "too bad", 0) == []
    assert differences(found, "a\nc\n", "bad", 0)[1] == "  expected 'b'"
    assert "ends after line 1" in differences(found, "a\n", "bad", 0)[0]
    assert "more lines" in differences(found, "a\nb\nc\n", "bad", 0)[0]
    assert differences(found, "a\nb\n", "", 3)[0] == "exit code 3 instead of 0"
