"""What happened to the notes between two versions of a vault."""

from vaultsync.history.changes import KINDS, Around, Change, Kind, compare
from vaultsync.history.checked import Claim, last_reworded
from vaultsync.history.days import (
    Revision,
    Span,
    Step,
    Touch,
    dated,
    day_of,
    net,
    renamed,
    spans,
    with_step,
)
from vaultsync.history.kept import from_bytes, reader_name, to_bytes
from vaultsync.history.replay import Day, Read, Replay, properties_of
from vaultsync.history.versions import (
    Said,
    Version,
    note_type,
    said,
    says_nothing,
    snapshot,
    version,
)
from vaultsync.history.words import Meaning, Rewording, meanings, rewordings

__all__ = [
    "KINDS",
    "Around",
    "Change",
    "Claim",
    "Day",
    "Kind",
    "Meaning",
    "Read",
    "Replay",
    "Revision",
    "Rewording",
    "Said",
    "Span",
    "Step",
    "Touch",
    "Version",
    "compare",
    "dated",
    "day_of",
    "from_bytes",
    "last_reworded",
    "meanings",
    "net",
    "note_type",
    "properties_of",
    "reader_name",
    "renamed",
    "rewordings",
    "said",
    "says_nothing",
    "snapshot",
    "spans",
    "to_bytes",
    "version",
    "with_step",
]
