"""The journal in real repositories: what is recorded, when, once, and what is left alone."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from tests.blocks.sample import TOML, block, note
from tests.repository import Repository
from tests.vaults import make

from vaultsync.changelog.lock import Recorded, followed, parse_lock

FIRST = "### 2026-01-01\n\n- Initial post: 1 claim"
FILES = {
    "vaultsync.toml": TOML,
    "Changelog.md": f"Mine.\n\n{block('changelog')}\nMine, too.\n",
    "Post.md": block('changelog style="short"'),
}


def claim(lead: str = "It holds.", body: str = "", **properties: object) -> str:
    return note(f"{lead}\n\n{body}", **{"title": "Ants", "status": "open", **properties})


def related(name: str) -> str:
    return f"## Related\n\n- [[{name}]]: why\n"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Commit one claim with the first entry once; each test has a copy."""
    repo = Repository(tmp_path_factory.mktemp("first") / "repo", FILES)
    repo.put(ants=claim())
    repo.record()
    repo.commit()
    return repo


@pytest.fixture
def repo(first: Repository, tmp_path: Path) -> Repository:
    return first.copied(tmp_path / "repo")


def test_the_first_entry_counts(repo: Repository) -> None:
    assert repo.journal == FIRST
    assert repo.note.read_text() == f"Mine.\n\n{block('changelog', FIRST)}\nMine, too.\n"
    assert (repo.vault / "Post.md").read_text() == block(
        'changelog style="short"', "- 1 Jan: Initial post: 1 claim"
    )
    repo.settled()
    repo.day = "2026-02-01"
    repo.settled()


def test_a_first_entry_about_many_days_offers_to_rebuild(tmp_path: Path) -> None:
    repo = Repository(tmp_path, {**FILES, "other.md": "Text.\n"}, "vault")
    repo.put(ants=claim())
    repo.commit("2026-01-01")
    make(repo.vault, {"other.md": "Not covered.\n"})
    repo.commit("2026-01-02")
    assert repo.changelog("--check").err == ""
    repo.put(bees=claim(title="Bees"))
    repo.commit("2026-01-03")
    remark = (
        "the first entry sums up commits of 2 days: `vaultsync changelog --rebuild` records each "
        "day\n"
    )
    assert repo.changelog("--check").err == remark
    assert repo.changelog().err == remark
    assert repo.journal == "### 2026-01-03\n\n- Initial post: 2 claims"
    assert repo.changelog().err == ""
    assert repo.changelog("--rebuild").err == ""
    assert repo.journal == (
        "### 2026-01-03\n\n- Added [[bees|Bees]]\n\n### 2026-01-01\n\n- Initial post: 1 claim"
    )
    repo.commit()
    repo.settled()


def test_a_journal_that_was_kept_from_the_start_has_no_earlier_days(tmp_path: Path) -> None:
    repo = Repository(tmp_path, FILES)
    for number in (1, 2):
        repo.put(ants=claim(status="draft", lead=f"It holds {number} times."))
        repo.record(f"2026-01-0{number}")
        repo.commit()
    repo.put(ants=claim())
    found = repo.changelog()
    assert (found.code, found.err) == (0, "")
    assert repo.journal == "### 2026-01-02\n\n- Initial post: 1 claim"


def test_nothing_published_is_nothing_to_say(tmp_path: Path) -> None:
    repo = Repository(tmp_path, FILES)
    repo.put(ants=claim(status="draft"))
    repo.record()
    assert repo.journal == ""


def test_before_the_first_commit_the_entry_follows_the_notes(tmp_path: Path) -> None:
    repo = Repository(tmp_path, FILES)
    repo.put(ants=claim())
    repo.record()
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-02")
    assert repo.journal == "### 2026-01-02\n\n- Initial post: 2 claims"
    repo.commit()
    repo.settled()


@pytest.mark.parametrize(
    ("journal", "after"),
    [
        ("- loose", "- loose\n\n### 2026-01-01\n\n- Initial post: 1 claim"),
        ("Prose.", "Prose.\n\n### 2026-01-01\n\n- Initial post: 1 claim"),
        ("### 2025-01-02\n- It began", "### 2025-01-02\n- It began"),
    ],
)
def test_a_journal_begun_by_hand_is_kept(tmp_path: Path, journal: str, after: str) -> None:
    repo = Repository(tmp_path, {**FILES, "Changelog.md": block("changelog", journal)})
    repo.put(ants=claim())
    repo.record()
    assert repo.journal == after
    repo.commit()
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-03")
    assert repo.journal.endswith(after.removeprefix("Prose.\n\n").removeprefix("- loose\n\n"))
    assert "### 2026-01-03\n\n- Added [[bees|Bees]]\n\n###" in repo.journal


