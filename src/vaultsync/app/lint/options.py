"""What the options of `vaultsync lint` ask for."""

from __future__ import annotations

import click
import msgspec

from vaultsync.lint.formats import FOR_PEOPLE, FROM_TOP


class Request(msgspec.Struct, frozen=True):
    """The options, by their names."""

    paths: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    output_format: str
    fix: bool
    unsafe_fixes: bool
    diff: bool
    staged: bool
    since: str | None
    strict: bool
    no_cache: bool
    statistics: bool
    baseline: str | None
    no_baseline: bool
    write_baseline: bool

    @property
    def for_people(self) -> bool:
        """Whether a person reads what is printed, not a program."""
        return self.output_format in FOR_PEOPLE

    @property
    def repeatable(self) -> bool:
        """Whether nothing is written, and the vault's files and git's list of them are all."""
        changing = self.fix or self.diff or self.write_baseline
        comparing = self.staged or self.since is not None
        from_top = self.output_format in FROM_TOP
        return not (changing or comparing or from_top or self.no_cache)

    @property
    def failing(self) -> set[str]:
        """The severities that make exit code 1."""
        return {"error", "warning"} if self.strict else {"error"}

    def refuse_contradictions(self) -> None:
        """Raise `click.UsageError` for options that do not go together."""
        fixing = self.fix or self.diff
        countable = self.for_people or self.output_format == "json"
        partial = self.paths or self.select or self.ignore or self.since
        whole = "--write-baseline is about all notes and rules: leave out PATHS and"
        contradictions = {
            "--fix and --diff are about the files on disk, --staged is not": (
                self.staged and fixing
            ),
            "--unsafe-fixes goes with --fix or --diff": self.unsafe_fixes and not fixing,
            "--baseline and --no-baseline contradict each other": (
                self.baseline and self.no_baseline
            ),
            "--write-baseline goes with neither --fix, --staged nor --no-baseline": (
                self.write_baseline and (self.fix or self.staged or self.no_baseline)
            ),
            f"{whole} --select, --ignore, --since": self.write_baseline and partial,
            "--statistics goes with the formats full, concise and json": (
                self.statistics and not countable
            ),
        }
        for message, contradicts in contradictions.items():
            if contradicts:
                raise click.UsageError(message)
