"""Texts of any size made of a repeated pattern: reading them must take time in proportion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fuzz.texts import pieces

Make = Callable[[int], str]


@dataclass(frozen=True)
class Pattern:
    """`unit` and `closing`, each repeated as often as fits, between texts that occur once."""

    before: str
    unit: str
    between: str = ""
    closing: str = ""
    after: str = ""

    def __call__(self, size: int) -> str:
        """Return a text of about `size` characters."""
        count = max(size // len(self.unit + self.closing), 1)
        return f"{self.before}{self.unit * count}{self.between}{self.closing * count}{self.after}"

    @property
    def name(self) -> str:
        """What distinguishes it from others."""
        closing = f"({self.closing})*" if self.closing else ""
        return f"{self.before}({self.unit})*{self.between}{closing}{self.after}"


UNITS = pieces(
    "[·]·[[·]]·![·![[·[](·[a](·](·[a][·[^a·[^·[^1]·[^a]: ·^[·[a]: b\n·> ·>·*·_·*a·*a_·**a ·a**b·"
    "_a ·~~·~a·==a·`·` ·`a·`` ` ·$·$ ·$a·$$ ·$a$ ·$$\n·\\·\\[·%%·%% a ·%%\n·<!--·<!-- a ·<!--\n·"
    "-->·<a ·<a·<b>·</b>·<?·<!A ·<![CDATA[·<a b=\"·<a b='c' ·<http:·<a@b·- ·- a\n·1. ·1. a\n·* ·"
    "- [ ] a\n·#·# ·# a\n·#a·#a ·#1 ·#12 ·#a/·^a· ^a· ^a\n·a ^a\n\n·|·| a ·|-·a|b\n·"
    "|a|b|\n|-|-|\n·\n·\r·\r\n· ·\t· \n·\f·\0·😀·e\u0301·\ud800·&·&amp;·&#1;·(·)·()·a(·[[a]]·"
    "[[a|b]]·[[a\n]]·[[a]·![[a]] ·[a](b)·[a](<b>)·[a](b 'c')·[a](b%20c)·![a](b 'c')·[a [[b]] ·"
    "[[[a]]](b)·[[a]](b)·](<·%·[a](%·    a\n·```\n·```\r·```·~~~\n·> ```\n·===\n·a\n===\n·---\n·"
    "a\n---\n·<div>\n·<div>\n\n·[a] ·[a][a] ·]]](·http://a ·a@b.c ·\"·'·{·> a\n·>a\n\n·> - ·- > ·"
    "[![a](b)](c)·a\\\n·a  \n·\\\\·\\`·[[#a]] ·[[a#b#c]] ·[[../·[[a/·[^a]: b\n\n·[a]: <b> 'c'\n·"
    "[a]: b 'c·[a]:\n·| a | b |\n·# a\n[[#b]]\n·[[`·[[a `]] `·[[a `]] `\n\n·[[$a]] $·[[<a b='·"
    "[[ `[[a]]` ]] "
)
PAIRS = pieces(
    "[ ]·[[ ]]·[[a ]]·![[a ]]·![ ](a)·![ ](<a> 'b')·[ ](a)·[a ](b)·[ ][a]·( )·*a a*·**a a**·_a a_·"
    "<b> </b>·{ }·*a _·`a $·[x `·<!-- -->·%% %%·[a](b( ))·> -·![[a [[b]]·[a ![[b]]"
)
WHOLE = (
    Pattern("", ">", "a\n", "a\n"),
    Pattern("", ">", "- a\n", "a\n"),
    Pattern("", ">", "|a|\n", "|-|\n"),
    Pattern("", "- ", "a\n", "a\n"),
    Pattern("", "- ", "```\n", "\n"),
    Pattern("", "1. ", "\n", "a\n"),
    Pattern("", "- ", "a", "\n"),
    Pattern("a", " ", after="b"),
    Pattern("# a", " ", after="#b"),
    Pattern("# a ", "#", after="b"),
    Pattern("", "a\n", after="==="),
    Pattern("[", "[[a]] ", after="](b)"),
    Pattern("[ ", "[[a]]](", after="[[b]](c)"),
    Pattern("", "![[$a]]\n", closing="](b)\n"),
    Pattern("$$", "\\{"),
    Pattern("[[a `]] `\n\n", "![[", closing="]]"),
    Pattern("x <a ", "b='c'\n"),
    Pattern("|", "a|", "\n|", "-|", "\n||\n"),
    Pattern("", "|", "\n", "|-"),
    Pattern("[a]: ", "b", "\n\n", "[a] "),
    Pattern("[a]: b '", "c", "'\n\n", "[a] "),
    Pattern("|a|b|\n|-|-|\n", "|[[a\\|b]]|c|\n"),
    Pattern("- " * 20 + "```\n", "\n"),
    Pattern("# Sources\n", "- original: [t](u), who 2024; a\n"),
    Pattern("# Sources\n- original: [", "[a]", "]("),
    Pattern("# Sources\n- [t](u), ", "2024 ", "x"),
    Pattern("# Sources\n- [t](u),", " a", "; x"),
    Pattern("# Sources\n- ", "a-", ": "),
    Pattern("# Sources\n- [t](", "(a)"),
    Pattern("# Sources\n- [", "\\]"),
    Pattern("# Related\n- [[a]]: ", "(crux: "),
    Pattern("# Related\n- [", "a"),
    Pattern("# Open questions\n- ", "answered: [["),
    Pattern("# Open questions\n- ", "answered: [a]((a)"),
    Pattern("# Sources\n- a ", "<!-- "),
    Pattern("# Sources\n- a", " ^a"),
    Pattern("# Sources\n", "- a <!-- \n"),
    Pattern("", "# Sources\n- a\n## Related\n- b\n"),
)


def _runs(mark: str) -> Make:
    return lambda size: " ".join(mark * n for n in range(1, int((2 * size) ** 0.5)))


def _counted(*lines: str) -> Make:
    """Return each line many times, with a number for every `@`."""
    length = sum(map(len, lines)) + 3 * len(lines)
    return lambda size: "".join(
        part.replace("@", str(n)) for part in lines for n in range(max(size // length, 1))
    )


def _stairs(line: str) -> Make:
    return lambda size: "".join(" " * n + line for n in range(int((2 * size) ** 0.5)))


def _chain(line: str, first: str) -> Make:
    """Return anchors of which each repeats the one before it, written `@`."""
    return lambda size: (
        f"a0: &a0 {first}\n"
        + "".join(f"a{n}: &a{n} {line.replace('@', str(n - 1))}\n" for n in range(1, size // 24))
    )


def _fenced(make: Make) -> Make:
    return lambda size: f"---\n{make(size)}\n---\n"


_uses = _counted("b@: *a\n")
# Where a unit of YAML may be repeated.
_PLACES = (("", ""), ("a: ", ""), ("a: [", "]"), ("a: |\n  ", ""), ("a: '", "'"), ('a: "', '"'))
YAML_UNITS = pieces(
    '[·{·]·[a, ·{a: ·[[·- ·? ·: ·a: ·&a ·*a ·!a ·\'·"·"\\·a: b\n·- a\n·# c\n·#· ·\t·\n·\r\n·a ·'
    "a\n·|·>·%·é·😀·\x85·\u2028·\x01·\0·''·\\·-·--- ·---\n·...\n·<<: ·!!·&a *a ·~·9·1e·.·- - ·"
    "-\t·-\ta\n·a:\t·a: -\n·,·[]·{}·\ufeff·- [a]\n·- {a: b}\n·\ta\n·  - a\n·[[a]]·'[[a]]', ·a, b: "
)
BLOCKS: dict[str, Make] = {
    "names": _counted("a@: b\n"),
    "names twice": _counted("a@: b\n", "a@: b\n"),
    "names with links": _counted("a@: '[[b]]'\n"),
    "names with texts on two lines": _counted("a@: 'b\n  c'\n"),
    "anchors and aliases": _counted("a@: &a@ b\n", "b@: *a@\n"),
    "merge keys": _counted("a@: &a@ {b: c}\n", "b@: &b@\n  <<: *a@\n"),
    "an alias of a list": Pattern("a: &a [", "x, ", "]\nb: [", "*a, ", "]"),
    "an alias of a text": Pattern("- &a ", "99999", "\n", "- *a\n"),
    "an alias of a link": Pattern("- &a '[[", "aaaaa", "]]'\n", "- *a\n"),
    "aliases as values": lambda size: "a: &a |\n" + "  x\n" * (size // 8) + _uses(size // 2),
    "merge keys in a chain": _chain("{<<: *a@}", "{b: c}"),
    "a bomb": _chain("[*a@, *a@]", "x"),
    "mappings in mappings": _stairs("a:\n"),
    "lists in lists": _stairs("-\n"),
    "a long name": lambda size: f"{'a' * size}: b",
    "a long quoted name": lambda size: f"'{'a' * size}': b",
    "a long link": lambda size: f"a: '[[{']' * size}'",
    "a long destination": lambda size: f"a: '[a]({'(a)' * (size // 3)}'",
    "a lone dash": lambda size: f"a:{' ' * size}-x\n\t",
}
MARKDOWN: dict[str, Make] = {
    **{Pattern("", unit).name: Pattern("", unit) for unit in UNITS},
    **{pair: Pattern("", *pair.rsplit(" ", 1)) for pair in PAIRS},
    **{whole.name: whole for whole in WHOLE},
    "runs of backticks": _runs("`"),
    "runs of dollars": _runs("$"),
    "runs of asterisks": _runs("*"),
    "lists by indentation": _stairs("- a\n"),
    "quotes by steps": lambda size: "".join(f"{'>' * n}a\n" for n in range(int((2 * size) ** 0.5))),
    "references": _counted("[a@]: b\n", "[a@] "),
    "footnotes": _counted("[^a@]: b\n\n", "[^a@] "),
    "headings and links to them": _counted("# a@\n", "[[#a@]]\n"),
    "broken headings": _counted("# a@\n", "[[#b@]]\n"),
    "suppressions": _counted("%% vaultsync-disable LNK, LNK001 %%\n", "[[a@]]\n"),
    "a long suppression": Pattern("%% vaultsync-disable ", "LNK001, ", after="%%\n"),
}
YAML: dict[str, Make] = {
    **{
        pattern.name: pattern
        for before, after in _PLACES
        for unit in YAML_UNITS
        for pattern in [Pattern(f"---\n{before}", unit, after=f"{after}\n---\n")]
    },
    **{name: _fenced(make) for name, make in BLOCKS.items()},
}