def test_days_of_the_settings_are_put_in_once(tmp_path: Path) -> None:
    days = 'days = {2025-01-02 = "Initial post", 2024-05-01 = "Idea"}\n'
    days = f'[changelog]\nfirst = "Moved in"\n{days}'
    repo = Repository(tmp_path, {**FILES, "vaultsync.toml": TOML + days})
    repo.put(ants=claim())
    repo.record()
    assert repo.journal == (
        "### 2026-01-01\n\n- Moved in: 1 claim\n\n"
        "### 2025-01-02\n\n- Initial post\n\n### 2024-05-01\n\n- Idea"
    )
    repo.edit("- Initial post", "- The first post")
    repo.record()
    repo.commit()
    repo.settled()
    assert "- The first post\n" in repo.journal


def test_each_question_answered_in_a_note_is_told_once(repo: Repository) -> None:
    asked = "## Open questions\n\n- How?{}\n- *Why*?{}\n"
    repo.put(ants=claim(body=asked.format("", "")))
    repo.record("2026-01-02")
    repo.commit()
    answer = " answered: [[ants]]"
    repo.put(ants=claim(body=asked.format(answer, answer)))
    repo.record("2026-01-03")
    told = "- Answered in [[ants|Ants]]: “How?”\n- Answered in [[ants|Ants]]: “*Why*?”"
    before = "- Asked in [[ants|Ants]]: “How?”\n- Asked in [[ants|Ants]]: “*Why*?”"
    assert repo.journal == (f"### 2026-01-03\n\n{told}\n\n### 2026-01-02\n\n{before}\n\n{FIRST}")
    repo.settled()
    repo.commit()
    repo.settled()


CHANGES: dict[str, tuple[dict[str, str | None], list[str]]] = {
    "added": ({"bees": claim("Buzz.", title="Bees")}, ["Added [[bees|Bees]]"]),
    "reworded": (
        {"ants": claim("It may hold.")},
        ["Reworded [[ants|Ants]]: “holds.” → “may hold.” (a hedge changed)"],
    ),
    "reworded in many words": (
        {"ants": claim(f"It {'so ' * 13}holds.")},
        ["Reworded [[ants|Ants]]"],
    ),
    "more words": (
        {"ants": claim("It holds. Always.")},
        ["Reworded [[ants|Ants]]: “holds.” → “holds. Always.” (a quantifier changed)"],
    ),
    "retitled": (
        {"ants": claim(title="Red ants")},
        ["Reworded the title of [[ants|Red ants]]: “Ants” → “Red ants”"],
    ),
    "retitled otherwise": (
        {"ants": claim(title="Bugs")},
        ["Reworded the title of [[ants|Bugs]]: “Ants” → “Bugs”"],
    ),
    "retired": ({"ants": claim(status="retired")}, ["Retired [[ants|Ants]]"]),
    "removed": ({"ants": None}, ["Removed “Ants”"]),
    "made a draft": ({"ants": claim(status="draft")}, ["Removed “Ants”"]),
    "made private": ({"ants": claim("X", title="SECRET", publish="false")}, ["Withheld 1 note"]),
    "renamed": (
        {"ants": None, "bugs": claim(aliases="[ants]")},
        ["Renamed [[bugs|Ants]], before: Claims/ants"],
    ),
    "with brackets": ({"m": claim(title='"The [MASK]"')}, ["Added [[m|The [MASK] ]]"]),
    "with marks": ({"m": claim(title='"A `b` | “c” [[d]]"')}, ["Added [[m|A `b` “c” d]]"]),
    "untitled": ({"m": claim(title="")}, ["Added [[m]]"]),
    "link to a link": (
        {"ants": claim("It [[ants|really]] holds.")},
        ["Reworded [[ants|Ants]]: “It” → “It really”"],
    ),
    "a link that shows other words": (
        {"ants": claim("It [[ants|held [once]]].")},
        ["Reworded [[ants|Ants]]: “holds.” → “held \\[once\\].”"],
    ),
    "a comment": ({"ants": claim("It %%SECRET%% holds.\n\n%%\nSECRET\n\nSECRET\n%%")}, []),
    "a draft": ({"bees": claim(title="Bees", status="draft")}, []),
    "private": ({"bees": claim(title="SECRET", publish="false")}, []),
    "body and tags": (
        {"ants": claim(body="More.", tags="[a]")},
        ["Changed [[ants|Ants]]: tags: none → a"],
    ),
}


