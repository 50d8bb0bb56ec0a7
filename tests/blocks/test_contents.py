"""What a note holds besides its claim."""

from __future__ import annotations

from tests.blocks.sample import TOML, context, note

from vaultsync.blocks import Context, contents, relations
from vaultsync.notes.note import Note


def bound(files: dict[str, str], name: str, toml: str = TOML) -> tuple[Note, Context]:
    """Return a note of a vault, and the vault."""
    found = context(files, toml)
    return next(note for note in found.notes if note.path == name), found


def test_paragraphs_properties_and_sections() -> None:
    body = "A.\n\nCaveat: not [[b|all]].\n\nMore.\n\nAnd more.\n\n"
    body += "## Open questions\n\n- Why?\n- Who?\n"
    files = {
        "Claims/a.md": note(body, status="x", tested_on="a_*b*", area="[x, y]"),
        "Claims/b.md": note("B.", status="x"),
    }
    toml = f'{TOML}\n[publish]\ndetails = ["area", "tested_on", "none"]\n'
    found = [
        (part.name, part.text, part.is_list)
        for part in contents(*bound(files, "Claims/a.md", toml))
    ]
    assert found == [
        ("Caveat", "Caveat: not [[b|all]].", False),
        ("notes", "More.\n\nAnd more.", False),
        ("Area", "Area: x, y", False),
        ("Tested on", "Tested on: a\\_\\*b\\*", False),
        ("Open questions", "- Why?\n- Who?", True),
    ]
    assert list(contents(*bound(files, "Claims/b.md", toml))) == []


def test_relations_show_at_both_ends() -> None:
    related = "A.\n\n## Related\n\n"
    files = {
        "Claims/a.md": note(
            f"{related}- [[b]]: tension: it pulls (crux: which [[c|way]]?)\n- [[c]]\n- [[a]]: us\n"
            "- [[draft]]: SECRET\n- [[private]]: SECRET\n- [[nowhere]]: SECRET\n",
            title="A",
            status="x",
        ),
        "Claims/b.md": note("B.", title="B", status="x"),
        "Claims/c.md": note(f"{related}- [[a]]: other way\n", title="C", status="x"),
        "Claims/draft.md": note(f"{related}- [[b]]: SECRET\n", title="D", status="draft"),
        "Claims/private.md": note(f"{related}- [[b]]: SECRET\n", status="x", publish="false"),
    }
    pull = "tension: it pulls (crux: which [[c|way]]?)"
    assert list(relations(*bound(files, "Claims/a.md"))) == [
        f"[[b|B]]: {pull}",
        "[[c|C]]",
        "[[c|C]]: other way",
    ]
    assert list(relations(*bound(files, "Claims/b.md"))) == [f"[[a|A]]: {pull}"]
    assert list(relations(*bound(files, "Claims/c.md"))) == ["[[a|A]]: other way", "[[a|A]]"]
