"""Clones for the tests of sync, made once for a module and copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.sync.clones import Clones


@pytest.fixture(scope="module")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Return clones with the `NOTES` of the module."""
    return Clones(tmp_path_factory.mktemp("template") / "clones", request.module.NOTES)


@pytest.fixture
def clones(template: Clones, tmp_path: Path) -> Clones:
    """Return a copy of the clones that the module begins with."""
    return template.copied(tmp_path / "clones")
