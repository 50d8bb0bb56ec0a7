from __future__ import annotations

import json
import typing
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.config import (
    BodyRules,
    ChangelogSettings,
    Config,
    Lead,
    LintSettings,
    NoteType,
    PublishSettings,
    Section,
    Settings,
    TypeRule,
    WebSettings,
    did_you_mean,
    load_config,
    matches,
)
from vaultsync.errors import ConfigError

# Settings, and what is said about them. Each line of the answer begins with the file's name.
PROBLEMS = [
    ("exclud = []", "unknown key `exclud`: did you mean `exclude`?"),
    ("zzz = 1", "unknown key `zzz`"),
    ("types = 3", "`types`: expected `table`, got `integer`"),
    ("types.a = 4", "`types.a` must be a table"),
    ("types.a.matches = []", "unknown key `types.a.matches`: did you mean `match`?"),
    ("types.a.rules = 'x'", "`types.a.rules`: expected `array`, got `string`"),
    ("types.a.rules = [1]", "`types.a.rules[0]` must be a table"),
    ("[[types.a.rules]]\n[[types.a.rules]]\nx = 1", "unknown key `types.a.rules[1].x`"),
    ("types.a.states.draft = 1", "`types.a.states.draft`: expected `table`, got `integer`"),
    (
        "types.a.body.lead.words = true",
        "`types.a.body.lead.words`: expected `integer | null`, got `boolean`",
    ),
    (
        "types.a.body.lead.sentences = [1, 'x']",
        "`types.a.body.lead.sentences[1]`: expected `integer`, got `string`",
    ),
    (
        "types.a.body.lead.sentences = [1]",
        "`types.a.body.lead.sentences`: expected `array` of length 2, got 1",
    ),
    (
        "types.a.body.sections.'O q'.fill.source = 'x'",
        "`types.a.body.sections.O q.fill.source` must be one of url, cite, year",
    ),
    ("lint.select = ['LNK', 1]", "`lint.select[1]`: expected `string`, got `integer`"),
    (
        "lint.severity.LNK001 = []",
        "`lint.severity.LNK001` must be one of error, warning, hint, off",
    ),
    ("publish.targets = ['pdf']", "`publish.targets[0]` must be one of markdown, html"),
    ("web.timeout = 0", "`web.timeout`: expected `float` > 0.0"),
    (
        "changelog.days.2025-01-02 = 2025-01-02",
        "`changelog.days.2025-01-02`: expected `string`, got `date`",
    ),
]
VALUES = st.recursive(
    st.booleans() | st.integers(0, 9) | st.floats(0, 9) | st.sampled_from(["", "error", "html"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)


OWNERS: dict[str, type[Settings]] = {
    "": Config,
    "lint.": LintSettings,
    "web.": WebSettings,
    "changelog.": ChangelogSettings,
    "publish.": PublishSettings,
    "types.t.": NoteType,
    "types.t.body.lead.": Lead,
}


def toml(value: object) -> str:
    """Write a value in one line of TOML."""
    if isinstance(value, dict):
        inner = (f"{json.dumps(key)} = {toml(item)}" for key, item in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value)


def tables(table: type[Settings] = Config) -> Iterator[type[Settings]]:
    """Yield a table of the settings and all those inside it."""
    yield table
    for field in msgspec.structs.fields(table):
        inner = [field.type, *typing.get_args(field.type)]
        inner += [part for kind in inner for part in typing.get_args(kind)]
        for kind in inner:
            if isinstance(kind, type) and issubclass(kind, Settings):
                yield from tables(kind)


def problems(text: str) -> list[str]:
    """Return what is wrong with settings, line by line."""
    try:
        load_config(text)
    except ConfigError as error:
        return str(error).split("\n")
    return []


TABLES = sorted(set(tables()), key=lambda table: table.__name__)


@pytest.mark.parametrize(("text", "problem"), PROBLEMS)
def test_a_wrong_key_is_named_with_what_may_be_meant(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load_config(text, source="dir/vaultsync.toml")
    assert str(raised.value) == f"dir/vaultsync.toml: {problem}"


def test_all_problems_are_told_at_once() -> None:
    text = "a = 1\nexclude = 2\n[lint]\nb = 3\n[types.t]\nmatch = 4\nbody.lead = 5\n"
    with pytest.raises(ConfigError) as raised:
        load_config(text)
    keys = [line.split("`")[1] for line in str(raised.value).split("\n")]
    assert keys == ["a", "exclude", "lint.b", "types.t.match", "types.t.body.lead"]


def test_what_is_not_toml_is_said_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"^vaultsync.toml: this is not TOML: .*line 2"):
        load_config("exclude = []\nx = = 1\n")


def test_settings_are_read_under_their_written_names() -> None:
    config = load_config("[lint]\nextend-select = ['A']\n[web]\ntimeout = 3\n")
    assert config.lint.extend_select == ("A",)
    assert config.web.timeout == 3.0


def test_no_settings_are_the_defaults() -> None:
    config = load_config("")
    assert msgspec.to_builtins(config) == msgspec.to_builtins(Config())
    assert config.publish.post == "Post.md"


@given(data=st.data())
def test_any_value_under_any_key_is_taken_or_named(data: st.DataObject) -> None:
    prefix = data.draw(st.sampled_from(list(OWNERS)))
    names = [field.encode_name for field in msgspec.structs.fields(OWNERS[prefix])]
    key = prefix + data.draw(st.sampled_from(names))
    said = problems(f"{key} = {toml(data.draw(VALUES))}")
    assert all(f"`{key}" in line for line in said)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.__name__))
