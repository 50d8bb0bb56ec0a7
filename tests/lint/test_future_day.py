"""Days of the journal that are after today."""

from __future__ import annotations

import pytest
from tests.lint.settings import CONFIG, TODAY, context

from vaultsync.core.config import LintSettings
from vaultsync.core.model import Vault
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.markdown import parse

SELECTION = engine.select(LintSettings(select=("BDY013",)))
JOURNAL = f"""### 2026-03-01

Before the block.

<!-- vaultsync:changelog -->

###  2026-02-01

- Added A

### {TODAY}

- Added B

#### 2026-02-02

### 2026-02-03, in the evening

### 2026-02-04

- Added C

```
### 2026-02-05
```

<!-- /vaultsync -->

### 2026-03-02
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_headings_that_are_days_of_the_journal_count(end: str) -> None:
    vault = context({"Changelog.md": JOURNAL.replace("\n", end), "other.md": JOURNAL})
    found = engine.findings(vault, SELECTION)
    assert [(one.path, one.start[0], one.message) for one in found] == [
        ("Changelog.md", 7, "2026-02-01 is after today: correct the date"),
        ("Changelog.md", 19, "2026-02-04 is after today: correct the date"),
    ]


def test_there_need_be_no_journal() -> None:
    assert not engine.findings(context({"Changelog.md": "### 2026-02-01\n"}), SELECTION)
    assert not engine.findings(context({"other.md": JOURNAL}), SELECTION)


def test_no_day_is_after_one_that_is_not_known() -> None:
    vault = Vault({"Changelog.md": parse("Changelog.md", JOURNAL)}, frozenset({"Changelog.md"}))
    assert not engine.findings(Context(vault, CONFIG), SELECTION)
