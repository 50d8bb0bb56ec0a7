"""`vaultsync new`."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.vaults import Run, completed, make, run, start, state

from vaultsync.markdown import parse

TOML = """
[types.claim]
match = ["Claims/*.md"]
template = "Templates/Claim.md"
required = ["title", "status", "source"]
alias = "title"
states.draft = {{ status = "draft" }}
[types.claim.properties]
title = {{ type = "string", maxLength = 90 }}
status = {{ enum = ["draft", "open"] }}
source = {{ type = "string", format = "uri" }}
cite = {{ type = "string" }}
year = {{ type = "integer" }}
aliases = {{}}
[types.claim.body]
lead.required = true
[types.claim.body.sections.Sources]
items = "source"
required = true
first = "original"
fill = {{ source = "url", cite = "cite", year = "year" }}

[types.log]
match = ["Log/**"]

[web]
arxiv = "{base}/arxiv"
doi = "{base}/doi/"
timeout = 5
"""
TEMPLATE = """---
title: "{{title}}"
status: draft
source:
day: {{date}}
---

## Sources
"""
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>http://arxiv.org/abs/2406.11717v2</id>
<title>Refusal: "one" direction</title><published>2024-06-17T00:00:00Z</published>
<author><name>Andy Arditi</name></author><author><name>Oscar Obeso</name></author>
<author><name>Wes Gurnee</name></author></entry></feed>"""
TWO = {
    "title": ["Two"],
    "author": [{"given": "Ada", "family": "Power"}, {"given": "B", "family": "Ng"}],
    "issued": {"date-parts": [[2023]]},
}
WORK = {
    "title": ["Grokking"],
    "author": [{"given": "Ada", "family": "Power"}],
    "issued": {"date-parts": [[2022]]},
}


