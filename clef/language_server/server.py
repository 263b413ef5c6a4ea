"""The server: protocol requests in, answers out.

Comes in: an editor on standard input and output. Goes out: answers and diagnostics. Promises:
requests run beside the reading of further messages; diagnostics follow shortly after the last
keystroke; what goes wrong in an answer is logged and answered with nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from clef import __version__
from clef.diagnostics.arrangement import has_errors
from clef.language_server import (
    call_hierarchy,
    code_actions,
    completion,
    formatting,
    hints,
    hover,
    navigation,
    placement,
    signature_help,
    structure,
    symbols,
)
from clef.language_server.messages import messages
from clef.language_server.positions import to_offset, to_range
from clef.language_server.uris import to_path, to_uri
from clef.language_server.workspace import View, Workspace
from clef.source import SourceFile

PAUSE = 0.15
"""Seconds without a keystroke after which diagnostics are sent at the latest."""

_log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Positioned = lsp.TextDocumentPositionParams


class ClefServer(LanguageServer):
    """The server with its documents and projects."""

    def __init__(self) -> None:
        super().__init__("clef", __version__)  # pyright: ignore[reportUnknownMemberType]
        self.documents = Workspace()
        self.placement = placement.Placement()
        self._pending: dict[str, asyncio.Task[None]] = {}
        self._effort: dict[str, float] = {}
        self._explaining: dict[str, asyncio.Task[None]] = {}

    async def ask(
        self, uri: str, question: Callable[[View], Answer], otherwise: Answer, wait: bool = True
    ) -> Answer:
        """Answer from the analysis of a document's project, on a thread of its own."""
        path = to_path(uri)
        try:
            return await asyncio.to_thread(self.documents.ask, path, question, otherwise, wait)
        except JsonRpcInvalidParams:
            raise
        except Exception:
            _log.exception("no answer about %s", path)
            return otherwise

    def now(self, uri: str) -> SourceFile:
        """The present text of a document."""
        path = to_path(uri)
        text = self.documents.text(path)
        return SourceFile(path, text if text is not None else "")

    def changed(self, uri: str) -> None:
        """Take over a document's text and look at it soon."""
        document = self.workspace.get_text_document(uri)
        self.documents.change(to_path(uri), document.version or 0, document.source)
        self.look_soon(uri)

    def look_soon(self, uri: str) -> None:
        """Send diagnostics unless another keystroke comes first."""
        pending = self._pending.pop(uri, None)
        if pending is not None:
            pending.cancel()
        self._pending[uri] = asyncio.ensure_future(self._look(uri))

    async def _look(self, uri: str) -> None:
        """Wait as long as looking took the last time, so that it takes half of the time at most
        while someone types."""
        await asyncio.sleep(min(self._effort.get(uri, 0.0), PAUSE))
        started = time.monotonic()
        nothing: dict[str, list[lsp.Diagnostic]] = {}
        found = await self.ask(uri, self._messages, nothing)
        self._effort[uri] = time.monotonic() - started
        for path, messages_ in found.items():
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(to_uri(path), messages_)
            )

    def explain_soon(self, uri: str) -> None:
        """Find out what a saved program does with memory, unless it is being found out."""
        running = self._explaining.get(uri)
        if running is None or running.done():
            self._explaining[uri] = asyncio.ensure_future(self._explain(uri))

    async def _explain(self, uri: str) -> None:
        await asyncio.sleep(PAUSE)
        is_whole = await self.ask(uri, lambda v: not has_errors(v.file.diagnostics), False)
        text = self.documents.text(to_path(uri))
        if not is_whole or text is None:
            return
        report = await asyncio.to_thread(placement.report_of, SourceFile(to_path(uri), text))
        if report is None:
            return
        has_news = await self.ask(uri, lambda v: self.placement.take(v.file, text, report), False)
        workspace = self.client_capabilities.workspace
        if has_news and workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            await self.workspace_code_lens_refresh_async(None)

    def _messages(self, view: View) -> dict[str, list[lsp.Diagnostic]]:
        """The messages about every open document of the project: an edit can break others."""
        files = view.project.files
        opened = [path for path in self.documents.opened() if path in files]
        return {path: messages(view.project, files[path]) for path in opened}


def create() -> ClefServer:
    """A server with all its features."""
    server = ClefServer()
    _documents(server)
    _looking(server)
    _navigation(server)
    _hierarchy(server)
    _structure(server)
    _writing(server)
    _formatting(server)
    return server


