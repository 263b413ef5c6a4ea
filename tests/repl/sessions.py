"""Scripted sessions: what a prompt says to each input."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from clef.diagnostics.look import Look
from clef.repl.conversation import Conversation
from clef.repl.engine import Engine


@contextmanager
def session() -> Generator[Conversation]:
    """A conversation that is ended whatever happens."""
    conversation = Conversation(Engine(), Look())
    try:
        yield conversation
    finally:
        conversation.engine.stop()


def said(conversation: Conversation, text: str) -> str:
    """What is written on standard output; an input with a mistake fails the test."""
    reply = conversation.respond(text)
    assert not reply.is_mistake, reply.errors
    return reply.output


def values(conversation: Conversation, *texts: str) -> list[str]:
    """The answers to inputs, one after the other."""
    return [said(conversation, text).rstrip("\n") for text in texts]
