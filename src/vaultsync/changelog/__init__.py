"""Record what is new in the journal, and refresh the blocks that are made of it."""

from vaultsync.changelog.derived import derived, latest_name, of_note, rebuild
from vaultsync.changelog.history import Day
from vaultsync.changelog.record import Base, record
from vaultsync.changelog.report import as_json

__all__ = ["Base", "Day", "as_json", "derived", "latest_name", "of_note", "rebuild", "record"]
