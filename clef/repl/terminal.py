"""The prompt at a terminal: several lines, colours, completion, history.

Comes in: keys. Goes out: complete inputs for a conversation. Promises: Enter ends an input where
its layout says so, else it begins a line with the indentation that is likely; what is typed is
coloured by the compiler's own tokenizer; Ctrl-C forgets what is typed and never ends the session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

from clef.repl.analysis import suggestions
from clef.repl.conversation import Conversation
from clef.repl.inputs import is_complete
from clef.repl.lines import say
from clef.syntax.colours import coloured

STYLE = Style.from_dict(
    {
        "keyword": "ansiblue bold",
        "string": "ansigreen",
        "number": "ansimagenta",
        "type": "ansicyan",
        "comment": "ansibrightblack italic",
        "directive": "ansiyellow",
        "prompt": "ansibrightblack",
    }
)
_OPENS = re.compile(r"(?:=|->|\bthen|\belse|\bdo|\bwith|\btry|\bof|[(\[{])\s*$")


class _Colours(Lexer):
    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """See `Lexer`."""
        lines: list[StyleAndTextTuples] = [[]]
        for name, part in coloured(document.text):
            style = f"class:{name}" if name else ""
            for index, piece in enumerate(part.split("\n")):
                if index:
                    lines.append([])
                lines[-1].append((style, piece))

        def line(number: int) -> StyleAndTextTuples:
            return lines[number] if number < len(lines) else []

        return line


class _Completions(Completer):
    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """See `Completer`."""
        names = self._conversation.engine.names
        for one in suggestions(names, document.text, document.cursor_position):
            yield Completion(one.text, -one.length, display_meta=one.detail[:60])


def indentation_after(line: str) -> str:
    """How far the next line is likely to be indented."""
    own = line[: len(line) - len(line.lstrip())]
    return own + "    " if _OPENS.search(line) else own


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        document = buffer.document
        at_end = not document.text_after_cursor.strip()
        if at_end and is_complete(_with_empty_lines(document.text)):
            buffer.validate_and_handle()
            return
        buffer.insert_text("\n" + indentation_after(document.current_line_before_cursor))

    @keys.add("escape", "enter")
    def end(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    return keys


def _with_empty_lines(text: str) -> str:
    """The text without the indentation of empty lines at its end."""
    stripped = text.rstrip()
    return stripped + "\n" * text.count("\n", len(stripped))


def talk(conversation: Conversation, history: str | None) -> int:
    """Ask and answer until the session ends; gives its exit code."""
    session: PromptSession[str] = PromptSession(
        message=[("class:prompt", "> ")],
        multiline=True,
        prompt_continuation=lambda width, number, wrapped: [("class:prompt", "- ")],
        lexer=_Colours(),
        completer=_Completions(conversation),
        complete_while_typing=False,
        history=FileHistory(history) if history else InMemoryHistory(),
        key_bindings=_keys(),
        style=STYLE,
        enable_open_in_editor=False,
    )
    while True:
        try:
            text = session.prompt()
        except EOFError:
            return 0
        except KeyboardInterrupt:
            continue
        ended, _ = say(conversation, text, False)
        if ended is not None:
            return ended
