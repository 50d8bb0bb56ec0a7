"""`vaultsync new`."""

from __future__ import annotations

import click

from vaultsync.app.clock import today
from vaultsync.app.create import Idea, new_note, note_type, same_notes
from vaultsync.app.workspace import Workspace
from vaultsync.cli import complete
from vaultsync.cli.state import State, settle, shown_path
from vaultsync.core.config import Config
from vaultsync.core.model import Vault
from vaultsync.markdown import kind_of
from vaultsync.notes.citation import Source, arxiv_id, canonical_url, doi_of, who_of
from vaultsync.notes.note import DRAFT


@click.command(name="new")
@click.argument("type_name", metavar="TYPE", shell_complete=complete.types)
@click.argument("subject", metavar="TITLE|URL")
@click.pass_obj
def command(state: State, type_name: str, subject: str) -> None:
    """Make a note of a TYPE from its template, as a draft.

    From the address of a paper on arXiv, or a DOI, its title, authors and year are filled in;
    where the registry does not answer, the draft holds the address alone.
    """
    workspace = state.open()
    kind = note_type(workspace.config, type_name)
    words = " ".join(subject.split())
    if not words:
        raise click.UsageError("a note needs a title")
    idea = _idea(workspace.config, words)
    template = _template(workspace, kind.template)
    files = workspace.files()
    output = new_note(workspace.config, type_name, idea, template, files, today())
    for path, what in same_notes(idea, _vault(workspace, files), workspace.config):
        state.note(f"{shown_path(workspace.root, path)} has the same {what}")
    settle(state, workspace.root, [output], check=False, diff=False)
    click.echo(f"{'a draft' if DRAFT in kind.states else 'a note'}, ready to edit")


def _vault(workspace: Workspace, files: frozenset[str]) -> Vault:
    # To read an empty vault is an error, to make its first note is none.
    return workspace.vault if any(kind_of(path) == "note" for path in files) else Vault({}, files)


def _template(workspace: Workspace, path: str) -> str | None:
    return workspace.read_text(path) if path else None


def _idea(config: Config, subject: str) -> Idea:
    is_address = subject.startswith(("http://", "https://")) or arxiv_id(subject) or doi_of(subject)
    return _looked_up(config, canonical_url(subject)) if is_address else Idea(subject)


def _looked_up(config: Config, url: str) -> Idea:
    # The HTTP library is imported only where something is looked up.
    from vaultsync.infra.registries import LookupFailed, Registries, lookup

    registries = Registries(config.web.arxiv, config.web.doi, config.web.timeout)
    try:
        work = lookup(url, registries)
    except LookupFailed as error:
        click.echo(f"not filled in: {error}; title, authors and year are left to you", err=True)
        return Idea(_bare_title(url), Source("", _bare_title(url), url))
    return Idea(work.title, Source("", work.title, work.url, who_of(work.authors), work.year))


def _bare_title(url: str) -> str:
    arxiv, doi = arxiv_id(url), doi_of(url)
    return f"arXiv {arxiv}" if arxiv else f"DOI {doi}" if doi else url.partition("://")[2]