class Registry(BaseHTTPRequestHandler):
    """Stands for arXiv and Crossref."""

    def do_GET(self) -> None:
        known = any(name in self.path for name in ("2406.11717", "10.1000%2Fgrok", "10.1000%2Ftwo"))
        work = TWO if "two" in self.path else WORK
        body = FEED if self.path.startswith("/arxiv") else json.dumps({"message": work})
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(body.encode() if known else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the tests' output clean."""


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def vault(tmp_path: Path, registry: str) -> Path:
    files = {"vaultsync.toml": TOML.format(base=registry), "Templates/Claim.md": TEMPLATE}
    return make(tmp_path / "vault", files)


def new(root: Path, *args: str) -> Run:
    return run(root, "new", *args, env={"SOURCE_DATE_EPOCH": "0"})


def is_a_draft(root: Path) -> bool:
    code, out, _ = run(root, "lint", "--strict")
    return code == 0 and "error" not in out.replace("no errors", "") and "1 draft" in out


def test_a_note_is_made_from_its_template_and_lints_as_a_draft(vault: Path) -> None:
    assert new(vault, "claim", " A claim:  it #holds ") == (
        0,
        "wrote Claims/claim-holds.md\na draft, ready to edit\n",
        "",
    )
    assert (vault / "Claims/claim-holds.md").read_text() == (
        '---\ntitle: "A claim: it #holds"\nstatus: draft\nsource:\n'
        'aliases:\n  - "A claim: it #holds"\nday: 1970-01-01\n---\n\n## Sources\n'
    )
    assert is_a_draft(vault)


def test_a_second_note_of_the_title_gets_another_name(vault: Path) -> None:
    new(vault, "claim", "A claim")
    make(vault, {"Other/claim-2.md": "x"})
    assert new(vault, "claim", "A Claim!").out.startswith("wrote Claims/claim-3.md\n")


def test_a_note_is_made_from_wherever_one_stands(vault: Path) -> None:
    make(vault, {"Log/a/b.md": ""})
    assert new(vault / "Log/a", "log", "x").out.startswith("wrote ../x.md\n")
    assert "Log/x-2.md" in run(vault.parent, "new", "log", "x").out


def test_a_type_without_drafts_or_template(vault: Path) -> None:
    code, out, _ = new(vault, "log", "A day")
    assert (code, out) == (0, "wrote Log/day.md\na note, ready to edit\n")


def test_an_empty_vault_takes_its_first_note(tmp_path: Path) -> None:
    make(tmp_path, {"vaultsync.toml": '[types.log]\nmatch = ["**"]\n'})
    assert new(tmp_path, "log", "first").code == 0
    assert (tmp_path / "first.md").is_file()


@pytest.mark.parametrize(
    "address",
    [
        "https://arxiv.org/abs/2406.11717",
        "http://arxiv.org/pdf/2406.11717v2.pdf",
        "arXiv:2406.11717",
        "https://doi.org/10.48550/arXiv.2406.11717",
    ],
)
def test_a_paper_on_arxiv_is_filled_in(vault: Path, address: str) -> None:
    code, out, err = new(vault, "claim", address)
    assert (code, err) == (0, "")
    assert out.startswith("wrote Claims/refusal-one-direction.md\n")
    text = (vault / "Claims/refusal-one-direction.md").read_text()
    data = parse("a.md", text).properties.data
    assert data["title"] == 'Refusal: "one" direction'
    assert data["source"] == "https://arxiv.org/abs/2406.11717"
    assert (data["cite"], data["year"]) == ("Arditi et al. 2024", 2024)
    assert text.endswith(
        '## Sources\n\n- original: [Refusal: "one" direction](https://arxiv.org/abs/2406.11717), '
        "Arditi et al. 2024\n"
    )
    assert is_a_draft(vault)


@pytest.mark.parametrize("address", ["10.1000/Grok", "https://doi.org/10.1000/grok"])
def test_a_doi_is_filled_in(vault: Path, address: str) -> None:
    assert new(vault, "claim", address).out.startswith("wrote Claims/grokking.md\n")
    data = parse("a.md", (vault / "Claims/grokking.md").read_text()).properties.data
    assert data["source"] == "https://doi.org/10.1000/grok"
    assert (data["cite"], data["year"]) == ("Power 2022", 2022)
    assert is_a_draft(vault)


@pytest.mark.parametrize(
    ("address", "name", "source", "reason"),
    [
        (
            "https://arxiv.org/abs/2501.00001",
            "arxiv-2501-00001",
            "https://arxiv.org/abs/2501.00001",
            "404 Not Found",
        ),
        (
            "10.1000/other",
            "doi-10-1000-other",
            "https://doi.org/10.1000/other",
            "Crossref knows no 10.1000/other",
        ),
        (
            "https://example.org/a/b?utm_source=x",
            "example-org-b",
            "https://example.org/a/b",
            "neither an arXiv address nor a DOI",
        ),
    ],
)
def test_what_no_registry_knows_becomes_a_draft_with_its_address(
    vault: Path, address: str, name: str, source: str, reason: str
) -> None:
    code, out, err = new(vault, "claim", address)
    assert (code, out.split("\n")[0]) == (0, f"wrote Claims/{name}.md")
    assert err.startswith("not filled in: ")
    assert reason in err
    assert err.endswith("; title, authors and year are left to you\n")
    text = (vault / f"Claims/{name}.md").read_text()
    data = parse("a.md", text).properties.data
    assert data["source"] == source
    assert "cite" not in data
    assert f"]({source})\n" in text
    assert is_a_draft(vault)


def test_a_registry_that_is_down_leaves_a_draft(vault: Path) -> None:
    make(vault, {"vaultsync.toml": TOML.format(base="http://127.0.0.1:9")})
    code, out, err = new(vault, "claim", "https://arxiv.org/abs/2406.11717")
    assert (code, out.split("\n")[0]) == (0, "wrote Claims/arxiv-2406-11717.md")
    assert err.startswith("not filled in: 127.0.0.1:9 was not reached")
    assert is_a_draft(vault)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("clam", "x"), "error: there is no type `clam`: did you mean `claim`? (claim, log)\n"),
        (("claim", " \n"), "error: a note needs a title\n"),
        (("claim",), "error: a note needs a title\n"),
    ],
)
def test_what_is_asked_for_wrongly_is_refused(
    vault: Path, args: tuple[str, ...], message: str
) -> None:
    before = state(vault)
    code, out, err = new(vault, *args)
    assert (code, out) == (2, "")
    assert err.endswith(message)
    assert state(vault) == before


