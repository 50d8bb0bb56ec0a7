"""The targets: what file each makes of the composed post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pkgutil import resolve_name

import msgspec

from vaultsync.blocks.context import Context
from vaultsync.publish.compose import Composition, Read, compose
from vaultsync.publish.compose.context import PublishProblem

PAGE = "post.html"
# To render a note takes so many times as long as to check it.
_TIMES = 10


class Target(msgspec.Struct, frozen=True):
    """A target: its files, each with the function that renders it as `module:function`.

    `folded` puts under each bullet what its note has in addition to the claim. `images`: the images
    are files of their own. `whole`: it contains notes that the post does not list.
    """

    files: Mapping[str, str]
    folded: bool = False
    images: bool = False
    whole: bool = False

    @property
    def file(self) -> str:
        """The first of its files, which represents all of them."""
        return next(iter(self.files))


TARGETS = {
    "markdown": Target({"post.md": "markdown:make"}, images=True),
    "html": Target({PAGE: "html:make"}, folded=True),
    "lesswrong": Target({"lesswrong.md": "lesswrong:markdown"}),
    "lesswrong-rich": Target({"lesswrong.html": "lesswrong:rich_text"}),
    "feed": Target({"feed.xml": "feed:make"}, folded=True),
    "bibliography": Target(
        {"references.bib": "bibliography:bibtex", "references.json": "bibliography:csl_json"},
        folded=True,
    ),
    "data": Target({"encyclopedia.json": "data:make"}, folded=True, whole=True),
}


class Rendered(msgspec.Struct, frozen=True):
    """What came of one composition: files by target, and as of `Composition` all else."""

    files: dict[str, dict[str, bytes]]
    inputs: dict[str, str]
    paths: tuple[str, ...]
    problems: tuple[PublishProblem, ...]


def render(
    context: Context, targets: Iterable[str], read: Read
) -> tuple[dict[str, bytes], tuple[Rendered, ...]]:
    """Return the files of the targets by name, and what came of each composition.

    What a target cannot show is a problem of its composition. Raises as `compose` does.
    """
    wanted = tuple(targets)

    def rendered(folded: str) -> Rendered:
        names = [name for name in wanted if TARGETS[name].folded is bool(folded)]
        return _rendered(compose(context, read, folded=bool(folded)), names)

    # The longer work first.
    forms = sorted({"folded" if TARGETS[name].folded else "" for name in wanted}, reverse=True)
    size = _TIMES * len(context.published)
    made = tuple(context.memo.share(rendered, forms, Rendered, size=size))
    files = {target: found for one in made for target, found in one.files.items()}
    return {name: data for target in wanted for name, data in files[target].items()}, made


def _rendered(composition: Composition, targets: Iterable[str]) -> Rendered:
    files: dict[str, dict[str, bytes]] = {}
    for target in targets:
        found, kind = files.setdefault(target, {}), TARGETS[target]
        composition = composition.whole() if kind.whole else composition
        for name, function in kind.files.items():
            # The modules of targets that are not rendered are not imported.
            make = resolve_name(f"{__name__}.{function}")
            found[name] = make(composition).encode("utf-8", "replace")
        if kind.images or composition.context.config.publish.page:
            found.update(composition.images)
    problems = tuple(composition.problems)
    return Rendered(files, composition.inputs, composition.paths, problems)


def published_paths(made: Iterable[Rendered]) -> list[str]:
    """Return the paths of the notes that must be right before what was made is published."""
    return sorted({path for one in made for path in one.paths})
