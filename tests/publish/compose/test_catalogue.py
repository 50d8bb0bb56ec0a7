"""The notes of the post as data."""

from __future__ import annotations

from tests.blocks.sample import NOTES, TOML, context, note

from vaultsync.notes.citation import Source
from vaultsync.publish.compose.catalogue import Catalogue, Edge, Entry, Filter, catalogue
from vaultsync.publish.compose.details import HistoryEntry, NoteHistory

URL = "https://arxiv.org/pdf/2401.00001v2"
PLACES = {"Claims/ropes.md": "ropes", "Claims/bridges.md": "bridges", "Claims/old.md": "old"}
BRIDGES = (
    HistoryEntry("2026-01-04", "Moved, area: a → b", "area"),
    HistoryEntry("2026-01-03", "Added", adds=True),
    HistoryEntry("2026-01-02", "Reworded"),
    HistoryEntry("2026-01-01", "Added", adds=True),
)
HISTORY = NoteHistory({"Claims/bridges.md": BRIDGES}, {"Claims/ropes.md": ("cords",)})
SETTINGS = """
[publish]
filters = ["area", "tags", "status", "checked", "nothing"]
permalinks = ["aliases"]
map = "area"
"""


def made(settings: str = SETTINGS, toml: str = TOML, **texts: str) -> Catalogue:
    files = {**NOTES, **{f"Claims/{name}.md": text for name, text in texts.items()}}
    return catalogue(context(files, toml + settings), PLACES, HISTORY)


def test_notes_with_a_place_and_what_is_told_of_them() -> None:
    bridges, old, ropes = made().entries
    assert (old.name, ropes.name) == ("old", "ropes")
    assert bridges == Entry(
        "bridges",
        "Bridges need slack",
        (),
        {"area": ("building",), "tags": ("steel", "Water"), "status": ("contested",)},
        "building",
        added="2026-01-03",
        changed="2026-01-04",
        claim="Bridges need slack",
        sources=(Source("original", "On Bridges", URL, "Ada et al.", 2024, ("section 2",)),),
    )
    assert (old.group, old.values["status"]) == ("", ("retired",))
    assert (ropes.former, ropes.values["tags"], ropes.group) == (("cords",), ("water",), "rigging")


def test_a_handle_is_the_name_and_the_title_still_leads_there() -> None:
    toml = TOML.replace("[types.claim]", '[types.claim]\nhandle = "handle"')
    text = note("R.", title="R", handle="cord", status="open", aliases="[R, line]")
    ropes = made(toml=toml, ropes=text).entries[2]
    assert (ropes.title, ropes.former) == ("cord", ("R", "cords", "line"))


def test_only_what_the_settings_name_is_told() -> None:
    text = note("R.", title="R", status="open", area="x", aliases="[SECRET]")
    found = made("", ropes=text)
    assert "SECRET" not in repr(found)
    assert all(not entry.values and not entry.group for entry in found.entries)
    assert found.filters == ()
    assert found.entries[0].changed == "2026-01-02", "the page does not show the later change"
    assert made(ropes=text).entries[2].former == ("cords", "SECRET")


def test_ties_are_told_once() -> None:
    assert made().edges == (Edge(0, 2, tension=False),)
    text = (
        NOTES["Claims/ropes.md"] + "\n## Related\n\n- [[bridges]]: tension: r\n- [[private]]: r\n"
    )
    assert made(ropes=text).edges == (Edge(0, 2, tension=True),)


def test_filters_part_the_notes_in_the_order_of_the_settings() -> None:
    toml = TOML.replace(
        'tags = { type = "array" }',
        'tags = { type = "array" }\nstatus = { enum = ["retired", "open", "draft", "contested"] }',
    )
    area, tags, status = made(toml=toml).filters
    assert area == Filter("area", "Area", (("building", 3), ("rigging", 1)))
    assert tags == Filter("tags", "Tags", (("Water", 1), ("steel", 1), ("water", 1)))
    assert status == Filter("status", "Status", (("retired", 1), ("open", 1), ("contested", 1)))


def test_whether_a_note_was_checked_is_yes_or_no() -> None:
    toml = TOML.replace("[types.claim]", '[types.claim]\nchecked = "checked"')
    text = note("R.", status="open", checked="2026-01-02")
    found = made(toml=toml, ropes=text).filters[-1]
    assert found == Filter("checked", "Checked", (("no", 2), ("yes", 1)))
    marked = {entry.name: entry.unchecked for entry in made(toml=toml, ropes=text).entries}
    assert marked == {"bridges": True, "old": True, "ropes": False}
    assert [one.name for one in made(toml=toml).filters] == ["area", "tags", "status"]


def test_groups_come_as_the_settings_list_them_then_by_name() -> None:
    text = note("R.", title="R", status="open", area="arches")
    assert made(ropes=text).groups == ("arches", "building")
    toml = TOML.replace('area = { type = ["string", "array"] }', 'area = { enum = ["building"] }')
    assert made(toml=toml, ropes=text).groups == ("building", "arches")
    assert made("[publish]\nfilters = []\n").groups == ()


def test_abbreviations_are_those_of_the_settings() -> None:
    assert not made().abbreviations
    settings = f'{SETTINGS}\n[publish.abbreviations]\nICL = "in-context learning"\n'
    assert made(settings).abbreviations == {"ICL": "in-context learning"}