def test_a_note_that_becomes_private_leaves_with_its_title(repo: Repository) -> None:
    repo.put(bees=claim("57 %.", title="SECRET bees"), cats=claim(title="SECRET cats"))
    repo.record("2026-01-02")
    repo.commit()
    repo.put(bees=claim("75 %.", title="SECRET bees", body=related("ants")))
    repo.record("2026-01-03")
    repo.commit()
    for name in ("bees", "cats"):
        old = (repo.vault / f"Claims/{name}.md").read_text()
        repo.put(**{name: None, f"x-{name}": old.replace("---\n\n", "publish: false\n---\n\n")})
    repo.record("2026-01-04")
    assert repo.journal.startswith("### 2026-01-04\n\n- Withheld 2 notes\n\n### 2026-01-03")
    post = repo.vault / "Post.md"
    assert "withheld" in post.read_text().lower()
    # Older lines stay in the journal, where they are findings, and are shown nowhere else.
    assert "SECRET" in repo.journal
    assert "SECRET" not in post.read_text()
    repo.commit()
    repo.settled()
    assert repo.changelog("--rebuild").code == 0
    assert repo.journal == f"### 2026-01-04\n\n- Withheld 2 notes\n\n{FIRST}"
    # One that is public again is new.
    back = (repo.vault / "Claims/x-cats.md").read_text().replace("publish: false\n", "")
    repo.put(**{"x-cats": back})
    repo.record("2026-01-05")
    assert repo.journal.startswith("### 2026-01-05\n\n- Added [[x-cats|SECRET cats]]\n\n")
    # One that is removed later is not removed once more.
    repo.commit()
    repo.put(**{"x-bees": None})
    repo.record("2026-01-06")
    assert "2026-01-06" not in repo.journal


@pytest.mark.parametrize("name", CHANGES)
def test_one_change(repo: Repository, name: str) -> None:
    files, lines = CHANGES[name]
    repo.put(**files)
    repo.record("2026-01-05")
    day = "### 2026-01-05\n\n" + "".join(f"- {line}\n" for line in lines) + "\n"
    assert repo.journal.startswith(day if lines else FIRST)
    assert "SECRET" not in repo.journal
    assert repo.note.read_text().startswith("Mine.\n\n<!--")
    assert repo.note.read_text().endswith("-->\n\nMine, too.\n")
    repo.commit()
    repo.settled()


def test_relations_are_told_once_and_answers(repo: Repository) -> None:
    repo.put(bees=claim(title="Bees"))
    (repo.vault / "Queries").mkdir()
    query = repo.vault / "Queries" / "why.md"
    query.write_text(note("Why?"))
    repo.record("2026-01-02")
    repo.commit()
    query.write_text(note("Why?", status="answered"))
    repo.put(bees=claim(title="Bees", body=related("ants")))
    repo.record("2026-01-03")
    assert repo.journal.startswith(
        "### 2026-01-03\n\n- Answered [[why]]\n- Linked [[bees|Bees]] with [[ants|Ants]]\n\n"
        "### 2026-01-02\n\n- Added [[bees|Bees]]\n- Added [[why]]\n\n"
    )
    repo.commit()
    repo.put(ants=claim(body=related("bees")))
    repo.record("2026-01-04")
    repo.commit()
    assert "2026-01-04" not in repo.journal


def test_the_same_words_may_be_said_again(repo: Repository) -> None:
    for day, word in (("02", "so "), ("03", "too "), ("03", "quite "), ("04", "thus ")):
        repo.put(ants=claim(f"It {word * 13}holds."))
        repo.record(f"2026-01-{day}")
        repo.commit()
    said = "\n\n".join(
        f"### 2026-01-{day}\n\n- Reworded [[ants|Ants]]" for day in ("04", "03", "02")
    )
    assert repo.journal == f"{said}\n\n{FIRST}"


def test_after_midnight_nothing_is_recorded_twice(repo: Repository) -> None:
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-31")
    repo.day = "2026-02-01"
    repo.settled()
    repo.put(ants=claim("It may hold."))
    repo.record()
    # The day is that of the commit in the making.
    assert repo.journal.startswith(
        "### 2026-02-01\n\n- Added [[bees|Bees]]\n"
        "- Reworded [[ants|Ants]]: “holds.” → “may hold.” (a hedge changed)\n\n"
    )
    repo.commit("2026-02-02")
    repo.settled()


def test_a_commit_nobody_recorded_has_the_day_of_its_author(repo: Repository) -> None:
    repo.put(bees=claim(title="Bees"))
    repo.commit("2026-01-05")
    repo.put(cats=claim(title="Cats"))
    repo.commit("2026-01-06")
    repo.put(ants=None, dogs=claim(title="Dogs"))
    repo.record("2026-01-09")
    assert repo.journal == (
        "### 2026-01-09\n\n- Added [[dogs|Dogs]]\n- Removed “Ants”\n\n"
        "### 2026-01-06\n\n- Added [[cats|Cats]]\n\n"
        f"### 2026-01-05\n\n- Added [[bees|Bees]]\n\n{FIRST}"
    )
    repo.commit()
    repo.settled()


def test_what_is_recorded_shows_whose_clock_was_wrong(repo: Repository) -> None:
    for day, name in (("2030-01-01", "bees"), ("1970-01-01", "cats"), ("1970-01-01", "dogs")):
        repo.put(**{name: claim(title=name)})
        repo.commit(day)
    repo.record("2026-01-09")
    added = "\n".join(f"- Added [[{name}]]" for name in ("bees", "cats", "dogs"))
    assert repo.journal == f"### 2026-01-09\n\n{added}\n\n{FIRST}"


