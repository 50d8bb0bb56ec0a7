"""`vaultsync lint`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.lint.settings import TOML
from tests.vaults import Run, committed, completed, git, make, run, start, state

GOOD = "---\ntitle: A\nsource: https://a.org/x\ncite: Lee 2024\nyear: 2024\n---\n\nText.\n\n"
GOOD += "## Sources\n\n- original: [T](https://a.org/x), Lee 2024\n"
LACKING = GOOD.replace("source: https://a.org/x\ncite: Lee 2024\nyear: 2024\n", "")
NAMED = {"vaultsync.toml": TOML, "Named/b.md": "---\ntitle: B\n---\n"}


def lint(root: Path, *args: str) -> Run:
    return run(root, "lint", *args)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    # Two of the types have no note.
    toml = f'{TOML}\n[lint.severity]\nFIL013 = "off"\n'
    return make(tmp_path / "vault", {"vaultsync.toml": toml, "Sourced/good.md": GOOD})


def test_a_clean_vault_exits_0_with_a_summary(vault: Path) -> None:
    assert lint(vault) == (0, "1 sourced, 0 drafts, 0 TODOs: no errors\n", "")


def test_an_error_exits_1_and_names_path_line_and_code(vault: Path) -> None:
    make(vault, {"a.md": "Text.\n\n[[/x]]\n"})
    code, out, err = lint(vault)
    assert (code, err) == (1, "")
    assert out == (
        "a.md:3:1: error LNK001 there is no `/x` in the vault\n"
        "    3 | [[/x]]\n"
        "      | ^^^^^^\n"
        "1 sourced, 0 drafts, 0 TODOs: 1 error\n"
    )


def test_warnings_fail_only_a_strict_run(vault: Path) -> None:
    make(vault, {"a.md": "[[#x]]\n"})
    assert lint(vault).code == 0
    assert lint(vault, "--strict").code == 1


def test_hints_fail_no_run(vault: Path) -> None:
    make(vault, {"a.md": ""})
    assert lint(vault, "--strict").code == 0


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        ((), {"LNK001", "LNK003", "FIL005"}),
        (("-q",), {"LNK001"}),
        (("-q", "--strict"), {"LNK001", "LNK003"}),
    ],
)
def test_a_quiet_run_shows_what_makes_it_fail(
    vault: Path, args: tuple[str, ...], shown: set[str]
) -> None:
    make(vault, {"a.md": "[[/x]] [[#x]]\n", "b.md": ""})
    quiet, rest = args[:1], args[1:]
    out = run(vault, *quiet, "lint", *rest, "--output-format", "concise").out
    assert {line.split()[2] for line in out.split("\n")[:-2]} == shown
    assert out.endswith("TODOs: 1 error, 1 warning, 1 hint\n")


def test_a_draft_is_let_off_even_if_strict(vault: Path) -> None:
    make(vault, {"Claims/a.md": "[[/nowhere]]\n", "Claims/b.md": "---\nstatus: draft\n---\n"})
    code, out, _ = lint(vault, "--strict")
    assert code == 0
    assert out.count(" hint PRP002 a draft: it lacks the property `title`") == 1
    assert out.endswith("1 sourced, 2 drafts, 0 TODOs: no errors, 3 hints (-v shows 1 more)\n")


@pytest.mark.parametrize("args", [("-v", "lint"), ("lint", "Claims"), ("lint", "Claims/b.md")])
def test_what_a_draft_lacks_is_shown_to_who_asks(vault: Path, args: tuple[str, ...]) -> None:
    make(vault, {"Claims/b.md": "---\nstatus: draft\n---\n"})
    out = run(vault, *args).out
    assert "Claims/b.md:1:1: hint PRP002 a draft: it lacks the property `title`" in out
    assert "more)" not in out


def test_unreadable_properties_of_a_draft_are_an_error(vault: Path) -> None:
    make(vault, {"Claims/a.md": "---\nstatus: draft\ntitle: a: b\n---\n"})
    code, out, _ = lint(vault)
    assert code == 1
    assert "Claims/a.md:3:9: error PRP001 mapping values are not allowed" in out


def test_fixes_fill_what_the_first_source_says_and_add_the_alias(vault: Path) -> None:
    make(vault, {"Sourced/good.md": LACKING, "Named/b.md": "---\ntitle: B\n---\n"})
    assert lint(vault).code == 1
    code, out, err = lint(vault, "--fix")
    assert (code, err) == (0, "")
    assert out == ("1 named, 1 sourced, 0 drafts, 0 TODOs: fixed 4 in 2 files, left: no errors\n")
    assert (vault / "Sourced/good.md").read_text() == GOOD
    assert (vault / "Named/b.md").read_text() == "---\ntitle: B\naliases:\n  - B\n---\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_fix_keeps_every_byte_it_is_not_about(
    tmp_path: Path, newline: str, bom: str, end: str
) -> None:
    text = "---\n# why\ntitle:   'A'   # so\nodd: {a: 1,  b: [x]}\n---\nText  \n\t\n"
    text += "## Sources\n* original: [T](https://a.org/x), Lee 2024" + end
    wanted = text.replace("# so\n", "# so\nsource: https://a.org/x\ncite: Lee 2024\nyear: 2024\n")
    note = bom + text.replace("\n", newline)
    root = make(tmp_path, {"vaultsync.toml": TOML, "Sourced/a.md": note})
    assert lint(root, "--fix", "--select", "PRP,SRC").code == 0
    assert (root / "Sourced/a.md").read_bytes() == (bom + wanted.replace("\n", newline)).encode()
    before = state(root)
    assert "wrote" not in lint(root, "--fix").out
    assert state(root) == before


def test_a_diff_shows_the_fixes_and_writes_nothing(vault: Path) -> None:
    make(vault, {"Sourced/bad.md": LACKING.replace("title: A", "title: B")})
    before = state(vault)
    code, out, err = lint(vault, "--diff")
    assert (code, err) == (1, "1 file out of date\n")
    assert out.startswith("--- a/Sourced/bad.md\n+++ b/Sourced/bad.md\n@@ ")
    assert "\n+source: https://a.org/x\n+cite: Lee 2024\n+year: 2024\n" in out
    assert state(vault) == before
    assert lint(vault, "--diff", "Sourced/good.md") == (0, "", "up to date\n")


def test_a_diff_can_be_applied(vault: Path) -> None:
    make(vault, {"Sourced/bad.md": LACKING.replace("title: A", "title: B")})
    committed(vault)
    (vault / "p.diff").write_text(lint(vault, "--diff").out)
    git(vault, "apply", "p.diff")
    assert lint(vault, "--diff").code == 0


def test_unsafe_fixes_are_made_only_where_asked_for(vault: Path) -> None:
    path = vault / "Sourced/good.md"
    path.write_text(GOOD.replace("year: 2024", "year: 2023"))
    assert lint(vault, "--fix").code == 1
    assert "year: 2023" in path.read_text()
    assert lint(vault, "--diff").out == ""
    assert "+year: 2024\n" in lint(vault, "--diff", "--unsafe-fixes").out
    assert lint(vault, "--fix", "--unsafe-fixes").code == 0
    assert path.read_text() == GOOD


def test_only_the_named_notes_are_fixed(vault: Path) -> None:
    make(vault, {"Named/a.md": "---\ntitle: A\n---\n", "Named/b.md": "---\ntitle: B\n---\n"})
    assert lint(vault, "-v", "--fix", "Named/b.md").out.startswith("wrote Named/b.md\n")
    assert (vault / "Named/a.md").read_text() == "---\ntitle: A\n---\n"


def test_a_fixed_run_for_a_program_says_nothing_else(vault: Path) -> None:
    make(vault, {"Named/b.md": "---\ntitle: B\n---\n"})
    data = json.loads(lint(vault, "--fix", "--output-format", "json").out)
    assert data == {"version": 1, "findings": []}
    assert "- B" in (vault / "Named/b.md").read_text()


@pytest.mark.parametrize("flag", ["--fix", "--diff"])
def test_the_index_is_not_fixed(vault: Path, flag: str) -> None:
    code, _, err = lint(vault, "--staged", flag)
    assert code == 2
    assert "about the files on disk, --staged is not" in err


def test_unsafe_fixes_alone_would_do_nothing(vault: Path) -> None:
    code, _, err = lint(vault, "--unsafe-fixes")
    assert code == 2
    assert "--unsafe-fixes goes with --fix or --diff" in err


@pytest.mark.parametrize("word", ["LNK001", "lnk", "broken-link", "LNK001,PRP", "LNK001, PRP"])
def test_rules_are_selected(vault: Path, word: str) -> None:
    make(vault, {"a.md": "[[/x]] ![[/y]]\n"})
    out = lint(vault, "--select", word, "--output-format", "concise").out
    assert "LNK001" in out
    assert ("LNK002" in out) is (word == "lnk")


def test_rules_are_ignored(vault: Path) -> None:
    make(vault, {"a.md": "[[/x]] ![[/y]]\n"})
    assert "LNK001" not in lint(vault, "--ignore", "LNK001").out
    assert lint(vault, "--ignore", "LNK001", "--ignore", "broken-embed").code == 0
    assert lint(vault, "--select", "LNK", "--ignore", "LNK001,LNK002").code == 0


def test_a_flag_overrides_the_settings_for_one_run(vault: Path) -> None:
    toml = '\n[lint]\nignore = ["LNK001", "FIL013"]\n'
    toml += 'severity = { LNK002 = "off", LNK003 = "error" }\n'
    make(vault, {"vaultsync.toml": TOML + toml, "a.md": "[[/x]] ![[/y]] [[#z]]\n"})
    code, out, _ = lint(vault, "--output-format", "concise")
    assert (code, [line.split()[1:3] for line in out.split("\n")[:-2]]) == (
        1,
        [["error", "LNK003"]],
    )
    assert "LNK001" in lint(vault, "--select", "LNK001").out
    assert "LNK002" in lint(vault, "--select", "broken-embed").out
    assert lint(vault, "--select", "LNK00").out.endswith("3 errors\n")
    assert lint(vault, "--ignore", "LNK003").code == 0


@pytest.mark.parametrize("flag", ["--select", "--ignore"])
def test_a_word_that_names_no_rule_is_refused(vault: Path, flag: str) -> None:
    assert lint(vault, flag, "LNK001,brokn-link") == (
        2,
        "",
        f"error: {flag}: there is no rule `brokn-link`: did you mean `broken-link`?\n",
    )


def test_a_word_in_the_settings_that_names_no_rule_is_refused(vault: Path) -> None:
    make(vault, {"vaultsync.toml": '[lint]\nignore = ["LNK01x"]\n'})
    code, _, err = lint(vault)
    assert code == 2
    assert err.startswith(
        "error: vaultsync.toml:2:11: `lint.ignore[0]`: there is no rule `LNK01x`: did"
    )
    assert err.endswith('\n    2 | ignore = ["LNK01x"]\n')


def test_excluded_notes_are_not_reported(vault: Path) -> None:
    make(vault, {"vaultsync.toml": 'exclude = ["Old/**"]\n', "Old/a.md": "[[/x]]\n"})
    assert lint(vault) == (0, "2 notes: no errors\n", "")


def test_where_all_is_excluded_nothing_is_checked(vault: Path) -> None:
    make(vault, {"vaultsync.toml": 'exclude = ["Old/**"]\n', "Old/a.md": "[[/x]]\n"})
    said = "error: vaultsync.toml:1:1: `exclude` leaves no note to check\n"
    assert lint(vault, "Old/a.md") == (2, "", f'{said}    1 | exclude = ["Old/**"]\n')
    make(vault, {"vaultsync.toml": 'exclude = ["**"]\n'})
    assert lint(vault) == (2, "", f'{said}    1 | exclude = ["**"]\n')


@pytest.fixture
def three(tmp_path: Path) -> Path:
    files = {"vaultsync.toml": "", "a.md": "[[/x]]\n", "b/b.md": "[[/x]]\n", "b/c/c.md": "[[/x]]\n"}
    return make(tmp_path / "vault", files)


def named(cwd: Path, *paths: str) -> list[str]:
    out = run(cwd, "lint", "--output-format", "concise", *paths).out
    return [line.split(":")[0] for line in out.split("\n")[:-2]]


def test_paths_are_named_from_the_working_folder(three: Path) -> None:
    assert named(three) == ["a.md", "b/b.md", "b/c/c.md"]
    assert named(three / "b") == ["../a.md", "b.md", "c/c.md"]
    assert named(three / "b", "b.md") == ["b.md"]
    assert named(three / "b", ".") == ["b.md", "c/c.md"]
    assert named(three / "b", "..") == ["../a.md", "b.md", "c/c.md"]
    assert named(three, "b/") == ["b/b.md", "b/c/c.md"]
    assert named(three, "b/c", "a.md") == ["a.md", "b/c/c.md"]
    assert named(three, str(three / "b/c")) == ["b/c/c.md"]


def test_a_folder_s_name_is_no_prefix_of_others(three: Path) -> None:
    make(three, {"bb/y.md": "[[/x]]\n"})
    assert named(three, "b") == ["b/b.md", "b/c/c.md"]


def test_paths_through_a_link_to_the_vault(three: Path) -> None:
    link = three.parent / "link"
    link.symlink_to(three)
    cwd = three.parent
    out = run(cwd, "--vault", "link", "lint", "--output-format", "concise", "link/b/c/c.md").out
    assert out.startswith("vault/b/c/c.md:1:1:")
    out = run(cwd, "--vault", "link", "lint", "--output-format", "concise", "link").out
    assert out.count("LNK001") == 3


def test_a_note_that_is_a_link_is_named_by_its_own_place(three: Path) -> None:
    make(three.parent, {"outside.md": "[[/x]]\n"})
    (three / "b/link.md").symlink_to("../../outside.md")
    assert named(three, "b/link.md") == ["b/link.md"]


@pytest.mark.parametrize("path", ["nowhere.md", "b/c/d", "vaultsync.toml"])
def test_a_path_that_matches_nothing_is_refused(three: Path, path: str) -> None:
    code, out, err = run(three, "lint", path)
    assert (code, out) == (2, "")
    assert err == f"error: {path}: there is no note there in the vault {three}\n"


def test_a_name_in_place_of_a_path_is_answered_with_the_path(tmp_path: Path) -> None:
    make(tmp_path / "v", {"vaultsync.toml": "", "d/note.md": "Text.\n"})
    for place, path in ((tmp_path, "v/d/note.md"), (tmp_path / "v", "d/note.md")):
        code, _, err = run(place, "--vault", str(tmp_path / "v"), "lint", "note")
        assert (code, err.endswith(f": did you mean `{path}`?\n")) == (2, True)


@pytest.mark.parametrize("path", ["..", "../other", "/"])
def test_a_path_outside_the_vault_is_refused(three: Path, path: str) -> None:
    code, _, err = run(three, "lint", path)
    assert code == 2
    assert err == f"error: {path}: this is outside the vault {three}\n"


def test_json_is_all_there_is_on_standard_output(three: Path) -> None:
    code, out, err = run(three / "b", "lint", "--output-format", "json")
    assert (code, err) == (1, "")
    data = json.loads(out)
    assert set(data) == {"version", "findings"}
    assert [finding["path"] for finding in data["findings"]] == ["../a.md", "b.md", "c/c.md"]


def test_github_s_form_has_no_summary(three: Path) -> None:
    out = run(three, "lint", "--output-format", "github", "a.md").out
    assert out == (
        "::error file=a.md,line=1,col=1,title=LNK001 broken-link::there is no `/x` in the vault\n"
    )


def sarif_paths(cwd: Path, *args: str) -> list[str]:
    """Return the files that a log names, and show that it says no path of this machine."""
    code, out, err = run(cwd, *args)
    assert (code, err) == (1, "")
    assert str(cwd.anchor + "tmp") not in out
    results = json.loads(out)["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    return [place["artifactLocation"]["uri"] for place in places]


SARIF = ("lint", "--output-format", "sarif")


def test_sarif_names_files_from_the_vault_wherever_it_is_run(three: Path) -> None:
    wanted = ["a.md", "b/b.md", "b/c/c.md"]
    assert sarif_paths(three, *SARIF) == wanted
    assert sarif_paths(three / "b/c", *SARIF) == wanted
    assert sarif_paths(three.parent, "--vault", "vault", *SARIF) == wanted


def test_in_a_repository_files_are_named_from_its_top(three: Path) -> None:
    committed(three.parent)
    assert sarif_paths(three / "b", *SARIF) == ["vault/a.md", "vault/b/b.md", "vault/b/c/c.md"]
    assert sarif_paths(three / "b", *SARIF, "b.md") == ["vault/b/b.md"]
    out = run(three / "b", "lint", "--output-format", "github", "b.md").out
    assert out.startswith("::error file=vault/b/b.md,line=1,")


def test_a_note_that_lies_outside_is_named_by_its_link(three: Path) -> None:
    make(three.parent, {"outside.md": "[[/x]]\n", "far/n.md": "[[/x]]\n"})
    (three / "link.md").symlink_to("../outside.md")
    (three / "far").symlink_to("../far")
    assert sarif_paths(three, *SARIF, "link.md", "far") == ["far/n.md", "link.md"]


@pytest.mark.parametrize("paths", [(), (".",), ("far", "a.md")])
def test_what_lies_outside_is_not_fixed_and_stops_no_other_fix(
    vault: Path, paths: tuple[str, ...]
) -> None:
    old, new = "---\nalias: x\n---\nText.\n", "---\naliases:\n  - x\n---\nText.\n"
    make(vault, {"a.md": old, "vaultsync.toml": ""})
    make(vault.parent, {"far/n.md": old})
    (vault / "far").symlink_to("../far")
    code, out, err = run(vault, "lint", "--fix", *paths)
    assert (code, err) == (0, "")
    assert "far/n.md:2:1: warning PRP010" in out
    assert (vault / "a.md").read_text() == new
    assert (vault.parent / "far/n.md").read_text() == old


@pytest.mark.parametrize("form", ["sarif", "github", "json"])
def test_of_a_path_outside_no_form_tells_anything(three: Path, form: str) -> None:
    make(three.parent, {"outside.md": "[[/x]]\n"})
    assert run(three, "lint", "--output-format", form, "../outside.md") == (
        2,
        "",
        f"error: ../outside.md: this is outside the vault {three}\n",
    )


def test_a_clean_run_is_a_log_without_results(vault: Path) -> None:
    code, out, err = lint(vault, "--output-format", "sarif")
    assert (code, err, json.loads(out)["runs"][0]["results"]) == (0, "", [])


def test_an_unknown_format_is_refused(three: Path) -> None:
    assert run(three, "lint", "--output-format", "yaml").code == 2


@pytest.mark.parametrize(
    ("env", "args", "coloured"),
    [
        ({}, (), False),
        ({}, ("--color", "always"), True),
        ({"FORCE_COLOR": "1"}, (), True),
        ({"NO_COLOR": "1"}, ("--color", "always"), True),
        pytest.param({"FORCE_COLOR": "1", "NO_COLOR": "1"}, (), False, marks=pytest.mark.long),
        pytest.param({"FORCE_COLOR": "1"}, ("--color", "never"), False, marks=pytest.mark.long),
    ],
)
def test_colours(
    three: Path, env: dict[str, str], args: tuple[str, ...], *, coloured: bool
) -> None:
    out = start(three, *args, "lint", "a.md", env=env).out
    assert ("\x1b[31merror LNK001\x1b[0m" in out) is coloured
    assert ("\x1b" in out) is coloured
    diff = start(make(three, NAMED), *args, "lint", "Named", "--diff", env=env).out
    assert ("\x1b[32m+  - B\x1b[0m" in diff) is coloured


def staged(root: Path, files: dict[str, str]) -> Path:
    git(make(root, files), "init", "-q")
    git(root, "add", "--all")
    return root


def test_the_index_is_read_instead_of_the_disk(three: Path) -> None:
    staged(three, {})
    make(three, {"a.md": "fixed on disk\n", "new.md": "[[/y]]\n"})
    (three / "b/b.md").unlink()
    out = run(three, "lint", "--staged", "--output-format", "concise").out
    assert [line.split(":")[0] for line in out.split("\n")[:-2]] == ["a.md", "b/b.md", "b/c/c.md"]
    git(three, "add", "--all")
    out = run(three, "lint", "--staged", "--output-format", "concise").out
    assert [line.split(":")[0] for line in out.split("\n")[:-2]] == ["b/c/c.md", "new.md"]


def test_the_staged_settings_count(three: Path) -> None:
    staged(three, {"vaultsync.toml": 'exclude = ["b/**"]\n'})
    make(three, {"vaultsync.toml": ""})
    out = run(three, "lint", "--staged").out
    assert "a.md" in out
    assert "b.md" not in out


def test_hints_of_the_index_are_shown_only_where_asked_for(three: Path) -> None:
    staged(three, {"a.md": ""})
    assert "FIL005" not in run(three, "lint", "--staged").out
    assert "FIL005" in run(three, "-v", "lint", "--staged").out


def test_the_index_needs_a_repository(three: Path) -> None:
    code, out, err = run(three, "lint", "--staged")
    assert (code, out) == (2, "")
    assert "`--staged` needs git" in err
    assert "run `git init`" in err


def test_what_no_fix_mends_is_shown_beside_a_diff(vault: Path) -> None:
    make(vault, {"a.md": "[[/x]]\n"})
    head = "a.md:1:1: error LNK001 there is no `/x` in the vault\n"
    said = f"{head}    1 | [[/x]]\n      | ^^^^^^\n1 sourced, 0 drafts, 0 TODOs: 1 error\n"
    for args in [("--diff",), ("--fix", "--diff")]:
        assert lint(vault, *args) == (1, "", said)
    data = lint(vault, "--diff", "--output-format", "json").err
    assert [found["code"] for found in json.loads(data)["findings"]] == ["LNK001"]


def test_beside_a_diff_findings_stand_where_they_are_on_disk(vault: Path) -> None:
    make(vault, {"Named/b.md": "---\ntitle: B\n---\n[[/x]]\n"})
    code, out, err = lint(vault, "--diff", "--output-format", "concise")
    assert (code, out.count("\n+  - B\n")) == (1, 1)
    assert err.startswith("Named/b.md:4:1: error LNK001 ")
    assert err.endswith("1 error\n1 file out of date\n")
    assert "PRP006" not in err


def test_warnings_beside_a_diff_fail_only_a_strict_run(vault: Path) -> None:
    make(vault, {"a.md": "[[#x]]\n"})
    assert lint(vault, "--diff").code == 0
    assert lint(vault, "--diff", "--strict").code == 1


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_shell_is_offered_the_rules(tmp_path: Path, option: str) -> None:
    assert "LNK001" in completed(tmp_path, "lint", option, "")
    assert completed(tmp_path, "lint", option, "broken-l") == ["broken-link"]
    assert completed(tmp_path, "lint", option, "PRP,lnk001") == ["PRP,LNK001"]


def test_rules_are_set_by_path(three: Path) -> None:
    toml = """
