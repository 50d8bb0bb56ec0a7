"""Names that are one name on some systems, or none."""

from __future__ import annotations

import pytest

from vaultsync.sync.names import is_too_long, twins


@pytest.mark.parametrize(
    ("new", "others", "found"),
    [
        (["note.md"], ["Note.md"], {"note.md": "Note.md"}),
        (["note.md"], ["note.md", "other.md"], {}),
        (["a.md", "A.md"], [], {"A.md": "a.md"}),
        (["notes/b.md"], ["Notes/a.md"], {"notes/b.md": "Notes"}),
        (["caf\u00e9.md"], ["cafe\u0301.md"], {"caf\u00e9.md": "cafe\u0301.md"}),
        (["Stra\u00dfe.md"], ["strasse.md"], {"Stra\u00dfe.md": "strasse.md"}),
        ([], ["Note.md", "note.md"], {}),
    ],
)
def test_names_that_differ_in_case_alone(
    new: list[str], others: list[str], found: dict[str, str]
) -> None:
    assert twins(new, others) == found


def test_a_name_has_so_many_bytes_at_most() -> None:
    assert not is_too_long("folder/" + "a" * 255)
    assert is_too_long("folder/" + "\u00e9" * 128)
    assert is_too_long("a" * 256 + "/note.md")
