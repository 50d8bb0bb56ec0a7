"""The server: which request is answered by what."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from vaultsync import __version__
from vaultsync.app.find_vault import find_vault
from vaultsync.core.errors import VaultsyncError
from vaultsync.server import actions, commands, completion, navigation, renaming
from vaultsync.server.addresses import local_path
from vaultsync.server.session import Session

# So many notes are reported before other messages are looked at.
_MANY = 200


class Server(LanguageServer):
    """A server of one vault: the one that is named, else that of the folder the editor opens."""

    session: Session | None = None

    def __init__(self, vault: str | None) -> None:
        """Bind the vault's name."""
        super().__init__("vaultsync", __version__)
        self.vault = vault
        features = self.protocol.fm.builtin_features
        # The session holds the texts: it ends lines where Markdown does, and survives any range.
        for name in _OWN:
            del features[name]

    def begin(self, params: types.InitializeParams) -> None:
        """Find the vault."""
        folders = params.workspace_folders or []
        uri = folders[0].uri if folders else params.root_uri
        start = (local_path(uri) if uri else params.root_path) or str(Path.cwd())
        encoding = self.protocol.workspace.position_encoding or "utf-16"
        try:
            root = find_vault(start, self.vault)
        except VaultsyncError as error:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(error)))
        else:
            self.session = Session(self, root, str(getattr(encoding, "value", encoding)))

    async def load(self) -> None:
        """Read the vault, and show how far that is."""
        session = self.session
        if session is None:
            return
        window = self.client_capabilities.window
        token = "vaultsync"  # noqa: S105 - the name of a progress
        if window and window.work_done_progress:
            await self.work_done_progress.create_async(token)
            self.work_done_progress.begin(token, types.WorkDoneProgressBegin("reading the vault"))
            session.live.progress = lambda done, total: self.work_done_progress.report(
                token, types.WorkDoneProgressReport(percentage=100 * done // max(total, 1))
            )
        session.checked()
        session.live.progress = None
        if window and window.work_done_progress:
            self.work_done_progress.end(token, types.WorkDoneProgressEnd())

    def watch(self) -> None:
        """Subscribe to the client's reports of changed files, if it has them."""
        workspace = self.client_capabilities.workspace
        watching = workspace and workspace.did_change_watched_files
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher("**/*")]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            name = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            params = types.RegistrationParams([types.Registration("files", name, options)])
            self.client_register_capability(params, lambda _: None)


_OWN = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
)


Answer = Callable[[Session, Any], Any]


def _did_open(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    session.open(params.text_document)


def _did_close(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    session.close(params.text_document.uri)


def _did_save(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    session.files_changed([params.text_document.uri])


def _did_change_files(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    session.files_changed(change.uri for change in params.changes)


def _did_rename(session: Session, params: types.RenameFilesParams) -> None:
    session.files_changed(uri for one in params.files for uri in (one.old_uri, one.new_uri))


# What is answered in one go, by the name of the request or notification.
ANSWERS: Mapping[str, Answer] = {
    types.TEXT_DOCUMENT_DID_OPEN: _did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: Session.change,
    types.TEXT_DOCUMENT_DID_CLOSE: _did_close,
    types.TEXT_DOCUMENT_DID_SAVE: _did_save,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: _did_change_files,
    types.TEXT_DOCUMENT_CODE_ACTION: actions.actions,
    types.TEXT_DOCUMENT_COMPLETION: completion.complete,
    types.TEXT_DOCUMENT_DEFINITION: navigation.definition,
    types.TEXT_DOCUMENT_REFERENCES: navigation.references,
    types.TEXT_DOCUMENT_HOVER: navigation.hover,
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: navigation.symbols,
    types.TEXT_DOCUMENT_DOCUMENT_LINK: navigation.document_links,
    types.TEXT_DOCUMENT_FOLDING_RANGE: navigation.folds,
    types.WORKSPACE_SYMBOL: navigation.workspace_symbols,
    types.TEXT_DOCUMENT_PREPARE_RENAME: renaming.prepare,
    types.TEXT_DOCUMENT_RENAME: renaming.rename,
    types.WORKSPACE_WILL_RENAME_FILES: renaming.will_rename,
    types.WORKSPACE_DID_RENAME_FILES: _did_rename,
}
_ALL_FILES = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**"), "file")]
)
OPTIONS: Mapping[str, Any] = {
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(actions.KINDS),
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(completion.TRIGGERS),
    types.TEXT_DOCUMENT_RENAME: types.RenameOptions(prepare_provider=True),
    types.WORKSPACE_WILL_RENAME_FILES: _ALL_FILES,
    types.WORKSPACE_DID_RENAME_FILES: _ALL_FILES,
}


def make_server(vault: str | None) -> Server:
    """Return a server with all that it answers."""
    server = Server(vault)

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.begin(params)

    @server.feature(types.INITIALIZED)
    async def initialized(_params: Any) -> None:
        server.watch()
        await server.load()

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def diagnose_all(_params: Any) -> types.WorkspaceDiagnosticReport:
        return await _whole_report(server.session)

    for method, answer in ANSWERS.items():
        _register(server, method, answer)
    for name in commands.COMMANDS:
        _register_command(server, name)
    return server


def _register(server: Server, method: str, answer: Answer) -> None:
    @server.feature(method, OPTIONS.get(method))
    def handle(params: Any) -> Any:
        return answer(server.session, params) if server.session else None


def _register_command(server: Server, name: str) -> None:
    @server.command(f"{commands.PREFIX}{name}")
    async def handle(*arguments: Any) -> Any:
        return await commands.execute(server.session, name, arguments)


async def _whole_report(session: Session | None) -> types.WorkspaceDiagnosticReport:
    """Return what is found in the whole vault, as it is now."""
    items: list[types.WorkspaceDocumentDiagnosticReport] = []
    checked = None
    if session:
        session.live.expect_changes()
        checked = session.checked()
    if session is None or checked is None:
        return types.WorkspaceDiagnosticReport(items)
    found: dict[str, list[types.Diagnostic]] = {}
    for number, one in enumerate(session.report(checked)):
        found.setdefault(one.path, []).append(session.diagnostic(one, checked))
        if number % _MANY == 0:
            await asyncio.sleep(0)
    for path, ones in found.items():
        opened = session.texts.get(path)
        version = opened.version if opened else None
        uri = session.uri_of(path)
        items.append(types.WorkspaceFullDocumentDiagnosticReport(uri, ones, version=version))
    return types.WorkspaceDiagnosticReport(items)


def serve(vault: str | None) -> None:
    """Answer an editor on standard input and output until it ends."""
    # An error is in the answer or in a message to the user; nobody may read standard error.
    logging.getLogger("pygls").propagate = False
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    server = make_server(vault)
    # The protocol's end closes its stream; what else would print must not be in between.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout, redirect_stdout(sys.stderr):
        server.start_io(stdout=stdout)
