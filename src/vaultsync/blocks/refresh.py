"""Refresh the generated blocks that are made of the tree."""

from __future__ import annotations

from vaultsync.blocks import Context, fill
from vaultsync.core.output import Output, replaced


def refresh(context: Context) -> list[Output]:
    """Return the notes whose blocks change, by path."""
    outputs = []
    for path, document in sorted(context.vault.documents.items()):
        if document.error or not document.directives:
            continue
        text = fill(document, context, "tree")
        output = replaced(path, document.text.encode(), text.encode())
        outputs += [output] if output else []
    return outputs
