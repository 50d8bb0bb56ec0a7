"""Fixes change what they say they change, in front matter of any style, and nothing else."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import examples
from tests.lint.front_matter import NOTES
from tests.lint.settings import context, fix

from vaultsync.core.config import LintSettings
from vaultsync.core.model import Properties
from vaultsync.lint import engine
from vaultsync.lint.rules import RULES
from vaultsync.markdown.frontmatter.block import read_properties

FIXABLE = engine.select(LintSettings(select=tuple(rule.code for rule in RULES if rule.fixes)))
TABS = engine.select(LintSettings(select=("PRP008",)))
OTHERS = {"Other.md": "Text.\n", "Tree.md": "---\naliases: [Oak]\n---\n"}
PATHS = st.sampled_from(["n.md", "Named/n.md", "Sourced/n.md"])
# Comments and empty lines between two properties are nobody's.
_BEHIND = re.compile(r"(?:[ \t\r\n]|# remark \d+)*\Z")
_LISTS = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}
_FILLED = {"source": "https://a.org/x", "cite": "Lee & Kim 2024", "year": 2024}


@examples(300)
@given(path=PATHS, text=NOTES, unsafe=st.booleans())
def test_only_what_is_fixed_changes(path: str, text: str, *, unsafe: bool) -> None:
    here = context({path: text, **OTHERS})
    fixed = fix(here, FIXABLE, [path], unsafe=unsafe)
    assert fixed.left_out == ()
    assert fix(fixed.context, FIXABLE, [path], unsafe=unsafe).texts == {}
    result = fixed.texts.get(path, text)
    before, after = read_properties(text), read_properties(result)
    _same_form(text, result)
    if before.error:
        return
    assert after.error is None
    assert _remarks(text, before) == _remarks(result, after)
    changed = _changed(before, after, unsafe=unsafe)
    *rest, behind = _rest(text, before, changed)
    # A link in the body is fixed too.
    assert [*rest, behind.replace("[[OAK]]", "[[Tree|OAK]]")] == _rest(result, after, changed)


@examples(100)
@given(text=NOTES, wide=st.sampled_from(["  ", "    "]))
def test_tabs_that_indent_become_blanks_and_all_else_stays(text: str, wide: str) -> None:
    tabbed = re.sub(r"^ +", lambda found: found[0].replace(wide, "\t"), text, flags=re.MULTILINE)
    fixed = fix(context({"n.md": tabbed}), TABS)
    assert fixed.left_out == ()
    assert fix(fixed.context, TABS).texts == {}
    result = fixed.texts.get("n.md", tabbed)
    assert (result == tabbed) or not read_properties(result).error
    assert [line.lstrip(" \t-") for line in result.split("\n")] == [
        line.lstrip(" \t-") for line in tabbed.split("\n")
    ]


def _same_form(text: str, result: str) -> None:
    assert text.startswith("\ufeff") == result.startswith("\ufeff")
    assert text.endswith("\n") == result.endswith("\n")
    newlines = [set(re.findall(r"\r?\n", one)) for one in (text, result)]
    assert newlines[1] <= newlines[0]


def _remarks(text: str, properties: Properties) -> list[str]:
    """Return the comments; within a block of text the same is text."""
    said = repr(properties.data)
    return [one for one in re.findall(r"# remark \d+", text) if one not in said]


def _changed(before: Properties, after: Properties, *, unsafe: bool) -> set[str]:
    """Return the names that changed, were added or taken away; each must have had a reason."""
    changed = set()
    for name, old in before.data.items():
        new = _LISTS.get(name.lower(), name) if name not in after.data else name
        if new != name or repr(after.data[name]) != repr(old):
            assert _is_meant(new, old, after.data[new], before, unsafe=unsafe), name
            changed |= {name, new}
    for name in after.data.keys() - before.data.keys() - changed:
        assert after.data[name] == _FILLED.get(name, [_title(before)])
        changed.add(name)
    return changed


def _is_meant(name: str, old: Any, new: Any, before: Properties, *, unsafe: bool) -> bool:
    if name in _FILLED and new == _FILLED[name]:
        return unsafe or old in (None, "", [])
    old, new = _linked(old), _linked(new)
    if name.lower() not in _LISTS.values() or not isinstance(new, list):
        return _folded(old) == _folded(new)
    items = old if isinstance(old, list) else [] if old in (None, "") else [old]
    named = name.lower() == "aliases" and len(new) > len(items) and new[0] == _title(before)
    new = new[1:] if named else new
    taken_apart = unsafe and _joined(new) == _joined(items)
    return taken_apart or [_folded(item) for item in new] == [_folded(item) for item in items]


def _linked(value: Any) -> Any:
    """Return a value in which wikilinks that YAML reads as lists are texts."""
    if isinstance(value, list):
        inner = value[0] if len(value) == 1 else None
        if isinstance(inner, list) and inner and all(isinstance(part, str) for part in inner):
            return f"[[{', '.join(inner)}]]"
        return [_linked(item) for item in value]
    return {key: _linked(item) for key, item in value.items()} if isinstance(value, dict) else value


def _folded(value: Any) -> str:
    """Return a value as text, with links to one note written in one way."""
    said = value.strip() if isinstance(value, str) else repr(value)
    return re.sub(r"\[\[tree\|oak\]\]", "[[oak]]", said.lower().replace("other.md", "other"))


def _title(properties: Properties) -> str:
    return str(_linked(properties.data.get("title"))).strip()


def _joined(items: list[Any]) -> str:
    return re.sub(r"[,\s]+", "", "".join(map(str, items)))


def _rest(text: str, properties: Properties, changed: set[str]) -> list[str]:
    """Return what stands before and behind the properties, and those that did not change."""
    if properties.span is None:
        return [text]
    fence = text.rindex("---", 0, properties.span.end)
    ends = [*(span.start for span in properties.keys.values()), fence]
    spans = zip(properties.keys, ends, ends[1:], strict=False)
    kept = [_BEHIND.sub("", text[start:end]) for name, start, end in spans if name not in changed]
    return [_BEHIND.sub("", text[: ends[0]]), *kept, text[fence:]]
