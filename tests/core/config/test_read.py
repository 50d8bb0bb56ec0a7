from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync import __version__
from vaultsync.core.config import (
    BodyRules,
    ChangelogSettings,
    Config,
    Lead,
    LintSettings,
    NoteType,
    PathFilter,
    PublishSettings,
    Section,
    Settings,
    TypeRule,
    WebSettings,
    did_you_mean,
    matches_glob,
)
from vaultsync.core.config.read import load_config
from vaultsync.core.errors import ConfigError
from vaultsync.publish import TARGETS

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
    (
        "publish.targets = ['pdf']",
        "`publish.targets[0]` must be one of " + ", ".join(TARGETS),
    ),
    ("web.timeout = 0", "`web.timeout`: expected `float` > 0.0"),
    (
        "changelog.days.2025-01-02 = 2025-01-02",
        "`changelog.days.2025-01-02`: expected `string`, got `date`",
    ),
]
# A type that the settings below speak of.
TYPE = """
types.t.match = ["*"]
types.t.properties.title = {}
types.t.properties.status.enum = ["draft", "open"]
types.t.properties.year.enum = [1999, 2000]
types.t.properties.topics.items.enum = ["art", "law"]
types.t.properties.odd = { items = true, enum = 1 }
types.t.body.sections.Sources.roles = ["original", "contrary"]
types.u.match = ["u/*"]
"""
STATES = ": there is no such state: "
ROLE = ": there is no role "
RULES = "types.t.rules = "
FIRST = "types.u.body.sections.'O q'"
WRONG = [
    ("changelog.timezone = 'Berlin'", "there is no time zone `Berlin`: write it as `Europe/Paris`"),
    ("changelog.timezone = '../x'", "`changelog.timezone`: there is no time zone `../x`"),
    ("publish.page = 'example.org'", "`publish.page` is no address: it begins with https://"),
    ("publish.page = 'javascript:x'", "`publish.page` is no address"),
    ("publish.page = 'https://e.org/\"><b>'", "`publish.page` is no address"),
    (
        "publish.feed-id = 'claims'",
        "`publish.feed-id` is no URI: write one such as `tag:",
    ),
    ("publish.feed-id = 'tag:a#b'", "`publish.feed-id` is no URI"),
    ("publish.outside = 'eror'", "`publish.outside`: there is no `eror`: did you mean `error`?"),
    ("publish.outside = '/a'", "`publish.outside`: there is no `/a`: use one of text, error or an"),
    ("changelog.days.2025-02-30 = ''", "changelog.days.2025-02-30` is no day"),
    ("changelog.days.20250102 = ''", "changelog.days.20250102` is no day"),
    ("changelog.days.2025-W01-1 = ''", "changelog.days.2025-W01-1` is no day"),
    ("types.u.body.lead.sentences = [-1, 2]", "sentences[0]`: expected `integer` >= 0"),
    ("types.u.body.lead.sentences = [3, 2]", "sentences`: the fewest, 3, are more than the most"),
    ("types.u.body.lead.words = 0", "words`: expected `integer` >= 1"),
    ("types.u.states.drfat = {}", f"u.states.drfat`{STATES}did you mean `draft`?"),
    ("types.u.states.zz = {}", f"u.states.zz`{STATES}use one of draft, retired, answered"),
    (f"{FIRST} = {{ roles = ['a'], first = 'b' }}", f"O q.first`{ROLE}`b`: use one of a"),
    (f"{RULES}[{{ require-role = 'contary' }}]", f"{ROLE}`contary`: did you mean `contrary`?"),
    (f"{RULES}[{{ exclusive = true }}]", "t.rules[0].exclusive` goes with `require-role`: name"),
    ("types.t.handle = 'titel'", "t.handle`: there is no property `titel`: did you mean `title`?"),
    ("types.t.scope = 'titel'", "t.scope`: there is no property `titel`: did you mean `title`?"),
    ("types.t.checked = 'titel'", "t.checked`: there is no property `titel`: did you mean"),
    ("types.v.match = []", "v.match`: expected `array` of length >= 1"),
    ("types.v = {}", "`types.v.match` is missing: no note is of this type"),
    ("types.t.required = ['x', 'titel']", "required[1]`: there is no property `titel`: did you"),
    ("types.t.unrecorded = ['titel']", "t.unrecorded[0]`: there is no property `titel`: did you"),
    ("types.t.alias = 'Title'", "t.alias`: there is no property `Title`: did you mean `title`?"),
    ("types.t.states.draft.sttus = 'x'", "t.states.draft.sttus`: there is no property `sttus`"),
    (
        f"{RULES}[{{ when.sttus = 'x' }}]",
        "t.rules[0].when.sttus`: there is no property `sttus`: did",
    ),
    (f"{RULES}[{{}}, {{ require = ['yaer'] }}]", "t.rules[1].require[0]`: there is no prop"),
    ("types.t.body.sections.A.fill.yer = 'year'", "sections.A.fill.yer`: there is no property"),
    ("publish.details = ['topic']", "publish.details[0]`: there is no property `topic`: did you"),
    ("publish.filters = ['topic']", "publish.filters[0]`: there is no property `topic`: did you"),
    ("publish.permalinks = ['topic']", "publish.permalinks[0]`: there is no property `topic`"),
    ("publish.map = 'topic'", "publish.map`: there is no property `topic`: did you mean"),
    (
        "types.t.states.draft.status = 'drfat'",
        "t.states.draft.status`: `status` has no value `drfat`: did you mean `draft`?",
    ),
    (f"{RULES}[{{ when.year = [2000, 7] }}]", "`year` has no value `7`: use one of 1999, 2000"),
    (
        f"{RULES}[{{ when.topics = 'lwa' }}]",
        "rules[0].when.topics`: `topics` has no value `lwa`: did",
    ),
]
RIGHT = [
    "publish.page = 'https://example.org/a'",
    "publish.outside = 'https://example.org/a'",
    "publish.outside = 'error'",
    "changelog.days.2024-02-29 = 'x'",
    "changelog.timezone = 'Asia/Kathmandu'",
    "types.t.body.lead = { sentences = [0, 0], words = 1 }",
    "types.u.states = { draft = { a = 1 }, retired = {}, answered = {} }",
    f"{FIRST} = {{ roles = ['a'], first = 'a' }}",
    f"{FIRST}.first = 'a'",
    f"{RULES}[{{ require-role = 'contrary' }}]",
    f"{RULES}[{{ when.title = 'x' }}]",
    f"types.t.body.sections.More.items = 'source'\n{RULES}[{{ require-role = 'any' }}]",
    "types.u.rules = [{ require-role = 'any' }]",
    "types.t.required = ['colour', 'tags', 'aliases', 'cssclasses', 'publish', 'title']",
    "types.t.properties.tag = {}\ntypes.t.alias = 'tags'",
    "types.u.required = ['titel']",
    "types.t.states.draft = { status = ['draft', 'open'], year = 1999, topics = 'art', odd = 1 }",
    "publish.details = ['title', 'colour']",
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
    """Return what is wrong with settings; each is followed by the line that it is about."""
    try:
        load_config(text)
    except ConfigError as error:
        return str(error).split("\n")[::2]
    return []


TABLES = sorted(set(tables()), key=lambda table: table.__name__)


@pytest.mark.parametrize(("text", "problem"), PROBLEMS)
def test_a_wrong_key_is_named_with_what_may_be_meant(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load_config(text)
    reason, _ = str(raised.value).split("\n")
    assert re.sub(r"^vaultsync.toml:\d+:\d+: ", "", reason) == problem


def test_all_problems_are_told_at_once() -> None:
    text = "a = 1\nexclude = 2\n[lint]\nb = 3\n[types.t]\nmatch = 4\nbody.lead = 5\n"
    with pytest.raises(ConfigError) as raised:
        load_config(text)
    keys = [line.split("`")[1] for line in str(raised.value).split("\n")[::2]]
    assert keys == ["a", "exclude", "lint.b", "types.t.match", "types.t.body.lead"]


@pytest.mark.parametrize(("text", "problem"), WRONG)
def test_a_value_that_cannot_be_meant_is_named(text: str, problem: str) -> None:
    (said,) = problems(TYPE + text)
    assert problem in said


@pytest.mark.parametrize("text", RIGHT)
def test_a_value_that_can_be_meant_is_taken(text: str) -> None:
    assert problems(TYPE + text) == []


def test_wrong_values_are_told_beside_what_cannot_be_read() -> None:
    text = """
web = 1
[changelog.days]
2025-02-30 = 1
[types.t]
match = 1
required = ["titel"]
states = { drfat = 1, draft = { staus = "x" } }
rules = [1, { require-role = "b" }]
properties = { title = 1, status = {} }
body.sections = { S = { fill = { yaer = "x" }, roles = ["a"] }, T = { roles = 1, first = "c" } }
"""
    keys = sorted(line.split("`")[1] for line in problems(text))
    assert keys == [
        "changelog.days.2025-02-30",
        "changelog.days.2025-02-30",
        "types.t.body.sections.S.fill.yaer",
        "types.t.body.sections.T.roles",
        "types.t.match",
        "types.t.properties.title",
        "types.t.required[0]",
        "types.t.rules[0]",
        "types.t.rules[1].require-role",
        "types.t.states.draft.staus",
        "types.t.states.drfat",
        "types.t.states.drfat",
        "web",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "exclude = []\nx = = 1\n",
            "vaultsync.toml:2:5: this is not TOML: \n    2 | x = = 1",
        ),
        ("a = 1\nx = [", "vaultsync.toml:2:1: this is not TOML: \n    2 | x = ["),
        ("x = [\n", "vaultsync.toml:2:1: this is not TOML: "),
    ],
)
def test_what_is_not_toml_is_shown_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load_config(text)
    # Later versions of Python word the reasons in other ways.
    assert re.sub(r"(?<=TOML: )[^\n]*", "", str(raised.value)) == message


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
    claims = prefix.startswith("types.t.") and key != "types.t.match"
    match = "types.t.match = ['*']\n" if claims else ""
    said = problems(f"{match}{key} = {toml(data.draw(VALUES))}")
    assert all(f"`{key}" in line for line in said)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.__name__))
