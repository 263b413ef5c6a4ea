"""Inputs from a pipe, or from a terminal without further packages.

Comes in: lines. Goes out: complete inputs, one after the other. Promises: a line that continues the
input before it belongs to it, whatever the input looks like without it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

from clef.repl.conversation import Conversation
from clef.repl.inputs import is_complete


def inputs_of(lines: Iterable[str]) -> Iterator[str]:
    """The inputs that lines make up, where the line after each is known."""
    text = ""
    for line in lines:
        if text.strip() and is_complete(text, line):
            yield text
            text = ""
        if text.strip() or line.strip():
            text += line
    if text.strip():
        yield text


def talk_in_lines(conversation: Conversation, stream: TextIO, is_quiet: bool) -> int:
    """Answer what comes from a pipe; the exit code is 1 when an input had errors."""
    code = 0
    for text in inputs_of(stream):
        ended, is_mistake = say(conversation, text, is_quiet)
        code = 1 if is_mistake else code
        if ended is not None:
            return ended
    return code


def talk_at_terminal(conversation: Conversation) -> int:
    """A plain prompt: no colours, no completion."""
    text = ""
    while True:
        try:
            text += input("> " if not text else "- ") + "\n"
        except EOFError:
            print()
            return 0
        except KeyboardInterrupt:
            print()
            text = ""
            continue
        if is_complete(text.removesuffix("\n")):
            ended, _ = say(conversation, text, False)
            text = ""
            if ended is not None:
                return ended


def say(conversation: Conversation, text: str, is_quiet: bool) -> tuple[int | None, bool]:
    """Write the answer to an input; the exit code when the session ends, and whether there was a
    mistake.
    """
    reply = conversation.respond(text)
    if reply.errors:
        sys.stderr.write(reply.errors)
        sys.stderr.flush()
    if reply.output and not is_quiet:
        sys.stdout.write(reply.output)
    sys.stdout.flush()
    return reply.ends, reply.is_mistake
