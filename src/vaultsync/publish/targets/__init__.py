"""The targets: what file each makes of the composed post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pkgutil import resolve_name
from typing import Any

import msgspec

from vaultsync.blocks.context import Context
from vaultsync.publish.compose import Composition, Read, compose
from vaultsync.publish.compose.context import PublishProblem

PAGE = "post.html"
# To render a note takes so many times as long as to check it, and a text as long as one note for
# so many characters of it.
_TIMES = 10
_CHARACTERS = 700


class Target(msgspec.Struct, frozen=True):
    """A target: its files, each with the function that renders it as `module:function`.

    `folded` puts under each bullet what its note has in addition to the claim. `images`: the images
    are files of their own. `whole`: it contains notes that the post does not list. `prepare` is a
    function that is called before any target is rendered, whose work is shared.
    """

    files: Mapping[str, str]
    folded: bool = False
    images: bool = False
    whole: bool = False
    prepare: str = ""

    @property
    def file(self) -> str:
        """The first of its files, which represents all of them."""
        return next(iter(self.files))


TARGETS = {
    "markdown": Target({"post.md": "markdown:make"}, images=True),
    "html": Target({PAGE: "html:make"}, folded=True, prepare="html:prepare"),
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
    """What came of a composition: files by target, and as of `Composition` all else."""

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


def _rendered(composition: Composition, targets: Sequence[str]) -> Rendered:
    """Return the files of targets, which several processes may render."""
    memo = composition.context.memo

    def rendered(target: str) -> Rendered:
        return _of_target(composition, target)

    def program() -> tuple[Rendered, ...]:
        for prepare in filter(None, (TARGETS[name].prepare for name in targets)):
            _function(prepare)(composition)
        return tuple(memo.share(rendered, targets, Rendered))

    made = memo.together(program, len(composition.text) // _CHARACTERS)
    return Rendered(
        {target: files for one in made for target, files in one.files.items()},
        {path: name for one in made for path, name in one.inputs.items()},
        tuple(dict.fromkeys(path for one in made for path in one.paths)),
        tuple(dict.fromkeys(problem for one in made for problem in one.problems)),
    )


def _of_target(composition: Composition, target: str) -> Rendered:
    kind = TARGETS[target]
    post = composition.whole() if kind.whole else composition
    files = {
        name: _function(make)(post).encode("utf-8", "replace") for name, make in kind.files.items()
    }
    if kind.images or post.context.config.publish.page:
        files.update(post.images)
    return Rendered({target: files}, post.inputs, post.paths, tuple(post.problems))


def _function(name: str) -> Any:
    # The modules of targets that are not rendered are not imported.
    return resolve_name(f"{__name__}.{name}")


def published_paths(made: Iterable[Rendered]) -> list[str]:
    """Return the paths of the notes that must be right before what was made is published."""
    return sorted({path for one in made for path in one.paths})