def test_a_template_that_is_missing_is_named(vault: Path) -> None:
    (vault / "Templates/Claim.md").unlink()
    code, _, err = new(vault, "claim", "x")
    assert (code, err) == (
        2,
        "error: Templates/Claim.md: cannot be read: No such file or directory\n",
    )


def test_a_vault_without_types_says_what_to_do(tmp_path: Path) -> None:
    make(tmp_path, {"vaultsync.toml": "", "a.md": ""})
    assert new(tmp_path, "claim", "x").err == (
        "error: there is no type `claim` (none: declare one in vaultsync.toml)\n"
    )


def test_a_folder_in_the_way_of_the_note_is_told(vault: Path) -> None:
    make(vault, {"Log": "a file"})
    code, _, err = new(vault, "log", "x")
    assert code == 2
    assert err.startswith("error: Log/x.md: ")


def test_the_http_library_is_not_imported_for_a_title(vault: Path) -> None:
    code = (
        "import sys; from vaultsync.cli.main import cli\n"
        "cli(['new', 'log', 'x'], standalone_mode=False)\n"
        "print('httpx' in sys.modules, 'jinja2' in sys.modules, 'git' in sys.modules)"
    )
    assert start(vault, code=code).out.endswith("False False False\n")


def test_two_authors_are_both_cited(vault: Path) -> None:
    new(vault, "claim", "10.1000/two")
    text = (vault / "Claims/two.md").read_text()
    assert parse("a.md", text).properties.data["cite"] == "Power & Ng 2023"
    assert text.endswith("](https://doi.org/10.1000/two), Power & Ng 2023\n")


def test_a_title_that_another_note_has_is_told(vault: Path) -> None:
    make(vault, {"Claims/x.md": "---\ntitle: A  claim\n---\n", "Log/y.md": "---\ntitle: B\n---\n"})
    code, out, err = new(vault, "claim", "a Claim")
    named = "Templates/Claim.md has the same name\n"
    assert (code, err) == (0, f"Claims/x.md has the same title\n{named}")
    assert out.startswith("wrote Claims/claim-2.md\n")
    assert new(vault / "Claims", "claim", "B").err == "../Log/y.md has the same title\n"
    assert new(vault, "claim", "C").err == ""


@pytest.mark.parametrize(
    "text",
    [
        "---\nsource: http://www.arxiv.org/pdf/2406.11717v1\n---\n",
        "## Sources\n\n- original: [T](https://doi.org/10.48550/arXiv.2406.11717), Lee 2024\n",
    ],
)
def test_a_source_that_another_note_has_is_told(vault: Path, text: str) -> None:
    other = "## Sources\n\n- supporting: [T](https://arxiv.org/abs/2406.11717), Lee 2024\n"
    make(vault, {"Claims/x.md": text, "Claims/other.md": other})
    code, out, err = new(vault, "claim", "arXiv:2406.11717")
    assert (code, err) == (0, "Claims/x.md has the same source\n")
    assert out.startswith("wrote Claims/refusal-one-direction.md\n")


def test_a_shell_is_offered_the_types(vault: Path, tmp_path: Path) -> None:
    assert completed(vault, "new", "") == ["claim", "log"]
    assert completed(vault / "Templates", "new", "l") == ["log"]
    assert completed(tmp_path, "--vault", str(vault), "new", "c") == ["claim"]
    assert completed(vault, "new", "log", "") == []


@pytest.mark.parametrize("files", [{}, {"vaultsync.toml": "[types"}, {"vaultsync.toml": b"\xff"}])
def test_without_a_readable_vault_a_shell_is_offered_nothing(
    tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    assert completed(make(tmp_path / "a", files), "new", "") == []
    assert completed(tmp_path, "--vault", "nowhere", "new", "") == []