def test_the_day_of_a_rebased_commit_does_not_run_backwards(repo: Repository) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.put(bees=claim(title="Bees"))
    repo.commit("2026-01-02")
    repo.git("checkout", "-q", "main")
    repo.put(cats=claim(title="Cats"))
    repo.record("2026-01-03")
    repo.commit()
    repo.day = "2026-01-04"
    repo.git("checkout", "-q", "side")
    repo.git("rebase", "-q", "main")
    repo.record()
    assert repo.journal == (
        f"### 2026-01-03\n\n- Added [[cats|Cats]]\n- Added [[bees|Bees]]\n\n{FIRST}"
    )
    repo.commit()
    repo.settled()


def test_a_recorded_branch_is_settled_after_rebase_merge_and_squash(repo: Repository) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-02")
    repo.commit()
    for lead in ("It may hold.", "It might hold."):
        repo.put(bees=claim(lead, title="Bees"), ants=claim(lead))
        repo.record("2026-01-03")
        repo.commit()
    journal = repo.journal
    assert journal.count("- Reworded [[bees|Bees]]") == journal.count("- Reworded [[ants|") == 1
    repo.git("checkout", "-q", "main")
    (repo.vault / "Loose.md").write_text("Loose.\n")
    repo.commit("2026-01-04")
    repo.git("checkout", "-q", "-b", "rebased", "side")
    repo.git("rebase", "-q", "main")
    repo.settled()
    repo.git("checkout", "-q", "-b", "merged", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    repo.settled()
    repo.git("checkout", "-q", "-b", "squashed", "main")
    repo.git("merge", "-q", "--squash", "side")
    repo.settled()
    repo.commit("2026-01-05")
    repo.settled()
    assert repo.journal == journal


def test_a_line_of_what_was_undone_goes(repo: Repository) -> None:
    repo.put(bees=claim(title="Bees"), ants=claim("It may hold."))
    repo.record("2026-01-02")
    repo.put(cats=claim(title="Cats"))
    repo.record("2026-01-03")
    repo.put(bees=None, ants=claim(), cats=None)
    repo.record("2026-01-04")
    assert repo.journal == FIRST


def test_a_line_follows_what_is_not_yet_committed(repo: Repository) -> None:
    repo.put(ants=claim("It may hold."), bees=claim(title="Bees"))
    repo.record("2026-01-02")
    repo.put(ants=claim("It might hold."), bees=None, wasps=claim(title="Wasps"))
    repo.record("2026-01-03")
    assert repo.journal == (
        "### 2026-01-03\n\n- Added [[wasps|Wasps]]\n"
        f"- Reworded [[ants|Ants]]: “holds.” → “might hold.” (a hedge changed)\n\n{FIRST}"
    )
    repo.put(ants=claim("So it is that it might well be said by those who know to hold."))
    repo.record()
    assert "- Reworded [[ants|Ants]] (a hedge changed)\n" in repo.journal


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- Added [[bees|Bees]]", "- Added [[bees|Bees]], at last"),
        ("- Added [[bees|Bees]]", "- Added [[bees|the busy ones]]"),
        ("- Added [[bees|Bees]]", "- Bees! See [[bees]]."),
        (
            "- Added [[bees|Bees]]\n- Reworded [[ants|Ants]]: “holds.” → “may hold.”",
            "- [[bees|Bees]] made me doubt [[ants|Ants]]",
        ),
        ("“holds.” → “may hold.”", "softer"),
        (": “holds.” → “may hold.”", ""),
        ("### 2026-01-02\n\n", "### 2026-01-02\n"),
        ("### 2026-01-02\n\n", "### 2026-01-02\n\nA busy day:\n\n"),
        ("### 2026-01-02", "### 2026-01-01-bis"),
        ("- Added [[bees|Bees]]", "* Added [[bees|Bees]]\n  - a remark"),
        ("Mine.", "Ours."),
        ("- Initial post: 1 claim", "- The start"),
        ("- Initial post: 1 claim", "- The start\n\n### 2025-12-24\n\n- Retired [[ants|Ants]]"),
    ],
)
def test_what_a_person_writes_stays_byte_for_byte(repo: Repository, old: str, new: str) -> None:
    repo.put(bees=claim(title="Bees"), ants=claim("It may hold."))
    repo.record("2026-01-02")
    repo.edit(old, new)
    written = repo.note.read_text()
    repo.record()
    repo.day = "2026-01-03"
    repo.settled()
    assert repo.note.read_text() == written
    repo.commit()
    repo.settled()
    repo.put(cats=claim(title="Cats"))
    repo.record("2026-01-04")
    line = "### 2026-01-04\n\n- Added [[cats|Cats]]\n\n"
    assert repo.note.read_text().replace(line, "") == written


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- Added [[bees|Bees]]", "- Added [[bees|Bees]], at last"),
        ("- Added [[bees|Bees]]", "- Added [[bees|the busy ones]]"),
        ("### 2026-01-02", "### 2026-01-05"),
        ("### 2026-01-02\n\n- Added [[bees|Bees]]\n\n", ""),
    ],
)
def test_what_was_published_may_be_corrected(repo: Repository, old: str, new: str) -> None:
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-02")
    repo.commit()
    repo.edit(old, new)
    written = repo.note.read_text()
    repo.record("2026-01-07")
    assert repo.note.read_text() == written
    # The correction does not stand for what happens now.
    repo.put(bees=claim("Buzz.", title="Bees"))
    repo.record()
    line = "### 2026-01-07\n\n- Reworded [[bees|Bees]]: “It holds.” → “Buzz.”\n\n"
    assert repo.note.read_text() == written.replace("###", f"{line}###", 1)
    repo.commit()
    repo.settled()


