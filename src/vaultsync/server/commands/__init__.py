"""The commands of `workspace/executeCommand`: what an editor needs that the protocol lacks.

Each has one object as its argument, and returns JSON.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from vaultsync.core.errors import VaultError, VaultsyncError
from vaultsync.server.commands import reading, related, writing
from vaultsync.server.commands.moved import Moved, moved
from vaultsync.server.commands.shared import Arguments, OfNote
from vaultsync.server.session import Session

PREFIX = "vaultsync."


class Command(NamedTuple):
    """What a command is called with, and what answers it."""

    arguments: type[Arguments]
    answer: Callable[[Session, Any], Any]


COMMANDS: Mapping[str, Command] = {
    "note": Command(OfNote, reading.note),
    "notes": Command(reading.Notes, reading.notes),
    "overview": Command(Arguments, reading.overview),
    "questions": Command(OfNote, reading.questions),
    "related": Command(related.Related, related.related),
    "roles": Command(OfNote, reading.roles),
    "types": Command(Arguments, reading.types),
    "answer": Command(writing.Answer, writing.answer),
    "create": Command(writing.Create, writing.create),
    "dismiss": Command(related.Dismiss, related.dismiss),
    "fixAll": Command(writing.FixAll, writing.fix_all),
    "link": Command(writing.Link, writing.link),
    "moved": Command(Moved, moved),
    "relate": Command(writing.Relate, writing.relate),
    "source": Command(writing.AddSource, writing.source),
}


async def execute(session: Session | None, name: str, arguments: tuple[Any, ...]) -> Any:
    """Return the answer of a command; raise the error of the protocol where there is none."""
    command = COMMANDS[name]
    try:
        if session is None:
            raise VaultError("there is no vault here: open a folder that is one")
        answer = command.answer(session, msgspec.convert(_only(arguments), command.arguments))
        return await answer if inspect.isawaitable(answer) else answer
    except msgspec.ValidationError as error:
        code = types.ErrorCodes.InvalidParams.value
        raise JsonRpcException(f"{PREFIX}{name}: {error}", code) from None
    except VaultsyncError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value) from None


def _only(arguments: tuple[Any, ...]) -> Any:
    if len(arguments) > 1:
        raise msgspec.ValidationError("Expected one `object`")
    return arguments[0] if arguments else {}
