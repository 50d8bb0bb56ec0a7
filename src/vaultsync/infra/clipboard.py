"""The system's clipboard, by the programs that reach it on each system."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from subprocess import DEVNULL

import msgspec

from vaultsync.core.errors import VaultsyncError

_PATIENCE = 20.0


class NotCopied(VaultsyncError):  # noqa: N818 - the name is the message
    """The clipboard could not be reached; the message names what to install."""


class Tool(msgspec.Struct, frozen=True):
    """A program: its commands for text and, where it knows it, for HTML; each reads its input."""

    name: str
    text: str
    html: str = ""


_WAYLAND = (Tool("wl-copy", "wl-copy --type text/plain", "wl-copy --type text/html"),)
_X11 = (
    Tool("xclip", "xclip -selection clipboard", "xclip -selection clipboard -t text/html"),
    Tool("xsel", "xsel --clipboard --input"),
)
# Its input for HTML is a program that copies, not the HTML itself.
_MAC = (Tool("osascript", "pbcopy", "osascript -"),)
# It reads its input as text; HTML has references in place of characters outside ASCII.
_POWERSHELL = (
    "powershell.exe -NoProfile -NonInteractive -Command "
    "'[Console]::InputEncoding = [Text.UTF8Encoding]::new(); "
    "Set-Clipboard {flag}-Value ([Console]::In.ReadToEnd())'"
)
_WINDOWS = (
    Tool("powershell.exe", _POWERSHELL.format(flag=""), _POWERSHELL.format(flag="-AsHtml ")),
)


def copy(text: str, html: str = "") -> str:
    """Put a text on the clipboard, or HTML with it as the plain form where the program can.

    Returns the name of the program that did it. Raises `NotCopied` where none can.
    """
    tool = _tool(_tools(sys.platform), html=bool(html))
    if not html:
        data = text.encode()
    elif tool in _MAC:
        data = _apple_script(text, html)
    else:
        # The encoding of ASCII is never guessed wrong.
        data = html.encode("ascii", "xmlcharrefreplace")
    _run(shlex.split(tool.html if html else tool.text), data)
    return tool.name


def _tool(known: tuple[Tool, ...], *, html: bool) -> Tool:
    able = [tool for tool in known if tool.html or not html]
    for tool in able:
        if shutil.which((tool.html if html else tool.text).split()[0]):
            return tool
    unable = "".join(f"; {tool.name} takes no HTML" for tool in known if shutil.which(tool.name))
    names, what = " or ".join(tool.name for tool in able), "HTML" if html else "text"
    raise NotCopied(f"no program that copies {what} is there: install {names}{unable}")


def _tools(platform: str) -> tuple[Tool, ...]:
    if platform == "darwin":
        return _MAC
    if platform == "win32":
        return _WINDOWS
    wayland = _WAYLAND if os.environ.get("WAYLAND_DISPLAY") else ()
    tools = wayland + (_X11 if os.environ.get("DISPLAY") else ())
    if not tools:
        message = "there is no clipboard here: neither WAYLAND_DISPLAY nor DISPLAY names a screen"
        raise NotCopied(message)
    return tools


def _apple_script(text: str, html: str) -> bytes:
    forms = {"HTML": html, "utf8": text}.items()
    data = (f"\u00abclass {k}\u00bb:\u00abdata {k}{form.encode().hex()}\u00bb" for k, form in forms)
    return f"set the clipboard to {{{', '.join(data)}}}\n".encode()


def _run(command: list[str], data: bytes) -> None:
    # Some of them keep running to serve the clipboard: a pipe to them would never end.
    with tempfile.TemporaryFile() as errors:
        try:
            done = subprocess.run(  # noqa: S603 - of the table above
                command, input=data, stdout=DEVNULL, stderr=errors, timeout=_PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotCopied(f"{command[0]}: {error}") from None
        errors.seek(0)
        message = errors.read().decode("utf-8", "replace").strip()
    if done.returncode:
        raise NotCopied(f"{command[0]}: {message or f'it ended with {done.returncode}'}")