def test_a_journal_without_a_lock_is_adopted_once(repo: Repository) -> None:
    (repo.vault / "changelog.lock").unlink()
    repo.commit("2026-01-02")
    repo.put(bees=claim(title="Bees"))
    found = repo.changelog()
    assert "changelog.lock is new: what the journal records is taken from commit" in found.err
    repo.put(cats=claim(title="Cats"))
    repo.record("2026-01-03")
    line = "### 2026-01-03\n\n- Added [[bees|Bees]]\n- Added [[cats|Cats]]"
    assert repo.journal == f"{line}\n\n{FIRST}"
    repo.commit()
    repo.settled()


def test_days_are_put_in_order_and_joined(repo: Repository) -> None:
    for day in ("02", "03"):
        repo.put(**{f"bees{day}": claim(title=f"Bees {day}")})
        repo.record(f"2026-01-{day}")
        repo.commit()
    two, three = (f"### 2026-01-{day}\n\n- Added [[bees{day}|Bees {day}]]" for day in ("02", "03"))
    assert repo.journal == f"{three}\n\n{two}\n\n{FIRST}"
    own = two.replace("Added", "Seen")
    repo.edit(f"{three}\n\n{two}\n\n", f"{two}\n\n{three}\n\n### 2026-01-02\n\n{own[16:]}\n\n")
    repo.edit(f"{FIRST}\n", f"### 2026-01-01\n\n{FIRST}\n")
    assert repo.changelog("--check").code == 1
    repo.record()
    assert repo.journal == f"{three}\n\n{two}\n{own[16:]}\n\n{FIRST}"


def test_older_lines_follow_a_note_to_its_new_name(repo: Repository) -> None:
    repo.put(bees=claim(title="Bees", body=related("ants")))
    repo.record("2026-01-02")
    repo.edit("- Added [[bees|Bees]]", "- Added [[bees|Bees]] and [[Claims/bees#Related]], `x`")
    repo.commit()
    repo.git("mv", "Claims/bees.md", "Claims/wasps.md")
    repo.record("2026-01-03")
    renamed = (
        "### 2026-01-03\n\n- Renamed [[wasps|Bees]], before: Claims/bees\n\n"
        "### 2026-01-02\n\n- Added [[wasps|Bees]] and [[wasps#Related]], `x`\n\n"
    )
    assert repo.journal.startswith(renamed)
    repo.commit()
    repo.settled()
    repo.put(wasps=None)
    repo.record("2026-01-04")
    assert repo.journal.startswith(
        "### 2026-01-04\n\n- Removed “Bees”\n\n"
        "### 2026-01-03\n\n- Renamed Bees, before: Claims/bees\n\n"
        "### 2026-01-02\n\n- Added Bees and wasps, `x`\n\n"
    )
    repo.commit()
    repo.settled()


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("day", ["2026-01-02", "2026-01-03"])
def test_lines_follow_a_note_that_is_renamed_twice(
    repo: Repository, day: str, *, recorded: bool
) -> None:
    repo.day = "2026-01-02"
    for old, new in (("ants", "bugs"), ("bugs", "mites")):
        repo.git("mv", f"Claims/{old}.md", f"Claims/{new}.md")
        if recorded:
            repo.record()
        repo.commit()
        repo.day = day
    repo.put(bees=claim(title="Bees"))
    repo.record()
    last = ["Claims/bugs"] if day == "2026-01-03" else []
    names = re.findall(r"- Renamed \[\[mites\|Ants\]\], before: (.+)", repo.journal)
    assert names == [*last, "Claims/ants"]
    repo.commit()
    repo.settled()


def test_lines_follow_a_note_back_to_its_name_and_do_not_lead_to_it_once_it_is_gone(
    repo: Repository,
) -> None:
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-02")
    for old, new in (("bees", "wasps"), ("wasps", "bees"), ("bees", "wasps")):
        repo.commit("2026-01-03")
        repo.git("mv", f"Claims/{old}.md", f"Claims/{new}.md")
        repo.record()
        assert repo.journal.endswith(f"- Added [[{new}|Bees]]\n\n{FIRST}")
    repo.commit()
    repo.put(wasps=None)
    repo.record()
    added = "### 2026-01-02\n\n- Added Bees"
    assert repo.journal == f"### 2026-01-03\n\n- Removed “Bees”\n\n{added}\n\n{FIRST}"


