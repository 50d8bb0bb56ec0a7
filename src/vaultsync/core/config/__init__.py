"""`vaultsync.toml` as data: its tables, how they are read, and what is checked."""

from vaultsync.core.config.read import FILE_NAME, load_config
from vaultsync.core.config.schema import (
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
from vaultsync.core.config.suggest import did_you_mean
from vaultsync.core.config.validate import vocabulary

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