def test_every_key_has_a_default_and_a_line_that_explains_it(table: type[Settings]) -> None:
    assert table.__doc__
    fields = msgspec.structs.fields(table)
    assert isinstance(table(**{field.name: () for field in fields if field.required}), Settings)
    for field in fields:
        meaning = typing.get_args(field.type)[-1]
        assert meaning.endswith(".")
        assert "\n" not in meaning


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
    assert matches_glob(path, ["no", glob]) is fits


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


def test_values_nested_without_end_are_an_error() -> None:
    with pytest.raises(ConfigError, match=r"^vaultsync\.toml: values are nested too deeply"):
        load_config(f"x = {'[' * 20_000}{']' * 20_000}\n")


@pytest.mark.parametrize("key", [".".join(["a"] * 20_000), '"b" . ' * 200 + "c"])
def test_a_key_of_many_parts_is_an_error(key: str) -> None:
    with pytest.raises(ConfigError, match=r"^vaultsync\.toml:2: a key has more than 100 parts"):
        load_config(f"exclude = []\n{key} = 1\n")


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("Old/", ["Old/a.md"]),
        ("a", ["a.md"]),
        ("/", []),
        ("//", ["a.md", "Old/a.md", "b (1).md"]),
        (r"/\.md$/", ["a.md", "Old/a.md", "b (1).md"]),
        (r"/^[^/*+]+ \(\d+\)/", ["b (1).md"]),
        ("/(a+)+$/", []),
        ("/.*a.*b.*/", []),
        ("/(/", []),
        ("/a{1,99999999999}/", []),
    ],
)
def test_a_filter_of_obsidian_is_a_beginning_or_a_regular_expression(
    written: str, fits: list[str]
) -> None:
    paths = ("a.md", "Old/a.md", "b (1).md")
    assert [path for path in paths if matches_glob(path, [PathFilter(written)])] == fits


def test_no_regular_expression_is_searched_for_in_a_very_long_path() -> None:
    assert matches_glob("a" * 255, [PathFilter("/a/")])
    assert not matches_glob("a" * 256, [PathFilter("/a/")])


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (">=0.0.1", ""),
        (f"=={__version__}", ""),
        ("", ""),
        (">=99,<100", f"the vault needs vaultsync >=99,<100, and this is {__version__}: install a"),
        ("0.1", "`0.1` is not a set of versions: write it as `>=0.5`"),
    ],
)
def test_a_vault_names_the_versions_that_it_works_with(wanted: str, problem: str) -> None:
    text = f'required-version = "{wanted}"\n'
    if problem:
        # A key of another version is not the problem.
        with pytest.raises(ConfigError) as caught:
            load_config(f"{text}[new]\n")
        assert str(caught.value).startswith(f"vaultsync.toml:1:1: `required-version`: {problem}")
        assert "unknown key" not in str(caught.value)
    else:
        assert load_config(text).required_version == wanted
    with pytest.raises(ConfigError, match=r"`required-version`: expected `string`"):
        load_config("required-version = 1\n")