def test_lines_about_a_note_lead_to_the_one_it_was_merged_into(repo: Repository) -> None:
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-02")
    repo.commit()
    repo.put(bees=None, ants=claim(aliases="[bees]"))
    repo.record("2026-01-03")
    repo.commit()
    repo.git("mv", "Claims/ants.md", "Claims/bugs.md")
    repo.record("2026-01-04")
    repo.commit()
    assert "- Merged “Bees” into [[bugs|Ants]]\n" in repo.journal
    assert "- Added [[bugs|Bees]]\n" in repo.journal
    assert repo.changelog("--rebuild", "--check").code == 0


def test_a_line_that_is_made_again_leads_to_the_note_that_it_is_about_now(
    repo: Repository,
) -> None:
    repo.git("mv", "Claims/ants.md", "Claims/wasps.md")
    repo.put(wasps=claim("It may hold."))
    repo.record("2026-01-02")
    repo.commit()
    # As an editor does that had the note open.
    repo.put(ants=claim("It may hold."))
    repo.record()
    assert "- Added [[wasps|" in repo.journal
    assert "- Reworded [[ants|" in repo.journal
    assert repo.journal.count("Reworded") == 1


def test_a_name_that_another_note_has_is_left_alone(tmp_path: Path) -> None:
    repo = Repository(tmp_path, {**FILES, "Queries/same.md": note("Why?", title="Why")})
    repo.put(same=claim())
    repo.record()
    repo.commit()
    repo.edit("1 claim, 1 query", "[[Claims/same|Ants]] and [[Queries/same|Why]], [[same]]")
    repo.commit("2026-01-02")
    repo.put(same=None)
    repo.record("2026-01-03")
    assert "- Initial post: Ants and [[Queries/same|Why]], [[same]]" in repo.journal


def test_a_note_that_cannot_be_read_is_not_taken_for_removed(repo: Repository) -> None:
    path = repo.vault / "Claims/ants.md"
    path.write_text("---\ntitle: [\n---\n\nIt may hold.\n")
    repo.record("2026-01-02")
    assert repo.journal.startswith("### 2026-01-02\n\n- Cannot be read: [[ants|Ants]]\n\n")
    repo.commit()
    repo.settled()
    path.write_text("---\ntitle: [[\n---\n\nIt may hold.\n")
    repo.settled()
    repo.commit("2026-01-03")
    # What it was before counts, not what it would be without its properties.
    repo.put(ants=claim("It may hold."))
    repo.record("2026-01-04")
    line = "- Reworded [[ants|Ants]]: “holds.” → “may hold.” (a hedge changed)"
    assert repo.journal.startswith(f"### 2026-01-04\n\n{line}\n\n### 2026-01-02\n\n")
    repo.commit()
    repo.settled()
    assert repo.changelog("--rebuild", "--check").code == 0
    path.write_bytes(b"\xff")
    found = repo.changelog("--check")
    assert (found.code, "Claims/ants.md: not UTF-8 at byte 0" in found.err) == (2, True)


def test_a_note_that_can_be_read_again_is_not_added_again(repo: Repository) -> None:
    for day, text in (("02", "---\ntitle: [\n---\n"), ("03", claim()), ("04", None)):
        repo.put(ants=text)
        repo.record(f"2026-01-{day}")
        repo.commit()
        repo.settled()
    assert repo.journal == (
        "### 2026-01-04\n\n- Removed “Ants”\n\n### 2026-01-03\n\n- Readable again: Ants\n\n"
        f"### 2026-01-02\n\n- Cannot be read: Ants\n\n{FIRST}"
    )
    assert repo.changelog("--rebuild", "--check").code == 0


def test_crlf_and_a_mark_of_byte_order_stay(tmp_path: Path) -> None:
    text = f"\ufeff{FILES['Changelog.md']}".replace("\n", "\r\n")
    repo = Repository(tmp_path, {**FILES, "Changelog.md": ""})
    repo.note.write_bytes(text.encode())
    repo.put(ants=claim())
    repo.record()
    repo.commit()
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-02")
    written = repo.note.read_bytes().decode()
    assert written.startswith("\ufeffMine.\r\n")
    assert "\r\n\r\n- Added [[bees|Bees]]\r\n\r\n###" in written
    assert "\n" not in written.replace("\r\n", "")


def test_a_vault_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    repo = Repository(tmp_path, FILES, "a folder/vault")
    repo.put(ants=claim())
    repo.record()
    repo.commit()
    (repo.top / "Changelog.md").write_text("Another's.\n")
    repo.put(bees=claim(title="Bees"))
    repo.commit("2026-01-02")
    repo.git("mv", "a folder/vault/Claims/ants.md", "a folder/vault/Claims/bugs.md")
    repo.record("2026-01-03")
    assert repo.journal == (
        "### 2026-01-03\n\n- Renamed [[bugs|Ants]], before: Claims/ants\n\n"
        f"### 2026-01-02\n\n- Added [[bees|Bees]]\n\n{FIRST}"
    )


