"""What the examples of the rules on properties do not show."""

from __future__ import annotations

import pytest
from tests.lint.settings import ALL, context

from vaultsync.core.config.read import load_config
from vaultsync.core.errors import ConfigError
from vaultsync.core.model import Vault
from vaultsync.lint import engine
from vaultsync.lint.context import Context

TYPE = '[types.t]\nmatch = ["T/**"]\n'
OPEN = "`x` has no value `opne`: did you mean `open`?"


def messages(properties: str, toml: str, body: str = "Text.\n") -> list[str]:
    here = context({"T/n.md": f"---\n{properties}\n---\n\n{body}"}, load_config(TYPE + toml))
    return [f"{found.code} {found.message}" for found in engine.findings(here, ALL)]


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("title: a: b", "mapping values are not allowed in this context: quote the value"),
        ("title: @a", "a value cannot begin with `@`: quote the value"),
        ("title: [a", ": quote the value"),
        ("a: b\n- c", "has a value, and a list item follows: remove one of them"),
        ("- a", "the properties are not a list of `name: value` lines"),
        ("a: \0", "the character U+0000 is not allowed"),
        ("a: 'b\nc'", "the value goes on at the start of a line: indent it"),
        ("a: " + "[" * 101 + "]" * 101, "nested deeper than 100 levels"),
    ],
)
def test_the_remedy_fits_what_is_wrong(properties: str, message: str) -> None:
    (found,) = [said for said in messages(properties, "") if said.startswith("PRP001")]
    assert found.endswith(message)


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ('{ enum = ["open", "done"] }', "opne", OPEN),
        ('{ enum = ["open", "done"] }', "zz", "`x` has no value `zz`: use one of open, done"),
        ("{ enum = [1, 2] }", "3", "`x` has no value `3`: use one of 1, 2"),
        (
            '{ type = "string", enum = ["open"] }',
            "5",
            "`x` has no value `5`: use one of open",
        ),
        ('{ enum = ["open"], minLength = 9 }', "opne", OPEN),
        (
            '{ type = "array", items = { enum = ["open"] } }',
            "[open, opne]",
            OPEN,
        ),
        (
            '{ properties = { y = { enum = ["open"] } } }',
            "{ y: opne }",
            OPEN,
        ),
        ('{ type = "integer" }', "a", '`x`: "a" is not of type "integer"'),
        ('{ type = "array" }', "a", '`x`: "a" is not of type "array"'),
        ('{ format = "date" }', "2024-13-01", '`x`: "2024-13-01" is not a "date"'),
        ('{ format = "uri" }', "example", '`x`: "example" is not a "uri"'),
        ("{ items = false }", "[a]", '`x`: False schema does not allow "a"'),
    ],
)
def test_a_value_outside_its_schema_gets_one_complaint(
    schema: str, value: str, message: str
) -> None:
    found = messages(f"x: {value}", f"[types.t.properties]\nx = {schema}\n")
    assert found == [f"PRP003 {message}"]


@pytest.mark.parametrize("value", [".nan", "1e400", "{ {a: 1}: 2 }", "~", "''", "[]"])
def test_odd_values_are_checked_without_a_trace(value: str) -> None:
    assert messages(f"x: {value}", "[types.t.properties]\nx = {}\n") == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sorce", "source"),
        ("Source", "source"),
        ("sources", "source"),
        ("yaer", "year"),
    ],
)
def test_a_near_miss_of_a_name_is_told(name: str, meant: str) -> None:
    toml = 'required = ["source"]\nstates.draft = { status = "draft" }\nproperties.year = {}\n'
    assert messages(f"source: x\n{name}: x", toml)[-1:] == [
        f"PRP004 a t has no property `{name}`: did you mean `{meant}`?"
    ]


