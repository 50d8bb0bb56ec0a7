"""What can be said of a note by itself: it is asked once for each text, and can be kept."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

import msgspec

from vaultsync.core.model import Document, Vault
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Finding, Rule


class Alone(msgspec.Struct, frozen=True, array_like=True):
    """What rules find that look at one note alone, by code, and the codes of others with a clue.

    A rule that looks for clues, and has none in this text, finds nothing there.
    """

    findings: tuple[tuple[str, Finding], ...] = ()
    clues: tuple[str, ...] = ()


_NOTHING = Alone()
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Alone)


def looks_at_one(rule: Rule) -> bool:
    """Whether a note's path, its text and the settings decide all that a rule finds there."""
    needs = rule.names or rule.git or rule.settings or rule.last or rule.history
    return rule.reach == "note" and not needs


def asking(rules: Iterable[Rule], context: Context) -> Callable[[Document], bytes | None]:
    """Return what asks rules of a document. Of the context only the settings count.

    The answer is b"" where there is nothing to tell, and None where it cannot be kept: a fix names
    the file, and the name need not be UTF-8.
    """
    several = tuple(rules)
    single = [rule for rule in several if looks_at_one(rule)]
    guided = [(rule.code, rule.clue) for rule in several if rule.clue]
    settings = context.renewed(Vault({}, frozenset()))

    @functools.cache
    def asked(*, typed: bool, readable: bool) -> list[Rule]:
        return [r for r in single if (typed or not r.typed) and (r.certain or readable)]

    def ask(document: Document) -> bytes | None:
        fitting = asked(typed=settings.note(document) is not None, readable=document.error is None)
        findings = tuple((r.code, found) for r in fitting for found in r.check(document, settings))
        clues = tuple(code for code, clue in guided if clue(document))
        with suppress(UnicodeEncodeError):
            return _ENCODER.encode(Alone(findings, clues)) if findings or clues else b""
        return None

    return ask


def told(documents: Mapping[str, Document], answers: Mapping[str, bytes]) -> dict[Document, Alone]:
    """Return what was said of documents that were asked about, both by path.

    What cannot be decoded was not said.
    """
    said = {path: _decoded(answer) if answer else _NOTHING for path, answer in answers.items()}
    return {documents[path]: alone for path, alone in said.items() if alone}


def _decoded(answer: bytes) -> Alone | None:
    try:
        return _DECODER.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
