"""`vaultsync.toml` as data: its tables, how they are read, and what is checked."""

from vaultsync.core.config.read import FILE_NAME, allowed_values, did_you_mean, load_config
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
    matches_glob,
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
    "allowed_values",
    "did_you_mean",
    "load_config",
    "matches_glob",
]
