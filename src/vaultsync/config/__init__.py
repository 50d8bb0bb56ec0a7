"""`vaultsync.toml` as data: its tables, how they are read, and what is checked."""

from vaultsync.config.checks import vocabulary
from vaultsync.config.near import did_you_mean
from vaultsync.config.read import FILE_NAME, load_config
from vaultsync.config.tables import (
    BodyRules,
    ChangelogSettings,
    Condition,
    Config,
    Items,
    Lead,
    Level,
    LintSettings,
    NoteType,
    PublishSettings,
    Section,
    Settings,
    TypeRule,
    WebSettings,
    matches,
)

__all__ = [
    "FILE_NAME",
    "BodyRules",
    "ChangelogSettings",
    "Condition",
    "Config",
    "Items",
    "Lead",
    "Level",
    "LintSettings",
    "NoteType",
    "PublishSettings",
    "Section",
    "Settings",
    "TypeRule",
    "WebSettings",
    "did_you_mean",
    "load_config",
    "matches",
    "vocabulary",
]
