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


def test_each_argument_is_a_line_of_a_message_and_none_has_more() -> None:
    error = VaultError("a\n\x1b.md: cannot be read", "b")
    assert str(error) == "a  .md: cannot be read\nb"
    assert VaultError("a\n.md: cannot be read").without("a\n.md") == "cannot be read"
