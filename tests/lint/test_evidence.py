"""Rules about what became of sources, beyond what their examples show."""

from __future__ import annotations

import msgspec
import pytest
from tests.lint.settings import CONFIG, codes, context, fix

from vaultsync.core.config.read import load_config
from vaultsync.lint import engine
from vaultsync.notes.source_lock import SourceRecord, source_lock_text

TOML = """
[types.claim]
match = ["Claims/**"]
states.retired = { status = "retired" }
checked = "checked"
body.sections.Sources = { items = "source", first = "original" }
body.sections.Related = { items = "relation" }
"""
SETTINGS = load_config(TOML)
RULES = engine.select(
    msgspec.structs.replace(CONFIG.lint, select=tuple(f"SRC0{n}" for n in range(11, 18)))
)
ADA = ("Ada Lee", "Bo van der Ng", "Cy Ma")
RECORD = SourceRecord("x.org/a", "ok", "2026-01-05", title="A Title", authors=ADA, year=2024)


def note(
    line: str = "- original: [A Title](https://x.org/a), Lee et al. 2024", head: str = ""
) -> str:
    front = f"---\n{head}\n---\n\n" if head else ""
    return f"{front}Text.\n\n## Sources\n\n{line}\n"


def found(record: SourceRecord, **notes: str) -> list[tuple[str, str, str]]:
    """Return the findings in notes: rule, severity, message."""
    files = {f"Claims/{name}.md": text for name, text in notes.items() if name != "cited"}
    files["sources.lock"] = source_lock_text([record])
    if "cited" in notes:
        files[".git/cited"] = notes["cited"]
    reported = engine.findings(context(files, SETTINGS), RULES)
    return [(one.code, one.severity, one.message) for one in reported]


def with_facts(**facts: object) -> SourceRecord:
    return msgspec.structs.replace(RECORD, **facts)


GONE = with_facts(state="withdrawn", reason="by its author")


def test_a_withdrawn_original_of_a_retired_claim_is_a_hint() -> None:
    assert found(GONE, one=note(head="status: retired")) == [
        ("SRC012", "hint", "this source was withdrawn: by its author")
    ]


def test_a_claim_that_relates_to_one_whose_original_was_withdrawn() -> None:
    other = "Text.\n\n## Related\n\n- [[one]]: so\n- [[gone]]: so\n- [[page.pdf]]: so\n"
    assert found(GONE, one=note(), other=other)[1:] == [
        ("SRC012", "hint", "a source that `one` rests on was withdrawn")
    ]


def test_nothing_is_reported_of_what_is_unknown() -> None:
    assert (
        found(SourceRecord("x.org/a"), one=note("- original: [B](https://x.org/a), Ng 2020")) == []
    )
    assert found(SourceRecord("x.org/b", "withdrawn"), one=note()) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[a  title!](https://x.org/a), Lee 2024", ""),
        ("[A Title](https://x.org/a)", ""),
        ("[A Title](https://x.org/a), Lee & van der Ng 2024", ""),
        ("[A Title](https://x.org/a), Lee, van der Ng and Ma 2024", ""),
        ("[A Title](https://x.org/a), Ng 2024", "authors Lee et al."),
        ("[A Title](https://x.org/a), Lee & Li 2024", "authors Lee et al."),
        ("[A Title](https://x.org/a), Lee 2023", "year 2024"),
        ("[Title](https://x.org/a), Li 2023", "title A Title, authors Lee et al., year 2024"),
    ],
)
def test_a_line_is_compared_with_what_registries_have(line: str, message: str) -> None:
    expected = [("SRC015", "warning", f"the registry has another {message}")] if message else []
    assert found(RECORD, one=note(f"- original: {line}")) == expected


def test_a_registry_may_know_a_title_alone() -> None:
    alone = with_facts(authors=(), year=None)
    assert found(alone, one=note("- original: [A Title](https://x.org/a), Li 1999")) == []


def test_a_line_that_is_not_as_it_would_be_written_is_not_fixed() -> None:
    text = note("- original: [Title](https://x.org/a),  Lee 2024;  NeurIPS")
    files = {"Claims/one.md": text, "sources.lock": source_lock_text([RECORD])}
    assert codes(files, config=SETTINGS, selection=RULES) == ["SRC015"]
    assert fix(context(files, SETTINGS), RULES, unsafe=True).texts == {}


CHANGED = with_facts(state="changed", since="2026-01-20", version=2)


@pytest.mark.parametrize(
    ("head", "cited", "code"),
    [
        ("checked: 2026-01-19", "2026-01-01", "SRC013"),
        ("checked: 2026-01-20", "2026-01-01", None),
        ("", "2026-01-19", "SRC014"),
        ("", "2026-01-20", None),
    ],
)
def test_a_source_that_changed_later(head: str, cited: str, code: str | None) -> None:
    reported = found(CHANGED, one=note(head=head), cited=f"Claims/one.md x.org/a {cited}")
    assert [one[0] for one in reported] == ([code] if code else [])
    assert all(one[2].endswith(", seen on 2026-01-20, version 2") for one in reported)


def test_a_superseded_source_is_named_so() -> None:
    record = with_facts(state="superseded", since="2026-01-20")
    (one,) = found(record, one=note(head="checked: 2026-01-01"))
    assert one[2] == "this source was superseded after the note was checked, seen on 2026-01-20"


def test_a_long_quotation_is_cut_in_the_message() -> None:
    text = note('- original: [A Title](https://x.org/a)\n  > "' + "word " * 20 + '"')
    ((code, _, message),) = found(RECORD, one=text)
    assert (code, message.endswith("word…”")) == ("SRC016", True), message