def test_the_note_that_keeps_the_journal_may_have_another_name(tmp_path: Path) -> None:
    toml = f'{TOML}\n[changelog]\nnote = "Log/News.md"\n'
    repo = Repository(
        tmp_path, {**FILES, "vaultsync.toml": toml, "Log/News.md": block("changelog")}
    )
    repo.put(ants=claim())
    repo.record()
    assert (repo.vault / "Log/News.md").read_text() == block("changelog", FIRST)
    assert (
        repo.vault / "Changelog.md"
    ).read_text() == f"Mine.\n\n{block('changelog', FIRST)}\nMine, too.\n"


@pytest.mark.parametrize("text", ["", "Its properties are gone.\n", "---\n---\n\nIt holds.\n"])
def test_a_note_that_lost_its_properties_was_not_removed(repo: Repository, text: str) -> None:
    make(repo.vault, {"Queries/why.md": note("Why?", title="Why")})
    repo.record()
    repo.commit()
    (repo.vault / "Queries/why.md").write_text(text)
    repo.record("2026-01-02")
    assert repo.journal.startswith("### 2026-01-02\n\n- Cannot be read: [[why|Why]]\n\n")


@pytest.mark.parametrize(
    "text", ["", "Its properties are gone.\n", "---\n---\n\nIt holds.\n", claim(status="")]
)
def test_a_note_that_is_a_draft_without_its_properties_was_removed(
    repo: Repository, text: str
) -> None:
    repo.put(ants=text)
    repo.record("2026-01-02")
    assert repo.journal == f"### 2026-01-02\n\n- Removed “Ants”\n\n{FIRST}"


@pytest.mark.parametrize("text", [f"\n{claim()}", claim().replace("---\n\n", "\n")])
def test_displaced_properties_are_no_removal(repo: Repository, text: str) -> None:
    repo.put(ants=text)
    repo.record("2026-01-02")
    assert repo.journal == f"### 2026-01-02\n\n- Cannot be read: [[ants|Ants]]\n\n{FIRST}"


@pytest.fixture
def both(repo: Repository) -> Repository:
    """Return a repository on `side`, whose lock merges by union with that of `main`."""
    make(repo.vault, {".gitattributes": "changelog.lock merge=union\n"})
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    return repo


def merge(repo: Repository, day: str) -> None:
    """Merge `side` into `main` on a day, up to the commit."""
    repo.day = day
    repo.git("merge", "-q", "--no-ff", "--no-commit", "-X", "theirs", "side")
    repo.record()


@pytest.mark.parametrize("day", ["2026-01-02", "2026-01-03"])
def test_what_one_branch_renamed_and_the_other_reworded(both: Repository, day: str) -> None:
    both.put(ants=claim("It now holds."))
    both.record("2026-01-02")
    both.commit()
    both.git("checkout", "-q", "main")
    both.git("mv", "Claims/ants.md", "Claims/bugs.md")
    both.record(day)
    both.commit()
    merge(both, "2026-01-04")
    lines = [
        "- Renamed [[bugs|Ants]], before: Claims/ants",
        "- Reworded [[bugs|Ants]]: “It” → “It now”",
    ]
    found = both.journal.removesuffix(f"\n\n{FIRST}").split("\n")
    assert (found[0], sorted(found[2:])) == (f"### {day}", lines)
    both.commit()
    both.settled()


def test_what_two_branches_recorded_of_a_note_since_one_state_is_one_change(
    both: Repository,
) -> None:
    both.put(ants=claim(title="Red ants"), bees=claim(title="Bees"))
    both.record("2026-01-02")
    both.commit()
    both.git("checkout", "-q", "main")
    both.put(ants=claim("It rains\n\nhere."), bees=claim(title="Bees"))
    both.record("2026-01-03")
    both.commit()
    merge(both, "2026-01-04")
    lines = (
        "- Added [[bees|Bees]]\n- Reworded [[ants|Red ants]]: “holds.” → “rains”\n"
        "- Reworded the title of [[ants|Red ants]]: “Ants” → “Red ants”"
    )
    assert both.journal == f"### 2026-01-03\n\n{lines}\n\n{FIRST}"
    both.commit()
    both.settled()


