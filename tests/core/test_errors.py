from __future__ import annotations

import pytest

from vaultsync.core.errors import ConfigError, ConflictError, GitError, VaultError, VaultsyncError


@pytest.mark.parametrize(
    ("error", "code"), [(ConfigError, 2), (VaultError, 2), (GitError, 2), (ConflictError, 3)]
)
def test_an_error_knows_its_exit_code(error: type[VaultsyncError], code: int) -> None:
    with pytest.raises(VaultsyncError, match="what, where") as raised:
        raise error("what, where")
    assert raised.value.exit_code == code
