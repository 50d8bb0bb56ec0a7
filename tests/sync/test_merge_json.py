"""What becomes of a canvas or of settings that both sides of a merge changed."""

from __future__ import annotations

import pytest

from vaultsync.sync.merge_json import merge_json

CANVAS = '{\n\t"nodes":[\n\t\t{"id":"a","x":0},\n\t\t{"id":"b","x":0}\n\t],\n\t"edges":[]\n}'


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        ('{"a": 1, "b": 2}', '{"a": 3, "b": 2}', '{"b": 4}', None),
        ('{"a": 1}', '{"a": 1, "b": 2}', '{"c": 3, "a": 1}', '{"c": 3, "a": 1, "b": 2}'),
        ('{"a": 1, "b": 1}', '{"b": 1}', '{"a": 1, "b": true}', '{"b": true}'),
        ('{"a": {"x": 1}}', '{"a": {"x": 1, "y": 2}}', '{"a": {}}', '{"a": {"y": 2}}'),
        ("", '{"a": 1}', '{"b": 2}', '{"a": 1, "b": 2}'),
        # New and deleted keys do not move the others.
        (
            '{"a": 1, "b": 2}',
            '{"a": 1, "n": 0}',
            '{"a": 1, "m": 0, "b": 2}',
            '{"a": 1, "n": 0, "m": 0}',
        ),
        (
            '{"a": 1, "b": 2}',
            '{"b": 2, "a": 3}',
            '{"a": 1, "b": 2, "n": 0}',
            '{"b": 2, "n": 0, "a": 3}',
        ),
        # Where both moved keys, the order is theirs.
        (
            '{"a": 1, "b": 2, "c": 3}',
            '{"c": 3, "a": 1, "b": 4}',
            '{"b": 2, "a": 5, "c": 3}',
            '{"b": 4, "a": 5, "c": 3}',
        ),
        ('["x", "y"]', '["x", "y", "z"]', '["y"]', '["y", "z"]'),
        (
            '[{"id": "a", "n": 1}]',
            '[{"id": "a", "n": 2}]',
            '[{"id": "b"}, {"id": "a", "n": 1}]',
            '[{"id": "b"}, {"id": "a", "n": 2}]',
        ),
        ('{"a": 1}', '{"a": 2}', '{"a": 3}', None),
        ('{"a": []}', '{"a": [[1]]}', '{"a": [2]}', '{"a": [[1], 2]}'),
        ('{"a": []}', '{"a": [1, 1]}', '{"a": [2]}', None),
        ('{"a": []}', '{"a": [{}]}', '{"a": [2]}', None),
        ('{"a": 1}', '{"a": 2', '{"a": 3}', None),
        ("{}", "[" * 100_000, "{ }", None),
    ],
)
def test_json_is_merged_by_key_and_id(base: str, ours: str, theirs: str, both: str | None) -> None:
    assert merge_json((base, ours, theirs)) == both


def test_the_form_is_theirs() -> None:
    ours = CANVAS.replace('"a","x":0', '"a","x":1')
    theirs = CANVAS.replace('"b","x":0', '"b","x":2') + "\n"
    found = merge_json((CANVAS, ours, theirs))
    assert found is not None
    assert found.endswith('\t"edges": []\n}\n')
    assert '\t\t\t"x": 1' in found
    assert '\t\t\t"x": 2' in found
