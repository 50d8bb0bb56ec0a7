"""The page: the post as one self-contained HTML file."""

from __future__ import annotations

from vaultsync import __version__
from vaultsync.publish.order import Order
from vaultsync.publish.survey import Math
from vaultsync.publish.targets.mathml import NotMath, mathml
from vaultsync.publish.targets.page import Chunks, page
from vaultsync.publish.translate import Dialect, quoted


def make(order: Order) -> str:
    """Return the page."""
    chunks = Chunks()

    def math(found: Math) -> str:
        try:
            return chunks.add(mathml(found.tex, display=found.display))
        except NotMath as error:
            message = f"the page cannot show the formula `{found.tex}`: {error}"
            order.problems.add(message, found.tex, order.composition.paths)
            return ""

    dialect = Dialect(
        name="the page",
        highlight=("<mark>", "</mark>"),
        callout=quoted,
        math=math,
        # All of it is cleaned when it is rendered.
        html=lambda text, span: (span.of(text), ()),
    )
    text = order.translated(order.composition.text, dialect)
    composition = order.composition
    return page(composition.title, text, f"vaultsync {__version__}", composition.images, chunks)