@pytest.mark.parametrize("day", ["2026-01-02", "2026-01-03"])
@pytest.mark.parametrize("new", ["ants", "bugs"])
@pytest.mark.parametrize(
    ("lead", "line"),
    [
        ("It now holds.", ""),
        ("It snows.", "\n- Reworded [[{}|Ants]]: “now holds.” → “snows.”"),
        ("It rains.", "\n- Reworded [[{}|Ants]]: “now holds.” → “rains.”"),
    ],
)
def test_what_one_branch_recorded_and_the_other_changed_past_the_hook(
    both: Repository, day: str, new: str, lead: str, line: str
) -> None:
    both.put(ants=claim("It now holds.", "a\nb\nc\nd\ne\nf\n"))
    both.record("2026-01-02")
    both.commit()
    both.git("checkout", "-q", "main")
    both.git("mv", "-k", "Claims/ants.md", f"Claims/{new}.md")
    both.put(**{new: claim("It rains.", "a\nb\nc\nd\ne\nf\n")})
    both.commit(day)
    both.day = "2026-01-04"
    both.git("merge", "-q", "--no-ff", "--no-commit", "-X", "theirs", "side")
    both.put(**{new: claim(lead, "a\nb\nc\nd\ne\nf\n"), "bees": claim(title="Bees")})
    both.record()
    last = f"### 2026-01-04\n\n- Added [[bees|Bees]]{line.format(new)}\n\n"
    reworded = f"- Reworded [[{new}|Ants]]: “It” → “It now”"
    renamed = f"- Renamed [[{new}|Ants]], before: Claims/ants"
    days = {"2026-01-02": [reworded]}
    if new == "bugs":
        days.setdefault(day, []).append(renamed)
    assert both.journal.startswith(last)
    told = both.journal.removeprefix(last).removesuffix(f"\n\n{FIRST}").split("\n\n")
    assert dict(zip((date[4:] for date in told[::2]), told[1::2], strict=True)) == {
        date: "\n".join(lines) for date, lines in days.items()
    }
    both.commit()
    both.settled()


def test_what_one_branch_removed_and_a_merge_keeps_was_not_removed(both: Repository) -> None:
    both.put(ants=None, bees=claim(title="Bees"))
    both.record("2026-01-02")
    both.commit()
    both.git("checkout", "-q", "main")
    both.put(ants=claim("It rains."))
    both.commit("2026-01-03")
    both.day = "2026-01-04"
    both.git("merge", "-q", "--no-ff", "--no-commit", "-s", "ours", "side")
    both.git("checkout", "side", "--", "Changelog.md", "Claims/bees.md", "changelog.lock")
    both.record()
    assert both.journal.startswith(
        "### 2026-01-02\n\n- Added [[bees|Bees]]\n- Reworded [[ants|Ants]]: “holds.” → “rains.”\n\n"
    )


A, B, C, D = (f"{letter}" * 40 for letter in "abcd")


def lock_of(*lines: str) -> dict[str, Recorded]:
    return parse_lock("changelog.lock", "\n".join(lines).encode())


def test_a_name_that_a_note_had_may_be_that_of_another_one() -> None:
    lock = lock_of(
        f"a.md {A} 1 2026-01-02 {B} 11",
        f"b.md {C} 2 2026-01-01 {B} 22 a.md",
        f"c.md {D} 3 2026-01-01 {C} 33 d.md",
    )
    assert followed(lock, {"a.md", "b.md", "c.md"}, {}) == lock
    (one, other) = followed(lock, {"b.md", "c.md"}, {}).values()
    assert (one.path, one.id, one.day, one.origin) == ("b.md", A, "2026-01-02", "a.md")
    assert one.others == {("2026-01-01", "22")}
    assert other == lock["c.md"]


@pytest.mark.parametrize(("before", "count"), [(B, 1), (C, 2)])
def test_what_one_branch_renamed_and_the_other_removed_is_one_note(before: str, count: int) -> None:
    lock = lock_of(f"a.md - - 2026-01-02 {before} 11", f"b.md {A} 1 2026-01-02 {B} 22 a.md")
    found = followed(lock, {"b.md"}, {})
    assert len(found) == count
    assert found["b.md"].id == A
    assert found["b.md"].lines == ({"11", "22"} if count == 1 else {"22"})
    assert found["b.md"].clashes is (count == 1)


@pytest.mark.parametrize("before", [f" 2026-01-01 {C} 11", ""])
def test_the_later_day_counts_where_branches_began_with_different_states(before: str) -> None:
    later = f"b.md {A} 1 2026-01-02 {B} 22 a.md"
    assert lock_of(f"b.md {C} 2{before}", later) == lock_of(later)
    (known,) = followed(lock_of(f"a.md {C} 2{before}", later), {"b.md"}, {}).values()
    assert {"b.md": msgspec.structs.replace(known, former="")} == lock_of(later)
    assert known.former == "a.md"


def test_a_note_that_is_added_and_renamed_on_a_day_is_linked_by_its_name(repo: Repository) -> None:
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-02")
    repo.commit()
    repo.git("mv", "Claims/bees.md", "Claims/wasps.md")
    repo.record()
    assert "- Added [[wasps|Bees]]\n" in repo.journal


def test_a_line_leads_no_longer_to_a_note_that_is_removed_on_a_day_of_its_own(
    repo: Repository,
) -> None:
    repo.put(bees=claim(title="Bees"))
    repo.record("2026-01-02")
    repo.commit()
    repo.put(bees=claim(title="Bees", status="contested"))
    repo.record("2026-01-03")
    repo.commit()
    repo.put(bees=None)
    repo.record()
    assert "- Removed “Bees”" in repo.journal
    assert "- Added Bees" in repo.journal
