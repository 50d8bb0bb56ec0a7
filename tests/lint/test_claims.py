"""Rules about claims, beyond what their examples show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import pytest
from tests.lint.settings import context, fix

from vaultsync.core.config import Config, LintSettings
from vaultsync.core.config.read import load_config
from vaultsync.lint import engine

TOML = """
[types.claim]
match = ["Claims/**"]
scope = "tested_on"

[types.claim.states]
draft = { status = "draft" }
retired = { status = "retired" }

[types.claim.properties]
evidence = { type = "array", items = { enum = ["probing", "theory"] } }

[types.claim.body]
lead = { sentences = [1, 2], words = 35, distinct = true }
CAVEAT

[types.claim.body.sections.Sources]
items = "source"
required = true
first = "original"
roles = ["original", "contrary"]
fill = { source = "url" }

[[types.claim.rules]]
when = { status = ["contested", "open"] }
require-role = "contrary"
exclusive = true
"""
CONFIG = load_config(TOML.replace("CAVEAT", 'caveat = "Caveat:"'))
HEAD = "---\ntitle: {}\nstatus: {}\ntested_on: x\nsource: https://a.org/x\n---\n\n"
ORIGINAL = "- original: [T](https://a.org/x)\n"
CONTRARY = "- contrary: [U](https://a.org/y)\n"


def found(rules: str, files: dict[str, str], config: Config = CONFIG) -> list[tuple[str, str, str]]:
    """Return path, what each finding covers, and its message."""
    selection = engine.select(LintSettings(select=tuple(rules.split())))
    return [
        (item.path, item.span.of(files[item.path]), item.message)
        for item in engine.findings(context(files, config), selection)
    ]


def note(status: str, *sources: str, between: str = "", title: str = "A") -> dict[str, str]:
    text = f"{HEAD.format(title, status)}Text.\n\n{between}## Sources\n\n{''.join(sources)}"
    return {"Claims/n.md": text}


def test_bodies_may_come_from_another_process() -> None:
    more = "## Related\n\n- [[m]]: tension: why (crux: what)\n\n## Asked\n\n- Who?\n- [ ] do\n"
    files = note("open", ORIGINAL, more, between="Caveat: no.\n\n> Quote.\n\n")
    grammars = "".join(
        f'[types.claim.body.sections.{name}]\nitems = "{items}"\n'
        for name, items in (("Related", "relation"), ("Asked", "question"))
    )
    config = load_config(f"{TOML.replace('CAVEAT', '')}\n{grammars}")

    def share(
        work: Callable[[str], Any],
        items: Sequence[str],
        kind: Any,
        /,
        *,
        for_all: bool = False,
        size: int | None = None,
    ) -> Iterable[Any]:
        assert (list(items), for_all, size) == (["Claims/n.md"], True, None)
        done = msgspec.msgpack.encode([work(item) for item in items])
        return msgspec.msgpack.decode(done, type=list[kind])

    known, read = context(files, config), context(files, config)
    known.read_claims(share)
    own, other = (one.note(one.vault.documents["Claims/n.md"]) for one in (read, known))
    assert own
    assert other
    assert "body" in vars(other)
    assert other.body == own.body
    assert (len(own.relations()), len(own.questions()), len(own.sources())) == (1, 1, 1)


@pytest.mark.parametrize("status", ["contested", "open", "retired"])
def test_a_contrary_source_where_it_belongs(status: str) -> None:
    assert found("SRC007", note(status, ORIGINAL, CONTRARY)) == []


def test_a_contrary_source_elsewhere_needs_a_caveat() -> None:
    said = "a `contrary` source, but `status` is held: make it `contested`, or say why not in a "
    said += "paragraph that begins `Caveat:`"
    assert found("SRC007", note("held", ORIGINAL, CONTRARY)) == [
        ("Claims/n.md", CONTRARY.rstrip(), said)
    ]
    assert found("SRC007", note("held", ORIGINAL, CONTRARY, between="Caveat: x.\n\n")) == []
    assert found("SRC007", note("held", ORIGINAL)) == []


def test_without_caveats_the_property_alone_can_tell() -> None:
    plain = load_config(TOML.replace("CAVEAT", ""))
    files = note("held", CONTRARY)
    files["Claims/n.md"] = files["Claims/n.md"].replace("status: held\n", "")
    assert found("SRC007", files, plain) == [
        (
            "Claims/n.md",
            CONTRARY.rstrip(),
            "a `contrary` source, but `status` is not there: make it `contested`",
        )
    ]


def test_the_reverse_is_a_missing_role() -> None:
    assert [item[1] for item in found("SRC001", note("contested", ORIGINAL))] == ["status"]


def test_the_original_comes_first() -> None:
    assert found("SRC006", note("open", CONTRARY, "- [ ] look\n", ORIGINAL)) == [
        ("Claims/n.md", CONTRARY.rstrip(), "put the source that is `original` before this one")
    ]
    assert found("SRC006", note("open", "- [ ] look\n", ORIGINAL, CONTRARY)) == []
    # That it is missing is told by SRC001.
    assert found("SRC006", note("open", CONTRARY)) == []
    assert found("SRC006", {"Claims/n.md": "Text.\n"}) == []


def test_words_that_the_settings_discourage_in_a_caveat() -> None:
    toml = TOML.replace("CAVEAT", 'caveat = "Caveat:"\ncaveat-words = ["this  vault", "a+b", ""]')
    caveat = "Caveat: This\nvault, THIS VAULT's a+b; not this vaults, xa+b, this *vault*.\n\n"
    files = note("open", ORIGINAL, CONTRARY, between=caveat)
    files["Claims/n.md"] = files["Claims/n.md"].replace("Text.", "Text of this vault.")
    places = [
        (place, text.partition(" in")[0])
        for _, place, text in found("BDY014", files, load_config(toml))
    ]
    assert places == [
        ("This\nvault", "“This vault”"),
        ("THIS VAULT", "“THIS VAULT”"),
        ("a+b", "“a+b”"),
    ]
    assert found("BDY014", files) == []
    assert found("BDY014", note("open"), load_config(toml)) == []


def dispute(*names: str, year: int = 2023) -> str:
    return (
        f"- contrary: [U](b), Wei {year}; " + "; ".join(f"disputes {one}" for one in names) + "\n"
    )


def test_what_a_source_disputes_is_in_the_list() -> None:
    lee, ng = "- original: [T](a), Lee et al. 2021\n", "- original: [V](c), Ng 2020\n"
    assert found("SRC009", note("open", lee, dispute("Lee 2021"))) == []
    assert found("SRC009", note("open", lee, "- contrary: [U](b), Wei 2023\n")) == []
    for sources, hint in {
        (lee, ng): ": did you mean `Lee et al. 2021`?",
        (ng,): ": name Ng 2020",
        (ng, "- original: [V](d), Yu 2020\n"): ": name Ng 2020 or Yu 2020",
        (): "",
    }.items():
        assert found("SRC009", note("open", *sources, dispute("Lee et 2021"))) == [
            ("Claims/n.md", "Lee et 2021", f"no other source here is `Lee et 2021`{hint}")
        ]
    # Itself is no other.
    assert len(found("SRC009", note("open", lee, dispute("Wei 2023", "Lee 2021")))) == 1


@pytest.mark.parametrize(("year", "count"), [(2022, 0), (2021, 0), (2020, 1)])
def test_what_a_source_disputes_is_not_later(year: int, count: int) -> None:
    lee = "- original: [T](a), Lee 2021\n"
    said = "`Lee 2021` is later than this source, which is of 2020: it disputes an older one"
    expected = [("Claims/n.md", "Lee 2021", said)]
    assert found("SRC010", note("open", lee, dispute("Lee 2021", year=year))) == expected * count


def test_a_dispute_between_works_without_years_passes() -> None:
    undated = dispute("Lee").replace("Wei 2023", "Wei")
    assert found("SRC010", note("open", "- original: [T](a), Lee 2021\n", undated)) == []
    assert found("SRC010", note("open", "- original: [T](a), Lee\n", dispute("Lee"))) == []
    assert found("SRC010", note("open", dispute("Lee 2021"))) == []


@pytest.mark.parametrize(
    ("url", "wanted", "safe"),
    [
        ("https://arxiv.org/pdf/2406.11717", "https://arxiv.org/abs/2406.11717", True),
        ("http://www.arxiv.org/abs/2406.11717", "https://arxiv.org/abs/2406.11717", True),
        ("https://arxiv.org/pdf/2406.11717v2.pdf", "https://arxiv.org/abs/2406.11717", False),
        ("https://arxiv.org/abs/2406.11717v1", "https://arxiv.org/abs/2406.11717", False),
        ("https://arxiv.org/html/2406.11717#S3", "https://arxiv.org/abs/2406.11717", False),
        ("https://dx.doi.org/10.1000/XYZ", "https://doi.org/10.1000/xyz", True),
        ("https://a.org/x?utm_source=y&b=1#c", "https://a.org/x?b=1#c", True),
    ],
)
@pytest.mark.parametrize("form", ["{}", "<{}>"])
def test_the_address_to_cite(url: str, wanted: str, form: str, *, safe: bool) -> None:
    files = note("held", f"- original: [T]({form.format(url)}), Lee 2024\n")
    files["Claims/n.md"] = files["Claims/n.md"].replace("https://a.org/x\n---", f"{url}\n---")
    assert [item[1:] for item in found("SRC005", files)] == [
        (url, f"cite this work as {wanted}")
    ] * 2
    selection = engine.select(LintSettings(select=("SRC005",)))
    fixed = {"Claims/n.md": files["Claims/n.md"].replace(url, wanted)}
    assert fix(context(files, CONFIG), selection).texts == (fixed if safe else {})
    assert fix(context(files, CONFIG), selection, unsafe=True).texts == fixed


def test_an_address_that_is_written_otherwise_in_yaml_is_told_and_left() -> None:
    files = note("held", ORIGINAL)
    files["Claims/n.md"] = files["Claims/n.md"].replace(
        "https://a.org/x\n---", '"https://arxiv.org/p\\x64f/2406.11717"\n---'
    )
    (item,) = found("SRC005", files)
    assert item[1] == '"https://arxiv.org/p\\x64f/2406.11717"'
    selection = engine.select(LintSettings(select=("SRC005",)))
    assert fix(context(files, CONFIG), selection).texts == {}


def test_an_address_to_cite_is_left_alone() -> None:
    assert found("SRC005", note("held", ORIGINAL, "- contrary: x\n")) == []


@pytest.mark.parametrize("said", ["", "tested_on:\n", "tested_on: ''\n"])
def test_a_claim_says_where_it_was_tested(said: str) -> None:
    text = f"---\ntitle: A\nstatus: held\n{said}---\n\nText.\n"
    message = "it is not known where this was tested: fill in `tested_on`"
    (item,) = found("PRP013", {"Claims/n.md": text, "n.md": text})
    assert item == ("Claims/n.md", "tested_on" if said else "---", message)


def test_the_evidence_is_of_the_vocabulary() -> None:
    text = "---\nevidence:\n  - probing\n  - theroy\n---\n"
    (item,) = found("PRP003", {"Claims/n.md": text})
    assert item[2] == "`evidence` has no value `theroy`: did you mean `theory`?"


WORDS = "models learn features early in training while gradients shrink and later layers copy them"


def test_a_claim_said_twice_is_told_at_both_notes() -> None:
    other = (
        "Early in training models learn features, while later layers copy them as gradients fell."
    )
    files = {
        "Claims/a.md": f"{HEAD.format('A', 'held')}{WORDS}\n",
        "Claims/b.md": f"{HEAD.format('B', 'held')}{other}\n",
        "Claims/old.md": f"{HEAD.format('C', 'retired')}{WORDS}\n",
        "Claims/c.md": f"{HEAD.format('D', 'held')}Cats purr when stroked, and dogs bark.\n",
        "n.md": f"{WORDS}\n",
    }
    told = found("BDY009", files)
    assert [item[:2] for item in told] == [("Claims/a.md", WORDS), ("Claims/b.md", other)]
    assert told[0][2] == "Claims/b.md has nearly the same claim"
    selection = engine.select(LintSettings(select=("BDY009",)))
    for item in engine.findings(context(files, CONFIG), selection):
        (related,) = item.related
        assert related.span.of(files[related.path]) in {WORDS, other}
        assert related.path != item.path
        assert related.message == f"score {item.finding.score:.2f}"
        assert 0 < item.finding.score < 1


def test_at_most_ten_pairs_are_told() -> None:
    files = {f"Claims/{n}.md": f"{HEAD.format(n, 'held')}{WORDS} {'very ' * n}\n" for n in range(6)}
    assert len(found("BDY009", files)) == 20
    selection = engine.select(LintSettings(select=("BDY009",)))
    checked = engine.check(None, context(files, CONFIG), selection, ())
    every = [item.finding.score for item in engine.report(checked, complete=True)]
    assert len(every) == 30
    scores = [item.finding.score for item in engine.report(checked)]
    assert sorted(scores) == sorted(every)[10:]


def test_a_note_without_a_first_paragraph_has_its_title_compared() -> None:
    title = "Models learn features early in training while gradients shrink and layers copy"
    files = {
        "Claims/a.md": f"{HEAD.format(title, 'held')}{title}.\n",
        "Claims/b.md": f"{HEAD.format(title, 'draft')}",
    }
    assert [item[0] for item in found("BDY009", files)] == ["Claims/a.md"]
