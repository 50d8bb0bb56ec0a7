"""`vaultsync preview`."""

from __future__ import annotations

import gc
import signal
import threading
import time
import webbrowser
from collections.abc import Mapping
from contextlib import closing

import click
from msgspec.structs import replace

from vaultsync.app.publish import make_post
from vaultsync.blocks.context import format_count
from vaultsync.cli.main import State, error_text
from vaultsync.cli.publish import error_report
from vaultsync.cli.shared import shown_path
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.memo import Memo
from vaultsync.infra import preview_server, workers, worktree
from vaultsync.publish import PAGE
from vaultsync.publish.live_reload import EVENTS, live_page, update_message

PORT = 8378
# Seconds between two looks at the files, and at most what part of the time a look may take.
_PAUSE, _SHARE = 0.2, 0.1
# Seconds between two looks of the server whether it is to end.
_POLL = 0.1
# Seconds in which no file may change before the page is made, and at most to wait for that.
_MOMENT, _PATIENCE = 0.05, 2.0

# The state of each file by path. A folder that cannot be read has the path "".
Files = Mapping[str, object]


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
    """Show the page on this machine, and make it again whenever a note is saved.

    It reloads itself. An error in a note is shown here and in the page, which stays as it was.
    Ctrl-C ends it.
    """
    root = state.open().root
    # Here it is the way to end the command, and no interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
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
            raise SystemExit(0) from None
        finally:
            # A thread that has not started yet would use the socket after it is closed.
            if serving.is_alive():
                server.shutdown()


class Preview:
    """The last good page, and the files that it was made of."""

    def __init__(self, state: State, root: str, server: preview_server.Server) -> None:
        """Bind the values; nothing is made yet."""
        self.state, self.root, self.server = state, root, server
        self.page: bytes | None = None
        self.pause = _PAUSE
        self.memo = Memo(workers.shared)
        self._files: Files | None = None

    def look(self) -> None:
        """Make the page again if a file was changed, added or removed."""
        start = time.monotonic()
        files = list_files(self.root)
        self.pause = max(_PAUSE, (time.monotonic() - start) / _SHARE)
        if files == self._files:
            return
        if self._files is not None:
            files = wait_until_settled(self.root, files)
        paths = changed_paths(self._files or files, files)
        self._files = files
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        self._make(f"{shown_path(self.root, paths[0])}{more}" if paths else "")

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
        # Last, so that the message is printed before anybody sees the page.
        self.server.show(live_page(self.page), update_message(self.page, report))
        # Garbage collection is off in a command, and this one runs for hours.
        gc.collect()

    def _made(self) -> tuple[str, str]:
        """Make the page; return the errors and a summary of them, both "" where it is made."""
        kept = "the page stays as it was" if self.page is not None else "there is no page yet"
        try:
            with closing(self.state.open(former=self.memo)) as workspace:
                post = make_post(workspace, ["html"])
        except VaultsyncError as error:
            return f"{error_text(error)}\n", kept
        if post.error_count:
            report = error_report(replace(self.state, colourful=False), self.root, post)
            return report, f"{format_count(post.error_count, 'error')}: {kept}"
        self.page = post.files[PAGE]
        return "", ""


def list_files(root: str) -> Files:
    """Return the files of a vault."""
    try:
        return {file.path: (file.state, file.error) for file in worktree.scan(root)}
    except VaultsyncError as error:
        return {"": str(error)}


def wait_until_settled(root: str, files: Files) -> Files:
    """Return the files once they stop changing, or after a while if they do not stop."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        time.sleep(_MOMENT)
        before, files = files, list_files(root)
        if files == before:
            break
    return files


def changed_paths(before: Files, after: Files) -> list[str]:
    """Return the paths of files that were added, changed or removed, sorted."""
    known = before.keys() | after.keys()
    return sorted(path for path in known if before.get(path) != after.get(path))
