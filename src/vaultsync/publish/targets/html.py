"""The page: the post as one self-contained HTML file."""

from __future__ import annotations

from vaultsync import __version__
from vaultsync.publish.catalogue import Catalogue
from vaultsync.publish.dialect import Dialect, quoted
from vaultsync.publish.render_job import Order
from vaultsync.publish.scan import Math
from vaultsync.publish.targets.map import drawing
from vaultsync.publish.targets.mathml import NotMath, mathml
from vaultsync.publish.targets.page import Chunks, page


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
    text += _map(composition.catalogue, chunks)
    generator = f"vaultsync {__version__}"
    return page(
        composition.title, text, generator, composition.images, chunks, composition.catalogue
    )


def _map(catalogue: Catalogue, chunks: Chunks) -> str:
    """Return the map under a heading, as Markdown; "" where there is none."""
    shown = drawing(catalogue)
    return f"\n\n## Map\n\n<div>{chunks.add(shown)}</div>\n" if shown else ""