def _documents(server: ClefServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:  # pyright: ignore
        server.changed(params.text_document.uri)
        server.explain_soon(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:  # pyright: ignore
        server.changed(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:  # pyright: ignore
        server.look_soon(params.text_document.uri)
        server.explain_soon(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:  # pyright: ignore
        uri = params.text_document.uri
        server.documents.close(to_path(uri))
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: lsp.DidChangeWatchedFilesParams) -> None:  # pyright: ignore
        if any(change.uri.endswith(".fidproj") for change in params.changes):
            server.documents.forget_projects()
        for path in server.documents.opened():
            server.look_soon(to_uri(path))


def _looking(server: ClefServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hovered(params: Positioned) -> lsp.Hover | None:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: hover.hover(
                v.project,
                v.file,
                server.placement,
                lambda: v.analyser.program(v.project),
                _offset(v, params.position),
            ),
            None,
        )

    @server.feature(lsp.TEXT_DOCUMENT_SIGNATURE_HELP, lsp.SignatureHelpOptions(["(", ",", " "]))
    async def signatures(params: Positioned) -> lsp.SignatureHelp | None:  # pyright: ignore
        uri = params.text_document.uri
        now = server.now(uri)
        offset = to_offset(now, params.position)
        return await server.ask(
            uri,
            lambda v: signature_help.signature_help(v.analyser, v.project, v.file, now, offset),
            None,
            wait=False,
        )

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlighted(params: Positioned) -> list[lsp.DocumentHighlight]:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: navigation.highlights(v.file, _offset(v, params.position)),
            [],
        )

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    async def hinted(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: hints.inlay_hints(v.file, *_offsets(v, params.range)),
            [],
        )

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    async def lenses(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: hints.code_lenses(
                v.project, v.file, server.placement, v.analyser.program(v.project)
            ),
            [],
        )


def _navigation(server: ClefServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: Positioned) -> lsp.Location | None:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: navigation.definition(v.project, v.file, _offset(v, params.position)),
            None,
        )

    @server.feature(lsp.TEXT_DOCUMENT_TYPE_DEFINITION)
    async def type_definition(params: Positioned) -> lsp.Location | None:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: navigation.type_definition(v.project, v.file, _offset(v, params.position)),
            None,
        )

    @server.feature(lsp.TEXT_DOCUMENT_IMPLEMENTATION)
    async def implementation(params: Positioned) -> list[lsp.Location]:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: navigation.implementations(v.project, v.file, _offset(v, params.position)),
            [],
        )

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    async def references(params: lsp.ReferenceParams) -> list[lsp.Location]:  # pyright: ignore
        with_declaration = params.context.include_declaration
        return await server.ask(
            params.text_document.uri,
            lambda v: navigation.references(
                v.project, v.file, _offset(v, params.position), with_declaration
            ),
            [],
        )

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepared(params: Positioned) -> lsp.Range | None:  # pyright: ignore
        def place(v: View) -> lsp.Range:
            found = navigation.renamed(v.project, v.file, _offset(v, params.position))
            return to_range(v.file.source, found.span)

        return await server.ask(params.text_document.uri, _refusable(place), None)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    async def renamed(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:  # pyright: ignore
        def edits(v: View) -> lsp.WorkspaceEdit:
            offset = _offset(v, params.position)
            return navigation.rename(v.project, v.file, offset, params.new_name)

        return await server.ask(params.text_document.uri, _refusable(edits), None)


def _refusable(question: Callable[[View], Answer]) -> Callable[[View], Answer | None]:
    """A rename that is refused tells the user why."""

    def asked(view: View) -> Answer | None:
        try:
            return question(view)
        except navigation.CannotRename as reason:
            raise JsonRpcInvalidParams(str(reason)) from reason

    return asked


def _hierarchy(server: ClefServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)
    async def prepared(params: Positioned) -> list[lsp.CallHierarchyItem]:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: call_hierarchy.prepare(v.project, v.file, _offset(v, params.position)),
            [],
        )

    @server.feature(lsp.CALL_HIERARCHY_INCOMING_CALLS)
    async def callers(  # pyright: ignore
        params: lsp.CallHierarchyIncomingCallsParams,
    ) -> list[lsp.CallHierarchyIncomingCall]:
        return await server.ask(
            params.item.uri, lambda v: call_hierarchy.incoming(v.project, params.item), []
        )

    @server.feature(lsp.CALL_HIERARCHY_OUTGOING_CALLS)
    async def callees(  # pyright: ignore
        params: lsp.CallHierarchyOutgoingCallsParams,
    ) -> list[lsp.CallHierarchyOutgoingCall]:
        return await server.ask(
            params.item.uri, lambda v: call_hierarchy.outgoing(v.project, params.item), []
        )


