"""`vaultsync preview`."""

from __future__ import annotations

import gc
import threading
import time
import webbrowser
from collections.abc import Mapping
from types import MappingProxyType

import click
from msgspec.structs import replace

from vaultsync.app.publish.post import make_post
from vaultsync.blocks import counted
from vaultsync.cli.state import State, shown_path
from vaultsync.core.errors import VaultsyncError
from vaultsync.infra import preview_server, worktree
from vaultsync.publish import PAGE
from vaultsync.publish.live_reload import EVENTS, live, news

PORT = 8378
# Seconds between two looks at the files, and at most what part of the time a look may take.
_PAUSE, _SHARE = 0.3, 0.1
# Seconds after which the server sees that it is to end.
_POLL = 0.1
# Seconds in which no file may change before the page is made, and at most to wait for that.
_MOMENT, _PATIENCE = 0.05, 2.0


@click.command(name="preview")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=PORT,
    show_default=True,
    help="The port; the next free one where it is taken, any for 0.",
)
@click.option("--open", "show", is_flag=True, help="Show the page in the browser.")
@click.pass_obj
def command(state: State, port: int, *, show: bool) -> None:
    """Show the page on this machine, made anew whenever a note is saved.

    It reloads itself. Where a note has an error, that is told here and in the page, which stays as
    it was. Ctrl-C ends it.
    """
    root = state.open().root
    with preview_server.listen(port, frozenset({"/", f"/{PAGE}"}), EVENTS) as server:
        serving = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
        try:
            preview = Preview(state, root, server)
            preview.look()
            serving.start()
            click.echo(f"the page is at {server.url}; Ctrl-C ends it")
            if show:
                webbrowser.open(server.url)
            while True:
                time.sleep(preview.pause)
                preview.look()
        except KeyboardInterrupt:
            # It may not have begun yet, and would miss the socket that is about to be closed.
            if serving.is_alive():
                server.shutdown()
            raise SystemExit(0) from None


class Preview:
    """The last good page, and the files that it was made of."""

    def __init__(self, state: State, root: str, server: preview_server.Server) -> None:
        """Nothing is made yet."""
        self.state, self.root, self.server = state, root, server
        self.page: bytes | None = None
        self.pause = _PAUSE
        self._files: Mapping[str, object] | None = None

    def look(self) -> None:
        """Make the page anew if a file was changed, added or taken away."""
        start = time.monotonic()
        files = _files(self.root)
        self.pause = max(_PAUSE, (time.monotonic() - start) / _SHARE)
        if files == self._files:
            return
        if self._files is not None:
            files = _settled(self.root, files)
        changed = self._changed(self._files or files, files)
        self._files = files
        self._make(changed)

    def _changed(self, before: Mapping[str, object], after: Mapping[str, object]) -> str:
        """Return the names of what changed, the first of many."""
        known = before.keys() | after.keys()
        paths = sorted(path for path in known if before.get(path) != after.get(path))
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        return f"{shown_path(self.root, paths[0])}{more}" if paths else ""

    def _make(self, changed: str) -> None:
        start, before = time.monotonic(), self.page
        report, summary = self._made()
        took = f"{time.monotonic() - start:.2f} s"
        click.echo(report, nl=False, err=True, color=self.state.colourful)
        if summary:
            click.echo(summary, err=True)
        elif changed:
            done = "the same page" if self.page == before else "a new page"
            self.state.note(f"{changed}: {done} in {took}")
        # Last, so that whoever sees the page has been told.
        self.server.show(live(self.page), news(self.page, report))
        # A command looks for no garbage by itself, and this one goes on for hours.
        gc.collect()

    def _made(self) -> tuple[str, str]:
        """Make the page; return what is wrong, and where something is, what that means."""
        kept = "the page stays as it was" if self.page is not None else "there is no page yet"
        try:
            post = make_post(replace(self.state, color="never"), self.state.open(), ["html"])
        except VaultsyncError as error:
            return f"error: {error}\n", kept
        if post.errors:
            return post.report, f"{counted(post.errors, 'error')}: {kept}"
        self.page = post.files[PAGE]
        return "", ""


def _files(root: str) -> Mapping[str, object]:
    try:
        return {file.path: (file.state, file.error) for file in worktree.scan(root)}
    except VaultsyncError as error:
        return MappingProxyType({"": str(error)})


def _settled(root: str, files: Mapping[str, object]) -> Mapping[str, object]:
    """Return the files when nobody writes to them any more, or when that has taken too long."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        time.sleep(_MOMENT)
        before, files = files, _files(root)
        if files == before:
            break
    return files
