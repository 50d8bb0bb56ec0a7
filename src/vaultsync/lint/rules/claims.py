"""BDY: claims beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, rule
from vaultsync.model import Document

_MOST = 10
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
    "BDY009",
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
    not. The ten pairs with the highest scores are told, each at both notes. Merge the two, or say
    what tells them apart. A retired note may say what its successor says.
    """
    pairs = context.alike_claims
    for pair in pairs[:_MOST]:
        if document.path in pair.names:
            note = context.note(document)
            lead = note.body.lead if note else None
            (other,) = [name for name in pair.names if name != document.path]
            rest = f"; {len(pairs) - _MOST} more pairs are not told" if len(pairs) > _MOST else ""
            message = f"{other} says nearly the same (score {pair.score:.2f}){rest}"
            if lead:
                yield Finding(lead.span, message)


RULES = (repeated_claim,)
