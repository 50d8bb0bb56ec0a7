"""What happened to the notes between two versions of a vault."""

from vaultsync.changelog.history.diff import KINDS, Around, Change, Kind, compare
from vaultsync.changelog.history.last_reworded import Claim, last_reworded
from vaultsync.changelog.history.replay import Day, Read, Replay, properties_of
from vaultsync.changelog.history.serialize import from_bytes, reader_name, to_bytes
from vaultsync.changelog.history.timeline import (
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
from vaultsync.changelog.history.versions import (
    Said,
    Version,
    note_type,
    said,
    says_nothing,
    snapshot,
    version,
)
from vaultsync.changelog.history.words import Meaning, Rewording, meanings, rewordings

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