def _structure(server: ClefServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outline(  # pyright: ignore
        params: lsp.DocumentSymbolParams,
    ) -> list[lsp.DocumentSymbol]:
        return await server.ask(
            params.text_document.uri, lambda v: symbols.document_symbols(v.file), []
        )

    @server.feature(lsp.WORKSPACE_SYMBOL)
    async def found(params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:  # pyright: ignore
        found = await asyncio.to_thread(
            server.documents.ask_all, lambda p: symbols.workspace_symbols(p, params.query)
        )
        return [symbol for one in found for symbol in one]

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    async def folded(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:  # pyright: ignore
        return await server.ask(params.text_document.uri, lambda v: structure.folding(v.file), [])

    @server.feature(lsp.TEXT_DOCUMENT_SELECTION_RANGE)
    async def grown(params: lsp.SelectionRangeParams) -> list[lsp.SelectionRange]:  # pyright: ignore
        return await server.ask(
            params.text_document.uri, lambda v: structure.selections(v.file, params.positions), []
        )

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, structure.LEGEND)
    async def coloured(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:  # pyright: ignore
        nothing: list[int] = []
        found = await server.ask(
            params.text_document.uri, lambda v: structure.semantic_tokens(v.file), nothing
        )
        return lsp.SemanticTokens(found)

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, structure.LEGEND)
    async def coloured_part(  # pyright: ignore
        params: lsp.SemanticTokensRangeParams,
    ) -> lsp.SemanticTokens:
        nothing: list[int] = []
        found = await server.ask(
            params.text_document.uri,
            lambda v: structure.semantic_tokens(v.file, *_offsets(v, params.range)),
            nothing,
        )
        return lsp.SemanticTokens(found)


def _writing(server: ClefServer) -> None:
    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION,
        lsp.CompletionOptions(trigger_characters=["."], resolve_provider=True),
    )
    async def completed(params: lsp.CompletionParams) -> lsp.CompletionList:  # pyright: ignore
        uri = params.text_document.uri
        now = server.now(uri)
        offset = to_offset(now, params.position)
        nothing: list[lsp.CompletionItem] = []
        items = await server.ask(
            uri,
            lambda v: completion.completions(v.analyser, v.project, v.file, now, offset),
            nothing,
            wait=False,
        )
        return lsp.CompletionList(is_incomplete=len(items) >= completion.LIMIT, items=items)

    @server.feature(lsp.COMPLETION_ITEM_RESOLVE)
    async def resolved(item: lsp.CompletionItem) -> lsp.CompletionItem:  # pyright: ignore
        uri = to_uri(completion.remembered(item).get("path", ""))
        return await server.ask(
            uri, lambda v: completion.details(v.project, item), item, wait=False
        )

    kinds = [lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.RefactorRewrite]

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=kinds))
    async def mended(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:  # pyright: ignore
        return await server.ask(
            params.text_document.uri,
            lambda v: code_actions.code_actions(v.project, v.file, *_offsets(v, params.range)),
            [],
        )


def _formatting(server: ClefServer) -> None:
    async def answer(question: Callable[[], list[lsp.TextEdit]]) -> list[lsp.TextEdit]:
        try:
            return await asyncio.to_thread(question)
        except Exception:
            _log.exception("not formatted")
            return []

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    async def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:  # pyright: ignore
        now = server.now(params.text_document.uri)
        return await answer(lambda: formatting.formatted(now, params.options))

    @server.feature(lsp.TEXT_DOCUMENT_RANGE_FORMATTING)
    async def formatted_part(  # pyright: ignore
        params: lsp.DocumentRangeFormattingParams,
    ) -> list[lsp.TextEdit]:
        now = server.now(params.text_document.uri)
        return await answer(lambda: formatting.formatted_part(now, params.range, params.options))


def _offset(view: View, position: lsp.Position) -> int:
    return to_offset(view.file.source, position)


def _offsets(view: View, range_: lsp.Range) -> tuple[int, int]:
    return _offset(view, range_.start), _offset(view, range_.end)
