"""The targets: what file each makes of the composed post."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vaultsync.blocks import literal
from vaultsync.config import Config
from vaultsync.model import Vault
from vaultsync.publish.compose import Composition, compose

Render = Callable[[Composition], str]


def _markdown(composition: Composition) -> str:
    return f"# {literal(composition.title)}\n\n{composition.text}"


def _html(composition: Composition) -> str:
    # The renderer and the templates are loaded only where a page is made.
    from vaultsync import __version__
    from vaultsync.publish.page import page

    return page(composition.title, composition.text, f"vaultsync {__version__}")


PAGE = "post.html"
TARGETS: dict[str, tuple[str, bool, Render]] = {
    "markdown": ("post.md", False, _markdown),
    "html": (PAGE, True, _html),
}


def render(
    vault: Vault, config: Config, targets: Iterable[str]
) -> tuple[dict[str, bytes], tuple[Composition, ...]]:
    """Return the files of the targets by name, and what they were composed of."""
    files, compositions = {}, []
    for target in targets:
        name, folded, make = TARGETS[target]
        composition = compose(vault, config, folded=folded)
        files[name] = make(composition).encode()
        compositions.append(composition)
    return files, tuple(compositions)


def published_paths(compositions: Iterable[Composition]) -> list[str]:
    """Return the paths of the notes that must be right before the compositions are published."""
    return sorted({path for composition in compositions for path in composition.paths})
