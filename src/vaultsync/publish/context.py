"""What the parts of one composition share."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from vaultsync.blocks import Context
from vaultsync.core.model import Document
from vaultsync.notes.note import is_private, is_readable, note_of
from vaultsync.publish.footnotes import Footnotes
from vaultsync.publish.ids import Names
from vaultsync.publish.images import Images
from vaultsync.publish.problems import Problems
from vaultsync.publish.references import References


class Bench(msgspec.Struct, frozen=True):
    """The vault, what was found so far, and `document`, a note as the post may show it."""

    context: Context
    names: Names
    footnotes: Footnotes
    images: Images
    problems: Problems
    references: References
    document: Callable[[str], Document]

    @property
    def post(self) -> str:
        """The path of the post."""
        return self.context.config.publish.post

    def is_hidden(self, path: str) -> bool:
        """Whether a file is a note that readers must not see: private, a draft, or unreadable."""
        document = self.context.vault.documents.get(path)
        if document is None:
            return False
        note = note_of(document, self.context.config)
        is_draft = note is not None and note.is_draft
        return not is_readable(document) or is_private(document) or is_draft
