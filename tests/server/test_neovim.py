"""Neovim, with the settings that `docs/editors.md` gives for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import needs
from tests.vaults import SOURCES, make

DOCS = Path(__file__).parents[2] / "docs/editors.md"
FILES = {
    ".obsidian/app.json": "{}",
    "folder/a.md": "# A\n\n😀 [[Uno]] and [[Gardning]].\n",
    "Gardening.md": "---\naliases: [Uno]\n---\n# G\n",
}
# What a person does; what is seen then is written as JSON.
SCRIPT = """
local seen = {}
local function wait(check) assert(vim.wait(20000, check, 10), "nothing has come") end
local function press(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), "x", false)
end
local function codes()
  return vim.iter(vim.diagnostic.get(0)):map(function(one) return one.code end):join(" ")
end

local function steps()
  wait(function() return codes() == "LNK007 LNK001" end)
  seen.found = vim.tbl_map(function(one)
    return { one.severity, one.lnum, one.col, one.end_col }
  end, vim.diagnostic.get(0))
  seen.root = vim.fs.basename(vim.lsp.get_clients()[1].root_dir)
  local context = { only = { "source.fixAll.vaultsync" }, diagnostics = {} }
  vim.lsp.buf.code_action({ apply = true, context = context })
  wait(function() return codes() == "LNK001" end)
  seen.fixed = vim.fn.getline(3)
  vim.lsp.buf.code_action({ apply = true, range = { start = { 3, 32 }, ["end"] = { 3, 32 } },
    filter = function(one) return one.title == "Suppress LNK001 here" end })
  wait(function() return codes() == "MRK007" end)
  seen.suppressed = vim.fn.getline(3)
  vim.cmd.write()
  vim.api.nvim_win_set_cursor(0, { 3, 8 })
  press("<C-]>")
  wait(function() return vim.fn.expand("%:t") ~= "a.md" end)
  seen.definition = vim.fn.expand("%:t")
end

local done, problem = pcall(steps)
seen.problem = not done and problem or nil
vim.fn.writefile({ vim.json.encode(seen) }, vim.env.SEEN)
vim.cmd("qall!")
"""


def settings() -> str:
    """Return the block of Lua in the docs."""
    found = re.search(r"```lua\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(name="seen")
def in_neovim(tmp_path: Path) -> dict[str, Any]:
    """Return what an editor without a screen has shown."""
    program, root = needs("nvim"), make(tmp_path / "v", FILES)
    make(tmp_path, {"init.lua": settings(), "script.lua": SCRIPT})
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    environment = {
        **os.environ,
        **{f"XDG_{kind}_HOME": str(tmp_path / "home") for kind in kinds},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(SOURCES),
        "SEEN": str(tmp_path / "seen"),
    }
    command = [program, "--headless", "--clean", "-u", str(tmp_path / "init.lua")]
    command += ["-c", f"luafile {tmp_path}/script.lua", str(root / "folder/a.md")]
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=180, check=True)
    data: dict[str, Any] = json.loads((tmp_path / "seen").read_bytes())
    return data


def test_neovim_shows_what_is_found_once_and_applies_fixes(seen: dict[str, Any]) -> None:
    fixed = "😀 [[Gardening|Uno]] and [[Gardning]]."
    assert seen == {
        "root": "v",
        # Columns are bytes there.
        "found": [[1, 2, 5, 12], [1, 2, 17, 29]],
        "fixed": fixed,
        "suppressed": f"{fixed} %% vaultsync-disable-line LNK001 %%",
        "definition": "Gardening.md",
    }
