"""BDY: claims beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.lint.context import Context
from vaultsync.lint.duplicates import CODE, message
from vaultsync.lint.rule import Example, Finding, rule

_HEAD = "---\ntitle: A\ntested_on: one model\n---\n\n"
_ONE = (
    "On small algorithmic datasets a network can fit its training set, generalise no better than "
    "chance, and much later climb to perfect test accuracy.\n"
)
_OTHER = (
    "A network trained on a small algorithmic dataset may memorise the training set, generalise at "
    "chance level, and only long afterwards reach perfect accuracy on the test set.\n"
)


@rule(
    CODE,
    "repeated-claim",
    Example(
        f"{_HEAD}{_ONE}",
        f"{_HEAD}Another claim.\n",
        path="Tested/note.md",
        others={"Tested/other.md": f"{_HEAD}{_OTHER}".replace("title: A", "title: B")},
    ),
    severity="warning",
    reach="claims",
    typed=True,
)
def repeated_claim(document: Document, context: Context) -> Iterator[Finding]:
    """Two notes say nearly the same in other words.

    For types that want their claims `distinct`. The score goes from 0 to 1: it is the share of
    words that the first paragraphs have in common, in which rare words count more and endings do
    not. The ten pairs with the highest scores are told, each at both notes; those that a baseline
    knows do not count, and it may know more than ten. Merge the two, or say what tells them apart.
    A retired note may say what its successor says.
    """
    pairs, untold = context.repeated
    rest = f"; {untold} more pairs are not told" if untold else ""
    for pair in pairs.get(document.path, ()):
        note = context.note(document)
        if note and note.body.lead:
            aside = f" (score {pair.score:.2f}){rest}"
            yield Finding(note.body.lead.span, message(document.path, pair), aside=aside)


RULES = (repeated_claim,)