@pytest.mark.parametrize(
    ("properties", "name", "meant"),
    [
        ("source: x\nstauts: open", "stauts", "status"),
        ("source: x\nStatus: draft", "Status", "status"),
        ("status: draft\nsorce: x", "sorce", "source"),
        ("status: open\nsource:\nsorce: x", "sorce", "source"),
    ],
)
def test_a_near_miss_of_what_a_note_lacks_is_one_error_also_in_a_draft(
    properties: str, name: str, meant: str
) -> None:
    toml = 'required = ["source"]\nstates.draft = { status = "draft" }\n'
    text = f"---\n{properties}\n---\n\nText.\n"
    found = engine.findings(context({"T/n.md": text}, load_config(TYPE + toml)), ALL)
    message = f"a t has no property `{name}`: did you mean `{meant}`?"
    assert [(one.code, one.severity, one.message) for one in found] == [
        ("PRP016", "error", message)
    ]


@pytest.mark.parametrize(
    "name", ["date", "author", "note", "status", "mood", "created", "rating", "url", "type"]
)
def test_an_author_s_own_property_is_no_near_miss(name: str) -> None:
    toml = (
        'required = ["title", "source"]\n[types.t.properties]\ncite = {}\nyear = {}\n'
        '[[types.t.rules]]\nwhen = { mood = "bad" }\n'
    )
    assert messages(f"title: x\nsource: x\n{name}: t", toml) == []


def test_a_name_that_obsidian_once_read_is_no_near_miss_too() -> None:
    assert [said[:6] for said in messages("tag: x\nAlias: y", "")] == ["PRP010", "PRP010"]


def test_an_alias_is_looked_for_in_any_letter_case() -> None:
    assert messages("title: A claim\nAliases: [A claim]", 'alias = "title"\n') == []
    (said,) = messages("title: A claim\nAliases: [old]", 'alias = "title"\n')
    assert said == "PRP006 the title is not among the aliases"


def test_a_type_s_rule_may_require_a_property() -> None:
    toml = '[[types.t.rules]]\nwhen = { status = ["old", "gone"] }\nrequire = ["why", "when"]\n'
    assert messages("status: new", toml) == []
    assert messages("status: gone\nwhen: now", toml) == ["PRP002 a t needs the property `why`"]


def test_a_role_that_a_rule_requires_names_the_condition() -> None:
    toml = '[[types.t.rules]]\nwhen = { tags = "x" }\nrequire-role = "contrary"\n'
    assert messages("tags: [x, y]", toml) == [
        "SRC001 `tags: x, y` needs a source with the role `contrary`"
    ]


def test_a_missing_property_is_shown_where_its_name_stands_else_at_the_first_line() -> None:
    config = load_config(TYPE + 'required = ["a", "b"]\n')
    here = context({"T/n.md": "\ufeff---\nb:\n---\nText.\n"}, config)
    text = here.vault.documents["T/n.md"].text
    found = [f for f in engine.findings(here, ALL) if f.code == "PRP002"]
    assert [f.span.of(text) for f in found] == ["---", "b"]


@pytest.mark.parametrize(
    ("schema", "key", "reason"),
    [
        ('{ type = "strin" }', "x.type", "there is no type `strin`: did you mean `string`?"),
        ("{ type = 1 }", "x.type", ""),
        ("{ minLength = -1 }", "x.minLength", "-1 is less than the minimum of 0"),
        ('{ pattern = "(" }', "x.pattern", '"(" is not a "regex"'),
        ("{ items = { enum = 1 } }", "x.items.enum", ""),
        ("{ minimum = 2024-01-01 }", "", "Unsupported type: 'date'"),
        ('{ "$ref" = "#/nowhere" }', "", "Pointer '/nowhere' does not exist"),
        ('{ "$ref" = "file:///etc/passwd" }', "", "a schema cannot refer to another file"),
    ],
)
def test_a_wrong_schema_is_named_by_its_key(schema: str, key: str, reason: str) -> None:
    config = load_config(f"{TYPE}[types.t.properties]\nx = {schema}\n")
    with pytest.raises(ConfigError) as caught:
        Context(Vault({}, frozenset()), config).prepare()
    place = ".".join(filter(None, ["types.t.properties", key]))
    assert str(caught.value).startswith(f"vaultsync.toml: `{place}`: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
