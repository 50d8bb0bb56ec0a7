"""The command line as a whole: commands, global options, exit codes, completion."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from tests.vaults import SOURCES, committed, git, make, run, start

from vaultsync import __version__, cli
from vaultsync.cli.main import COMMANDS

HELPERS = {"main", "shared"}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path / "vault", {"vaultsync.toml": "", "a.md": "[[/x]]\n"})


def test_every_command_has_a_module_and_every_module_a_command() -> None:
    modules = {module.name for module in pkgutil.iter_modules(cli.__path__)} - HELPERS
    assert modules == {name.replace("-", "_") for name in COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_of_its_own(tmp_path: Path, name: str) -> None:
    command = importlib.import_module(f"vaultsync.cli.{name.replace('-', '_')}").command
    assert isinstance(command, click.Command)
    assert command.name == name
    for flag in ("--help", "-h"):
        code, out, err = run(tmp_path, name, flag)
        assert (code, err) == (0, "")
        assert out.startswith(f"Usage: vaultsync {name} ")
    assert command.help is not None
    assert command.help.split("\n")[0].endswith((".", ","))
    assert COMMANDS[name].endswith(".")
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_the_help_lists_the_commands_without_importing_them(tmp_path: Path) -> None:
    code = (
        "import sys; from vaultsync.cli.main import cli\n"
        "cli(['--help'], standalone_mode=False)\n"
        "print([name for name in sys.modules if name.startswith('vaultsync.')])"
    )
    out = start(tmp_path, code=code).out
    for name, line in COMMANDS.items():
        assert f"\n  {name}" in out
        assert line.split()[0] in out
    assert "vaultsync.app" not in out.split("\n")[-2]
    assert "vaultsync.cli.lint" not in out.split("\n")[-2]


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    code, out, err = start(tmp_path)
    assert code == 2
    assert "Usage: vaultsync [OPTIONS] COMMAND" in out + err


def test_the_version_is_told(tmp_path: Path) -> None:
    assert start(tmp_path, "--version") == (0, f"vaultsync {__version__}\n", "")


@pytest.mark.parametrize(
    ("args", "message", "command"),
    [
        (("lnit",), "no such command `lnit`: did you mean `lint`?", ""),
        (("frobnicate",), "no such command `frobnicate`", ""),
        (("--colour", "always", "lint"), "no such option", ""),
        (("--color", "sometimes", "lint"), "invalid value for '--color': 'sometimes' is not", ""),
        (("lint", "--fixx"), "no such option", " lint"),
        (("lint", "--select\x1b"), "no such option", " lint"),
        (("new",), "missing argument 'TYPE'", " new"),
        (("sync", "--ours"), "PATHS, --ours, --theirs and --both need --continue", " sync"),
        (("config", "x"), "got unexpected extra argument (x)", " config"),
    ],
)
def test_a_wrong_command_or_option_exits_2(
    tmp_path: Path, args: tuple[str, ...], message: str, command: str
) -> None:
    code, out, err = start(tmp_path, *args)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")
    assert err.endswith(f"\nsee `vaultsync{command} --help`\n")
    assert err.count("\n") == 2
    assert "\x1b" not in err


def test_an_option_without_its_value_is_an_error_as_any_other(vault: Path) -> None:
    assert run(vault, "lint", "--since").err.startswith("error: option '--since' requires an arg")


def test_options_that_do_not_go_together_are_an_error_as_any_other(vault: Path) -> None:
    said = "error: --unsafe-fixes goes with --fix or --diff\n"
    assert run(vault, "lint", "--unsafe-fixes") == (2, "", said)


def test_an_error_is_one_line_on_standard_error_with_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "no").mkdir()
    code, out, err = start(tmp_path / "no", "lint")
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {tmp_path}/no: this vault is empty, it holds no notes")
    assert err.count("\n") == 1


def test_findings_exit_1_and_a_clean_vault_0(vault: Path) -> None:
    assert start(vault, "lint").code == 1
    make(vault, {"a.md": "x\n"})
    assert start(vault, "lint").code == 0


def test_the_vault_is_named_or_the_nearest(vault: Path) -> None:
    other = make(vault.parent / "other", {"b.md": "x\n"})
    assert run(vault, "--vault", "../other", "lint") == (0, "1 note: no errors\n", "")
    assert run(other, "--vault", str(vault), "lint").out.startswith("../vault/a.md:1:1:")
    assert run(vault.parent, "lint").out.startswith("vault/a.md:1:1:")
    assert run(make(vault / "b/c", {}), "lint").out.startswith("../../a.md:1:1:")
    assert run(vault, "--vault", "nowhere", "lint").err == (
        "error: nowhere: there is no such folder\n"
    )


def test_the_vault_may_be_that_of_the_path(vault: Path) -> None:
    other = make(vault.parent / "other", {"b.md": "[[d/y]]\n", "in/c.md": "[[b]]\n"})
    assert run(other, "lint", "../vault").out.startswith("../vault/a.md:1:1:")
    assert run(other, "lint", "in", "../other").out.startswith("b.md:1:1:")
    assert run(vault.parent, "links", "vault/a.md").out.startswith("vault/a.md:1:1: [[/x]]")
    assert run(vault.parent, "lint", "other/in/c.md").code == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["--vault", "vault", "-q", "--color", "always"], []),
        (["-q"], ["--vault", "vault", "--color", "always"]),
        ([], ["--staged", "--vault", "vault", "-q", "--color", "always"]),
        (["--vault", "no", "--color", "never"], ["--color=always", "--vault=vault", "--quiet"]),
    ],
)
def test_global_options_may_stand_before_and_behind_the_command(
    vault: Path, before: list[str], after: list[str]
) -> None:
    make(vault, {"c.md": ""})
    committed(vault.parent, {"other.md": "[[d/z]]\n", "vault/a.md": ""})
    make(vault, {"a.md": "[[d/x]]\n"})
    git(vault, "add", "--all")
    out = run(vault.parent, *before, "lint", *after).out
    assert "\x1b[1mvault/a.md:1:1:\x1b[0m" in out
    assert "other.md" not in out
    assert "c.md" not in out


def test_a_verbose_run_shows_more_wherever_it_is_asked_for(vault: Path) -> None:
    toml = '[types.claim]\nmatch=["C/**"]\nrequired=["x"]\nstates.draft={s="draft"}\n'
    make(vault, {"vaultsync.toml": toml, "C/b.md": "---\ns: draft\n---\n"})
    assert "C/b.md" not in run(vault, "lint").out
    assert run(vault, "lint", "-v").out == run(vault, "-v", "lint").out
    assert "C/b.md" in run(vault, "lint", "-v").out


@pytest.mark.parametrize("args", [("lint",), ("init",), ("new", "claim", "x")])
def test_a_working_folder_that_is_gone_is_told(tmp_path: Path, args: tuple[str, ...]) -> None:
    program = (
        "import os, shutil, sys; from vaultsync.cli.main import main\n"
        "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
        f"sys.argv = ['vaultsync', *{args!r}]; main()"
    )
    # Nor does the installed program look for modules in the working folder.
    code, out, err = start(tmp_path, code=program, env={"PYTHONSAFEPATH": "1"})
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_names_that_are_not_utf_8_can_be_shown(vault: Path) -> None:
    (vault / os.fsdecode(b"\xff.md")).write_text("[[/x]]\n")
    for form in ("full", "concise", "json", "github"):
        code, out, err = start(vault, "lint", "--output-format", form)
        assert (code, err) == (1, "")
        assert "\\udcff.md" in out


def test_a_terminal_that_does_not_know_a_character_gets_its_number(vault: Path) -> None:
    make(vault, {"a.md": "[[/猫]]\n"})
    out = start(vault, "lint", env={"PYTHONIOENCODING": "latin-1"}).out
    assert "there is no `/\\u732b` in the vault" in out


def test_an_output_that_is_full_is_told(vault: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "vaultsync", "lint"],
            cwd=vault,
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "error: the output cannot be written: No space left on device\n"
    )


def test_a_reader_that_goes_away_gets_no_trace(vault: Path) -> None:
    make(vault, {f"{number}.md": "[[/x]]\n" for number in range(2000)})
    with subprocess.Popen(
        [sys.executable, "-m", "vaultsync", "lint"],
        cwd=vault,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def failing(action: str) -> str:
    """Return a program that is vaultsync with a command that does this."""
    return (
        "import errno, sys, tempfile, types, click; from vaultsync.cli.main import main\n"
        "def act():\n"
        f"    {action}\n"
        "module = types.ModuleType('vaultsync.cli.boom')\n"
        "module.command = click.Command('boom', callback=act)\n"
        "sys.modules[module.__name__] = module\n"
        "from vaultsync.cli.main import COMMANDS\n"
        "COMMANDS['boom'] = 'Fail.'\n"
        "sys.argv = ['vaultsync', 'boom']\n"
        "main()"
    )


def test_a_bug_shows_its_trace_and_the_versions(tmp_path: Path) -> None:
    code, out, err = start(tmp_path, code=failing("1 / 0"))
    assert (code, out) == (2, "")
    assert "ZeroDivisionError" in err
    assert f"\nvaultsync {__version__}, Python {sys.version.split()[0]} on " in err
    assert err.endswith(": this is a bug, please report it\n")


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("raise OSError(errno.ENOSPC, 'No space left on device', '/a')", "/a: No space"),
        ("tempfile._candidate_tempdir_list = list; tempfile.gettempdir()", "No usable temporary"),
    ],
)
def test_a_full_disk_is_no_bug(tmp_path: Path, action: str, message: str) -> None:
    code, out, err = start(tmp_path, code=failing(action))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")


def completed(vault: Path, words: str, shell: str = "bash") -> list[str]:
    env = {
        "_VAULTSYNC_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    code, out, err = start(vault, env=env)
    assert (code, err) == (0, "")
    return [line.partition(",")[2] for line in out.splitlines() if line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(tmp_path: Path, shell: str) -> None:
    code, out, err = start(tmp_path, env={"_VAULTSYNC_COMPLETE": f"{shell}_source"})
    assert code == 0
    assert f"_VAULTSYNC_COMPLETE={shell}_complete" in out
    assert "Traceback" not in err


def test_commands_and_options_are_completed(vault: Path) -> None:
    assert completed(vault, "vaultsync ") == list(COMMANDS)
    assert completed(vault, "vaultsync l") == [name for name in COMMANDS if name.startswith("l")]
    assert completed(vault, "vaultsync lint --f") == ["--fix"]
    assert completed(vault, "vaultsync lint --output-format j") == ["json"]


def test_completing_behind_a_wrong_command_is_quiet(vault: Path) -> None:
    assert completed(vault, "vaultsync lnit --f") == []
