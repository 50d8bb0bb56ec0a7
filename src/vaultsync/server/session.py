"""One vault in an editor: its open texts, and the diagnostics that the editor has of it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable

import msgspec
from lsprotocol import types
from pygls.lsp.server import LanguageServer

from vaultsync.app.live import LiveVault
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.lint import engine
from vaultsync.lint.engine import Checked, Diagnostic
from vaultsync.server.addresses import address, vault_path
from vaultsync.server.overview import Overview, Shown, unknown
from vaultsync.server.positions import Positions, clean, positions_of

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "hint": types.DiagnosticSeverity.Hint,
}
# Seconds in which further changes of files are waited for, and of a text that takes long to check.
_PAUSE = 0.1
# A check that takes longer than so many seconds waits for the next key.
_SLOW = 0.2


class OpenText(msgspec.Struct):
    """A text that an editor has open, under the address that the editor gave it."""

    uri: str
    version: int
    text: str


class Session:
    """The vault at `root`, and what a client knows of it. Places are in `encoding`."""

    def __init__(self, server: LanguageServer, root: str, encoding: str) -> None:
        """Bind the values; nothing is read yet."""
        self.server, self.root, self.encoding = server, root, encoding
        self.live = LiveVault(root)
        self.texts: dict[str, OpenText] = {}
        self._paths: dict[str, str] = {}
        # What was published last, by path, and the state that it was made of.
        self._published: dict[str, list[Diagnostic]] = {}
        self._reported: Checked | None = None
        self._due: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._took = 0.0
        # Once it was requested, what differs is sent.
        self._overview: Overview | None = None
        self._is_counted = False
        # Why the vault or its settings cannot be read; "" where they can.
        self.problem = ""

    def path_of(self, uri: str) -> str | None:
        """Return the path in the vault that an address names; None outside of it."""
        return self._paths.get(uri) or vault_path(uri, self.root)

    def uri_of(self, path: str) -> str:
        """Return the address of a file, as the editor gave it where it is open."""
        opened = self.texts.get(path)
        return opened.uri if opened else address(self.root, path)

    def positions(self, document: Document) -> Positions:
        """Return what converts places in a document."""
        return positions_of(document.text, self.encoding)

    def location(self, document: Document, span: Span) -> types.Location:
        """Return a place in a document of the vault."""
        return types.Location(self.uri_of(document.path), self.positions(document).range(span))

    def edits(self, document: Document, edits: Iterable[Edit]) -> list[types.TextEdit]:
        """Return edits of a document."""
        positions = self.positions(document)
        return [positions.edit(edit) for edit in edits]

    def open(self, item: types.TextDocumentItem) -> None:
        """Take in a text that is opened."""
        path = vault_path(item.uri, self.root)
        if path is None:
            return
        self._paths[item.uri] = path
        self.texts[path] = OpenText(item.uri, item.version, clean(item.text))
        self._write(path)

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Take in changes of a text, in the order in which they come."""
        path = self._paths.get(params.text_document.uri)
        opened = self.texts.get(path) if path else None
        if path is None or opened is None:
            return
        for change in params.content_changes:
            new = clean(change.text)
            if isinstance(change, types.TextDocumentContentChangePartial):
                span = positions_of(opened.text, self.encoding).span(change.range)
                new = f"{opened.text[: span.start]}{new}{opened.text[span.end :]}"
            opened.text = new
        opened.version = params.text_document.version
        self._write(path)

    def close(self, uri: str) -> None:
        """Forget a text that is closed; the file counts again."""
        path = self._paths.pop(uri, None)
        if path and self.texts.pop(path, None):
            self.live.drop(path)
            self._later()

    def files_changed(self, uris: Iterable[str]) -> None:
        """Look at the files soon, if others changed than those that are open."""
        if {self.path_of(uri) for uri in uris} - self.texts.keys():
            self.live.expect_changes()
            self._later(_PAUSE)

    def checked(self) -> Checked | None:
        """Return the state of now, once its diagnostics are published.

        None where the vault cannot be read, which is shown to the user.
        """
        if self._timer:
            self._timer.cancel()
            self._timer = None
        start = asyncio.get_running_loop().time()
        try:
            checked = self._checked()
        except VaultsyncError as error:
            self._show(str(error))
            return None
        self._show(self.live.problem)
        if self._is_counted and self._overview is None:
            self._overview = Overview(checked)
        if self._overview and self._overview.is_news(self.problem):
            shown = self._overview.shown(checked, self.problem)
            self.server.protocol.notify("vaultsync/overview", shown)
        self._took = asyncio.get_running_loop().time() - start
        return checked

    def document(self, uri: str) -> tuple[Checked, Document] | None:
        """Return the state of now with the document at an address; None where there is none."""
        path, checked = self.path_of(uri), self.checked()
        document = checked and path and checked.context.document(path)
        return (checked, document) if checked and document else None

    def report(self, checked: Checked, paths: Iterable[str] | None = None) -> list[Diagnostic]:
        """Return what is found in files, as on the command line."""
        chosen = None if paths is None else set(paths)
        found = engine.report(checked, chosen)
        return [engine.with_suggestion(one, checked.context) for one in found]

    def diagnostic(self, one: Diagnostic, checked: Checked) -> types.Diagnostic:
        """Return a finding as the protocol has it."""
        context = checked.context
        document = context.document(one.path)
        related = [(context.document(place.path), place) for place in one.related]
        return types.Diagnostic(
            self.positions(document or _EMPTY).range(one.span),
            engine.explained(one),
            _SEVERITIES[one.severity],
            one.code,
            source="vaultsync",
            related_information=[
                types.DiagnosticRelatedInformation(
                    self.location(found, place.span)
                    if found and place.span.end
                    else types.Location(self.uri_of(place.path), START),
                    place.message,
                )
                for found, place in related
            ]
            or None,
            data={"name": one.name, "isFixable": bool(one.fix and one.fix.safe)},
        )

    def _write(self, path: str) -> None:
        self._due.add(path)
        try:
            if self.live.holds(path):
                self.live.write(path, self.texts[path].text)
        except VaultsyncError as error:
            self._show(str(error))
        self._later(_PAUSE if self._took > _SLOW else 0)

    def _later(self, pause: float = 0) -> None:
        if self._timer is None or pause:
            if self._timer:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(pause, self.checked)

    def _checked(self) -> Checked:
        try:
            checked = self.live.check()
            self._publish(checked)
        except VaultsyncError:
            # A file may have changed after it was listed.
            self.live.expect_changes()
            checked = self.live.check()
            self._publish(checked)
        return checked

    def _publish(self, checked: Checked) -> None:
        """Publish what is found in the open texts, and in files where it is another than before."""
        before = self._reported
        if checked is before and not self._due:
            return
        touched = set() if before is None else _differing(before, checked)
        paths = self.texts.keys() | touched | self._published.keys() | self._due
        found: dict[str, list[Diagnostic]] = {path: [] for path in paths}
        for one in self.report(checked, paths):
            found[one.path].append(one)
        for path, diagnostics in found.items():
            if path in self._due or path in touched or diagnostics != self._published.get(path):
                self._send(path, diagnostics, checked)
        self._published = {path: ones for path, ones in found.items() if ones}
        self._reported, self._due = checked, set()
        if self._overview:
            self._overview.take(found, checked)
        if not self.live.is_kept:
            asyncio.get_running_loop().call_later(_PAUSE, self._settle)

    def _send(self, path: str, found: list[Diagnostic], checked: Checked) -> None:
        opened = self.texts.get(path)
        self.server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                self.uri_of(path),
                [self.diagnostic(one, checked) for one in found],
                opened.version if opened else None,
            )
        )

    def overview(self) -> Shown:
        """Return how much is found in the whole vault."""
        self._is_counted, checked = True, self.checked()
        if checked is None:
            return unknown(self.problem)
        self._overview = Overview(checked)
        return self._overview.shown(checked, self.problem)

    def _settle(self) -> None:
        """Do what can wait until the first diagnostics are there."""
        if self.live.is_kept:
            return
        self.live.keep()
        # What the server holds now is needed for long, and is not looked at for garbage.
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        gc.enable()

    def _show(self, message: str) -> None:
        if message and message != self.problem:
            kind = types.MessageType.Error
            self.server.window_show_message(types.ShowMessageParams(kind, message))
        self.problem = message


START = types.Range(types.Position(0, 0), types.Position(0, 0))
_EMPTY = Document("", "note", "")


def _differing(before: Checked, checked: Checked) -> set[str]:
    """Return the paths with other results than before."""
    old, new = before.results, checked.results
    found = {path for path, result in new.items() if old.get(path) is not result}
    found |= old.keys() - new.keys()
    return {path for path in found if before.result(path) != checked.result(path)}