[lint.per-file-ignores]
"b/**" = ["broken-link"]

[lint.per-file-severity]
"b/c/**" = { LNK001 = "error" }
"a.md" = { LNK = "warning", LNK002 = "off" }
"""
    make(three, {"vaultsync.toml": toml, "a.md": "[[/x]] ![[/y]]\n", "b/b.md": "[[/x]] ![[/y]]\n"})
    out = lint(three, "--output-format", "concise").out
    assert [line.split()[:3] for line in out.split("\n")[:-2]] == [
        ["a.md:1:1:", "warning", "LNK001"],
        ["b/b.md:1:8:", "error", "LNK002"],
    ]
    assert lint(three, "--select", "LNK001").out.count("LNK001") == 1


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ('per-file-ignores."*" = ["brokn-link"]', "25: `lint.per-file-ignores.*[0]`"),
        ('per-file-severity."*".brokn-link = "off"', "1: `lint.per-file-severity.*.brokn-link`"),
    ],
)
def test_a_word_by_path_that_names_no_rule_is_refused(three: Path, table: str, place: str) -> None:
    make(three, {"vaultsync.toml": f"[lint]\n{table}\n"})
    said = f"error: vaultsync.toml:2:{place}: there is no rule `brokn-link`: did you mean"
    code, _, err = lint(three)
    assert (code, err.startswith(said)) == (2, True)


@pytest.mark.parametrize("ignored", ["ALL", "LNK"])
def test_where_no_rule_is_left_nothing_is_checked(three: Path, ignored: str) -> None:
    assert lint(three, "--select", "LNK", "--ignore", ignored) == (
        2,
        "",
        "error: no rule is left to run: select one, or ignore fewer\n",
    )


@pytest.mark.parametrize("paths", [(), ("b",)])
def test_where_every_rule_is_ignored_nothing_is_checked(
    three: Path, paths: tuple[str, ...]
) -> None:
    toml = '[lint.per-file-ignores]\n"b/**" = ["ALL"]\n'
    make(three, {"vaultsync.toml": f'exclude = ["a.md"]\n{toml}'})
    code, out, err = lint(three, *paths)
    assert (code, out) == (2, "")
    assert err.startswith(
        "error: vaultsync.toml:2:1: `lint.per-file-ignores` leaves no rule to run"
    )
    make(three, {"vaultsync.toml": toml})
    assert lint(three).out.endswith("3 notes: 1 error\n")


def test_a_note_that_cannot_be_read_is_told_whatever_is_selected(three: Path) -> None:
    make(three, {"a.md": b"\xff", "b/b.md": "---\na: b: c\n---\n"})
    out = lint(three, "--select", "SRC", "--output-format", "concise").out
    assert [line.split()[:3] for line in out.split("\n")[:-2]] == [
        ["a.md:1:1:", "error", "FIL001"],
        ["b/b.md:2:5:", "error", "PRP001"],
    ]


def test_statistics_stand_for_the_findings(three: Path) -> None:
    assert lint(three, "--statistics") == (1, "3  LNK001  broken-link\n3 notes: 3 errors\n", "")
    data = json.loads(lint(three, "--statistics", "--output-format", "json").out)
    assert data["statistics"] == [
        {"code": "LNK001", "name": "broken-link", "count": 3, "fixable": 0}
    ]
    code, _, err = lint(three, "--statistics", "--output-format", "github")
    assert (code, "--statistics goes with the formats full, concise and json" in err) == (2, True)


def test_what_a_comment_suppresses_is_neither_shown_nor_counted(three: Path) -> None:
    off = "%% vaultsync-disable-line LNK001: written later %%"
    make(three, dict.fromkeys(("a.md", "b/b.md", "b/c/c.md"), f"[[/x]] {off}\n"))
    assert lint(three, "--strict") == (0, "3 notes: no errors\n", "")
    make(three, {"a.md": f"Text. {off}\n"})
    assert lint(three, "--fix") == (0, "3 notes: fixed 1 in 1 file, left: no errors\n", "")
    assert (three / "a.md").read_text() == "Text.\n"


def test_a_name_that_windows_cannot_hold_is_a_warning_in_git(tmp_path: Path) -> None:
    names = ("a:b.md", "CON.md", "c.md", "C.md")
    vault = make(tmp_path, {"vaultsync.toml": "", **dict.fromkeys(names, "Text.\n")})
    assert run(vault, "lint").out == "4 notes: no errors\n"
    git(vault, "init", "-q")
    shown = run(vault, "lint", "--output-format", "concise").out.splitlines()
    assert [line.split(" ")[1:3] for line in shown[:-1]] == [
        ["warning", "FIL009"],
        ["warning", "FIL010"],
        ["warning", "FIL010"],
        ["warning", "FIL009"],
    ]