def test_every_key_has_a_default_and_a_line_that_explains_it(table: type[Settings]) -> None:
    assert table.__doc__
    assert isinstance(table(), Settings)
    for field in msgspec.structs.fields(table):
        (meta,) = typing.get_args(field.type)[1:]
        assert meta.description.endswith(".")
        assert "\n" not in meta.description


def test_the_tables_above_are_all_the_tables() -> None:
    assert {*OWNERS.values(), BodyRules, Section, TypeRule} <= set(TABLES)


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("Frames/*.md", "Frames/a.md", True),
        ("Frames/*.md", "Frames/b/a.md", False),
        ("Frames/**", "Frames/b/a.md", True),
        ("**/a.md", "a.md", True),
        ("**/a.md", "b/c/a.md", True),
        ("**/a.md", "ba.md", False),
        ("a/**/b", "a/b", True),
        ("?.md", "a.md", True),
        ("?.md", "/.md", False),
        ("a+(b).md", "a+(b).md", True),
        ("a", "ab", False),
        ("*", "a\nb", True),
    ],
)
def test_globs(glob: str, path: str, *, fits: bool) -> None:
    assert matches(path, ["no", glob]) is fits


def test_a_note_has_the_first_type_that_claims_it() -> None:
    config = load_config("[types.a]\nmatch = ['x/*']\n[types.b]\nmatch = ['y/*', 'x/**']\n")
    paths = ("x/n.md", "x/y/n.md", "n.md")
    assert [config.type_name(path) for path in paths] == ["a", "b", None]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("base", "https://x.org/"),
        ("form", "https://x.org/new?to=a"),
        ("deep", "https://x.org/new?to=a#deep"),
        ("gone", ""),
        ("unset", ""),
        ("part", ""),
        ("self", ""),
        ("loop", ""),
    ],
)
def test_addresses_are_filled_in_or_empty(name: str, address: str) -> None:
    addresses = {
        "base": "https://x.org/",
        "form": "{base}/new?to={to}",
        "to": "a",
        "deep": "{form}#deep",
        "unset": "",
        "part": "{unset}/a",
        "self": "{self}/a",
        "loop": "{pool}",
        "pool": "{loop}",
    }
    assert Config(addresses=addresses).address(name) == address


def test_only_a_near_name_is_suggested() -> None:
    assert did_you_mean("colour", ["color", "size"]) == ": did you mean `color`?"
    assert did_you_mean("colour", ["size"]) == ""
