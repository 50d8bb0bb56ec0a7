"""Formulas as MathML, which browsers show without scripts."""

from __future__ import annotations

import functools
import re

from vaultsync.publish.targets.dialect import clean

# https://www.w3.org/TR/mathml-core/, without what links or holds other markup.
_TAG_NAMES = """
math mi mn mo ms mspace mtext mrow mfrac msqrt mroot mstyle mpadded mphantom menclose merror msub
msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd semantics
"""
_ATTRIBUTE_NAMES = """
accent accentunder columnalign columnlines columnspacing depth displaystyle fence form height
largeop linethickness lspace mathvariant maxsize minsize movablelimits notation rowlines rowspacing
rspace scriptlevel separator stretchy symmetric voffset width
"""
_MATH_TAGS = set(_TAG_NAMES.split())
_MATH_ATTRIBUTES = {"math": {"display"}, "*": set(_ATTRIBUTE_NAMES.split())}
_UNKNOWN = re.compile(r"<m[io]>(\\[A-Za-z]+)</m[io]>")
# What the library raises for a formula that is broken, and what it fails to check for.
_UNCHECKED = (ArithmeticError, LookupError, RecursionError, StopIteration, TypeError, ValueError)


class NotMath(Exception):  # noqa: N818 - describes the text
    """A text is not LaTeX that can be shown."""


def mathml(tex: str, *, display: bool) -> str:
    """Return a formula as MathML. Raises `NotMath` where it cannot be read."""
    # Most posts have no formula, and the import takes a while.
    from latex2mathml.converter import convert

    try:
        made = convert(tex, display="block" if display else "inline")
    except _broken() as error:
        raise NotMath(f"it is broken ({type(error).__name__.removesuffix('Error')})") from None
    if unknown := _UNKNOWN.search(made):
        raise NotMath(f"`{unknown[1]}` is not known")
    return clean(made, tags=_MATH_TAGS, attributes=_MATH_ATTRIBUTES)


@functools.lru_cache(maxsize=1)
def _broken() -> tuple[type[Exception], ...]:
    from latex2mathml import exceptions

    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type)]
    return *_UNCHECKED, *(kind for kind in kinds if issubclass(kind, Exception))
