"""The vault of a round, and what people do to a note: each edit adds a word of its own."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from simulation.ledger import Ledger

SETTINGS = """[types.claim]
match = ["Claims/*.md"]
required = ["title"]
handle = "handle"
alias = "title"
scope = "tested_on"
checked = "checked"

[types.claim.properties]
title = { type = "string" }
tags = { type = "array", items = { type = "string" } }

[types.claim.body]
lead = { required = true }
caveat = "Caveat:"

[types.claim.body.sections.Sources]
items = "source"

[types.claim.body.sections.Related]
items = "relation"

[types.claim.body.sections."Open questions"]
items = "question"

[changelog]
note = "Changelog.md"

[lint.severity]
unwritten-note = "hint"
"""
INDEX = 'All claims.\n\n<!-- vaultsync:notes type="claim" style="list" -->\n\n<!-- /vaultsync -->\n'
CHANGELOG = '<!-- vaultsync:changelog style="full" -->\n\n<!-- /vaultsync -->\n'
CANVAS = '{\n\t"nodes": [],\n\t"edges": []\n}\n'
_NOTE = """---
title: Claim {word} holds
handle: {handle}
status: open
tested_on: small models
tags:
  - one
  - two
---

In all {0} {word} is what one finds.

Caveat: It was seen in few {1}.

A first {2}.

A second {3}, with [[{other}|what it is like]] in it.

## Sources
- original: [{4}](https://example.org/{handle}), Doe et al. 2024
- follow-up: [{5}](https://example.org/{handle}b), Roe et al. 2025

## Related
- [[{other}]]: {6} / {7}

## Open questions
- Is it so in {8}?
- Why {9}?
"""
# People do not write the same sentence twice.
_VOCABULARY = """
    attention layer token probe weight gradient circuit feature prompt answer reason memory scale
    language neuron sparse dense linear rotation prior sample reward policy refusal persona harm
    honest context window training evaluation benchmark behaviour mechanism residual stream output
    hidden vector direction ablation patching steering causal evidence claim critique replication
    transfer curriculum loss phase transition grokking shortcut calibration confidence planning
    search deception oversight monitor chain thought
""".split()
SECTIONS = ("Sources", "Related", "Open questions")


def new_note(handle: str, word: str, other: str) -> str:
    """Return the text of a note of its own, with a link to another one."""
    choose = random.Random(handle)
    phrases = [" ".join(choose.sample(_VOCABULARY, 6)) for _ in range(10)]
    return _NOTE.format(*phrases, handle=handle, word=word, other=other)


class Editing:
    """One edit of a note by somebody who sees its text."""

    def __init__(self, text: str, word: str, others: Sequence[str], choose: random.Random) -> None:
        """Bind a text, the word to add, and the names of other notes."""
        self.text, self.others, self.random = text, others, choose
        self.word = word
        self.phrase = " ".join([word, *choose.sample(_VOCABULARY, 6)])

    def prose(self) -> str:
        """Add a paragraph behind one, or words to it."""
        paragraphs = self._paragraphs()
        if not paragraphs:
            return f"{self.text.rstrip()}\n\nAlone {self.phrase}.\n"
        end = self.random.choice(paragraphs).end()
        added = self.random.choice([f"\n\nHere {self.phrase}.", f" And {self.phrase}."])
        return self.text[:end] + added + self.text[end:]

    def cut(self) -> str:
        """Put words in the place of a paragraph."""
        paragraphs = self._paragraphs()
        if not paragraphs:
            return self.prose()
        place = self.random.choice(paragraphs)
        return f"{self.text[: place.start()]}Instead {self.phrase}.{self.text[place.end() :]}"

    def claim(self) -> str:
        """Reword the claim, or add to it."""
        found = re.search(r"^---\n\n(.+)", self.text, re.MULTILINE)
        if not found:
            return self.prose()
        new = self.random.choice([f"In most {self.phrase}.", f"{found[1]} So {self.phrase}."])
        return f"{self.text[: found.start(1)]}{new}{self.text[found.end(1) :]}"

    def value(self) -> str:
        """Change a property, or add one."""
        name = self.random.choice(["tested_on", "status", "title", "seen_in"])
        line = f"{name}: {'Claim ' if name == 'title' else ''}{self.word}"
        changed, count = re.subn(rf"^{name}: .*$", line, self.text, count=1, flags=re.MULTILINE)
        return changed if count else self.text.replace("\nhandle:", f"\n{line}\nhandle:", 1)

    def tag(self) -> str:
        """Add a tag, and perhaps remove one."""
        text = self.text
        if self.random.random() < 0.3:
            text = re.sub(r"^(tags:\n  - .*\n)  - .*\n", r"\1", text, count=1, flags=re.MULTILINE)
        return re.sub(r"^tags:.*\n", rf"\g<0>  - {self.word}\n", text, count=1, flags=re.MULTILINE)

    def item(self) -> str:
        """Add an item to a section, change one, or delete one and add another."""
        name = self.random.choice(SECTIONS)
        section = re.search(rf"^## {name}\n((?:- .*\n?)*)", self.text, re.MULTILINE)
        if not section:
            return f"{self.text.rstrip()}\n\n## {name}\n{self._item(name)}\n"
        items = section[1].splitlines()
        place = self.random.randrange(len(items) + 1)
        if place < len(items) and self.random.random() < 0.4:
            changed = re.sub(r"(\?|$)", rf" {self.word}\1", items[place], count=1)
            items[place] = self.random.choice([changed, self._item(name)])
        else:
            items.insert(place, self._item(name))
        lines = "".join(f"{item}\n" for item in items)
        return self.text[: section.start(1)] + lines + self.text[section.end(1) :]

    def _item(self, name: str) -> str:
        if name == "Sources":
            address = f"https://example.org/{self.word}"
            return f"- supporting: [{self.phrase}]({address}), {self.word.title()} et al. 2026"
        if name == "Related" and self.others:
            return f"- [[{self.random.choice(self.others)}]]: {self.phrase} / the other way"
        return f"- Why {self.phrase}?"

    def _paragraphs(self) -> list[re.Match[str]]:
        end = self.text.find("\n## ")
        body = self.text.find("\n---\n", 4) + len("\n---\n")
        found = re.compile(r"^[A-Z][^\n]*$", re.MULTILINE).finditer(
            self.text, body, end if end > 0 else len(self.text)
        )
        # The first is the claim.
        return [*found][1:]


EDITS: tuple[Callable[[Editing], str], ...] = (
    Editing.prose,
    Editing.prose,
    Editing.cut,
    Editing.claim,
    Editing.value,
    Editing.tag,
    Editing.item,
    Editing.item,
    Editing.item,
)


def edited(
    text: str, where: str, others: Sequence[str], ledger: Ledger, choose: random.Random
) -> str:
    """Return a text that somebody has edited, and note what that deleted."""
    edit, word = choose.choice(EDITS), ledger.word(where)
    editing = Editing(text, word, others, choose)
    new = edit(editing)
    # A note that lacks what is edited gets a paragraph.
    if word not in new:
        new = editing.prose()
    ledger.replace(text, new)
    ledger.note(f"{where}: {edit.__name__} {word}")
    return new
