"""Where a sentence ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vaultsync.lint.rules.body import sentences

ONE = [
    "Heads copy, as Olsson et al. 2022 found.",
    "Heads copy (Olsson et al. (2022) found it).",
    "Radford et al. show that heads copy.",
    "Some models, e.g. GPT-2, copy, i.e. they repeat.",
    "E.g. GPT-2 copies.",
    "As shown in Fig. 3, loss falls by 0.5 at 1.5B.",
    "See Figs. 3 and 4, Eq. (2), Eqn. 5, Sec. 2.1., App. B, Def. 3 and Tab. 1 for it.",
    "It is no. 1 on pp. 3 of Vol. 2 with max. 5 layers and avg. 3 heads.",
    "J. Smith and A. B. Lee found it.",
    "Dr. Smith and Prof. Jones agree.",
    "Humans vs. GPT-4: cf. Lee 2024, approx. 10 %, ca. 3 bits, resp. Llama, incl. Qwen.",
    "Models learn syntax, semantics, etc. and more.",
    "It works in v1.2.3 and GPT-4.5.",
    "The U.S. model differs w.r.t. Gaussian i.i.d. noise.",
    'He said "It works. It scales." and left.',
    "He said “Does it work?” and left.",
    "It grows (as expected. Really).",
    "See https://example.org/a.b/c.html?d=e.f for it.",
    "[Do models lie? A study](https://example.org/a.b) says so.",
    "[Do models lie?](https://example.org/a_(b).c) asks Lee.",
    "[[a.b|Do models lie? Yes]] says so.",
    "[[note.with.dots]] says so",
    "Run `a. B. C` with $L = 0.5. x$ here.",
    "模型很大，它会学习。",
    "See 「[标题。副标题](https://example.org)」 for it.",
    "no mark at the end",
]
TWO = [
    "In GPT-2 heads copy. They attend back.",
    "By Lee et al. 2024. It scales.",
    "As found by Lee et al. They tested it.",
    "Models learn syntax, semantics, etc. They do.",
    "No. That is wrong.",
    "The answer is no. The question stays.",
    "It is shown in the app. Users like it.",
    "See https://example.org/a.b. It works.",
    "See [a paper](https://example.org/a.b). It works!",
    "[It works.](https://example.org) It scales.",
    "[Does it work?](https://example.org) It does.",
    "It costs $5. It costs $6.",
    "Claim one.[^1] Claim two.",
    "*Claim one.* Claim two.",
    "模型很大。它会学习！",
    "It works in 2024. 12 models were tested.",
]
THREE = [
    "One. Two. Three.",
    "One! Two? Three.",
    "**One.** Two. Three.",
    "first one. second one. third one.",
    "模型很大。它会学习！是吗？",
    "模型很大。It works. 第三句。",
    "By Lee et al. 2024 it holds, e.g. in Fig. 3. It scales by 0.5. It is done.",
]


@pytest.mark.parametrize(
    ("text", "count"),
    [(text, count) for count, texts in enumerate((ONE, TWO, THREE), 1) for text in texts],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize("text", ["", "…", "- -", "***"])
def test_what_has_no_word_is_no_sentence(text: str) -> None:
    assert sentences(text) == []


def test_the_segmenter_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, vaultsync.lint.engine; print('sentencex' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"False"]
