"""The command `clef repl`: which kind of prompt, and how it begins and ends.

Comes in: what the user chose. Goes out: the exit code. Promises: with a pipe nothing is asked;
without the package for terminals there is still a prompt; the runner's process never outlives the
session.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import clef
from clef.command_line.settings import Settings
from clef.data_classes import dataclass
from clef.repl.conversation import Conversation, look_of_terminal
from clef.repl.engine import Engine
from clef.repl.lines import say, talk_at_terminal, talk_in_lines


@dataclass(frozen=True, slots=True)
class Choice:
    """What to load, what to run, and what kind of prompt."""

    files: tuple[str, ...]
    texts: tuple[str, ...]
    plain: bool
    keeps_history: bool


def converse(choice: Choice, settings: Settings) -> int:
    """The whole session."""
    from clef.backends import start_code_generator

    start_code_generator()
    style = settings.message_format if settings.message_format in ("short", "json") else "human"
    conversation = Conversation(Engine(), look_of_terminal(settings.color), style)
    try:
        return _converse(choice, settings, conversation)
    finally:
        conversation.engine.stop()


def _converse(choice: Choice, settings: Settings, conversation: Conversation) -> int:
    is_quiet = settings.verbosity < 0
    code = 0
    begin = [*(f'#load "{file}"' for file in choice.files), *choice.texts]
    for text in begin:
        ended, is_mistake = say(conversation, text, is_quiet)
        code = 1 if is_mistake else code
        if ended is not None:
            return ended
    if choice.texts:
        return code
    if not sys.stdin.isatty():
        return max(code, talk_in_lines(conversation, sys.stdin, is_quiet))
    if not is_quiet:
        print(f"Clef {clef.__version__}. #help tells what there is, #quit ends the session.")
    return _talk(choice, conversation)


def _talk(choice: Choice, conversation: Conversation) -> int:
    if choice.plain or os.environ.get("TERM") == "dumb":
        return talk_at_terminal(conversation)
    try:
        from clef.repl.terminal import talk
    except ImportError:
        print("(pip install 'clef-lang[repl]' gives completion, colours and history)")
        return talk_at_terminal(conversation)
    return talk(conversation, _history() if choice.keeps_history else None)


def _history() -> str | None:
    from platformdirs import user_state_path

    try:
        folder = Path(user_state_path("clef"))
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return str(folder / "history")
