"""Sources looked up at registries and pages that a real server plays."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest
from tests.infra.registries import ENTRY, Answer, Handler, World, sends, serve

from vaultsync.infra.registries.lookups import Wanted, archived, look_up
from vaultsync.infra.registries.polite import Client

PAGE = """<html><head><title>A page</title><meta name="citation_title" content="The Work">
<meta name="citation_author" content="Lee, Ada"><meta name="citation_author" content="Bo Ng">
<meta name="citation_publication_date" content="2023/05/01">
<meta name="citation_abstract" content="We show it."></head>
<body><script>no words</script><p>It is <b>se</b>en</p><p>everywhere.</p></body></html>"""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with serve(monkeypatch) as found:
        yield found


def test_preprints_are_looked_up_together(world: World) -> None:
    world.preprints = {
        "2406.11717": {"version": 3, "title": "One", "summary": "We show."},
        "2501.00001": {"comment": "This paper has been withdrawn by the authors"},
        "2501.00002": {"comment": "superseded by arXiv:2501.00001"},
        "2501.00003": {"title": "T", "comment": "withdrawn from ICML"},
    }
    found = world.look(*(f"https://arxiv.org/abs/{key}" for key in world.preprints))
    assert [one.state for one in found] == ["ok", "withdrawn", "superseded", "ok"]
    one = found[0]
    assert (one.version, one.title, one.authors, one.year) == (3, "One", ("Ada Lee",), 2024)
    assert (one.abstract, found[1].reason) == (
        "We show.",
        "This paper has been withdrawn by the authors",
    )
    assert len(world.requests) == 1


def test_an_id_that_arxiv_does_not_know_is_dead(world: World) -> None:
    world.preprints = {"2406.11717": {}}
    known, unknown = world.look("arXiv:2406.11717", "arXiv:2406.99999")
    assert (known.state, unknown.state) == ("ok", "dead")


def test_an_answer_that_lacks_an_id_leaves_it_unknown(world: World) -> None:
    entry = ENTRY.format(id="2406.11717", version=1, title="T", summary="", comment="")
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'
    world.answers["/query"] = sends(feed)
    _, found = world.look("arXiv:2406.11717", "arXiv:2406.99999")
    assert (found.state, found.reason) == ("unknown", "arXiv's answer lacked this id")


@pytest.mark.parametrize(
    ("work", "state", "reason"),
    [
        ({"title": ["T"], "issued": {"date-parts": [[2020]]}}, "ok", ""),
        ({}, "ok", ""),
        ({"title": ["RETRACTED: T"]}, "retracted", "RETRACTED: T"),
        ({"title": ["WITHDRAWN: T"]}, "withdrawn", "WITHDRAWN: T"),
        (
            {"title": ["T"], "updated-by": [{"type": "retraction", "DOI": "10.1/n"}]},
            "retracted",
            "retraction 10.1/n",
        ),
        (
            {"title": ["T"], "update-to": [{"type": "retraction", "DOI": "10.1/o"}]},
            "retracted",
            "is itself the retraction of 10.1/o",
        ),
        ({"title": ["T"], "updated-by": [{"type": "correction", "DOI": "10.1/n"}]}, "ok", ""),
        ({"title": ["T"], "update-to": [{"type": "erratum", "DOI": "10.1/n"}]}, "ok", ""),
    ],
)
def test_a_work_with_a_doi(world: World, work: dict[str, object], state: str, reason: str) -> None:
    world.works["10.1000/a"] = work
    (found,) = world.look("https://doi.org/10.1000/a")
    assert (found.state, found.reason) == (state, reason)


def test_a_doi_that_was_never_registered_is_dead(world: World) -> None:
    (found,) = world.look("10.1000/gone")
    assert (found.state, found.reason) == ("dead", "doi.org does not know this DOI")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/handles/10.1000/a", sends("", 500)),
        ("/works/10.1000%2Fa", sends("<html>")),
        ("/works/10.1000%2Fa", sends('{"message": {"title": "no list"}}')),
        ("/works/10.1000%2Fa", sends("", 502)),
    ],
)
def test_a_registry_that_fails_leaves_a_work_unknown(
    world: World, path: str, answer: Answer
) -> None:
    world.works["10.1000/a"] = {"title": ["T"]}
    world.answers[path] = answer
    (found,) = world.look("10.1000/a")
    assert found.state == "unknown"
    assert found.reason


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (sends('{"is_retracted": true}'), "retracted"),
        (sends('{"is_retracted": false}'), "ok"),
        (sends("<html>"), "ok"),
        (sends("", 401), "ok"),
    ],
)
def test_openalex_is_used_with_a_key_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, answer: Answer, state: str
) -> None:
    world.works["10.1000/a"] = {"title": ["T"]}
    world.answers["/open/10.1000/a"] = answer
    assert world.look("10.1000/a")[0].state == "ok"
    assert not [path for path in world.paths() if path.startswith("/open")]
    monkeypatch.setenv("VAULTSYNC_OPENALEX_ADDRESS", f"{world.base}/open/")
    monkeypatch.setenv("VAULTSYNC_OPENALEX_KEY", "k y")
    assert world.look("10.1000/a")[0].state == state
    assert world.paths()[-1] == "/open/10.1000/a?api_key=k%20y"


def test_what_a_page_shows_of_a_work(world: World) -> None:
    world.answers["/page"] = sends(PAGE)
    found = world.page("is seen everywhere", "no words", "is seen nowhere")
    assert (found.state, found.title, found.authors, found.year) == (
        "ok",
        "The Work",
        ("Ada Lee", "Bo Ng"),
        2023,
    )
    assert found.quotes("Is seen everywhere") is True
    assert found.quotes("no words") is found.quotes("is seen nowhere") is None
    assert len(found.digest) == 16


def test_of_a_file_only_the_head_is_requested(world: World) -> None:
    world.answers["/page"] = sends(b"%PDF", Content_Type="application/pdf")
    assert world.page().state == "ok"
    assert world.paths() == []


def _drip(request: Handler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(50):
        request.wfile.write(b"x")
        request.wfile.flush()
        time.sleep(0.1)


def _no_head(request: Handler) -> None:
    if request.command == "HEAD":
        request.send(b"", 405)
    else:
        request.send(PAGE.encode())


def _hang_up(request: Handler) -> None:
    request.close_connection = True
    request.connection.shutdown(socket.SHUT_RDWR)


def _head_is_gone(request: Handler) -> None:
    request.send(PAGE.encode(), 404 if request.command == "HEAD" else 200)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (sends("", 404), "dead"),
        (sends("", 410), "dead"),
        (sends("<title>404 - Page not found | Host</title>"), "dead"),
        (sends("<title>Sorry, this page could not be found</title>"), "dead"),
        (sends("<title>404 Media on robots</title>"), "ok"),
        (sends("<title>Not finding the page</title>"), "ok"),
        (sends("", 403), "unknown"),
        (sends("", 401), "unknown"),
        (sends("", 500), "unknown"),
        (sends("", 301, Location="/"), "unknown"),
        (sends("", 302, Location="/page"), "unknown"),
        (sends(b"\x1f\x8b", Content_Encoding="gzip"), "ok"),
        (sends(b"<p>" + b"a " * (1 << 21)), "ok"),
        (sends(b"\xff\xfe<title>x"), "ok"),
        (_no_head, "ok"),
        (_head_is_gone, "ok"),
        (_hang_up, "unknown"),
    ],
)
def test_what_a_page_may_answer(world: World, answer: Answer, state: str) -> None:
    world.answers["/page"] = answer
    world.answers["/"] = sends("<title>Home</title>")
    assert world.page().state == state


def test_a_page_that_drips_is_given_up(world: World) -> None:
    world.answers["/page"] = _drip
    found = world.page(timeout=0.2)
    assert found.state == "unknown"
    assert "slowly" in found.reason or "no answer" in found.reason


def test_a_busy_host_is_requested_again_later(world: World) -> None:
    answers = [sends("", 429, Retry_After="0"), sends("", 503), sends(PAGE), sends(PAGE)]

    def in_turn(request: Handler) -> None:
        answers.pop(0)(request)

    world.answers["/page"] = in_turn
    assert world.page().state == "ok"


@pytest.mark.parametrize("is_date", [True, False])
def test_a_host_that_wants_a_long_pause_is_left(world: World, *, is_date: bool) -> None:
    after = formatdate(time.time() + 3600, usegmt=True) if is_date else "3600"
    world.answers["/page"] = sends("", 429, Retry_After=after)
    found = world.page()
    assert found.state == "unknown"
    assert "wants no request for" in found.reason
    assert len(world.requests) == 2


def test_requests_to_a_host_have_a_distance(world: World) -> None:
    world.answers["/page"] = sends(PAGE)
    started = time.monotonic()
    world.page(spacing=0.2)
    _, (_, _, second) = world.requests
    assert second - started >= 0.2


def test_a_host_that_is_not_public_is_not_requested(world: World) -> None:
    found = world.page(private=False)
    assert (found.state, world.requests) == ("unknown", [])
    assert "not a public host" in found.reason


def test_a_host_without_an_encrypted_connection(world: World) -> None:
    (found,) = world.look(world.base.replace("http:", "https:") + "/page")
    assert found.state == "unknown"


@pytest.mark.parametrize(
    ("answer", "copy"),
    [
        ({"archived_snapshots": {}}, None),
        (
            {"archived_snapshots": {"closest": {"available": True, "url": "http://w.org/1/x"}}},
            "https://w.org/1/x",
        ),
        ({"archived_snapshots": {"closest": {"available": False, "url": "http://w.org"}}}, None),
    ],
)
def test_the_copy_of_a_page(world: World, answer: dict[str, object], copy: str | None) -> None:
    world.answers["/available"] = sends(json.dumps(answer))
    settings = world.settings()
    assert archived("https://x.org/a?b=c", Client(settings), settings) == copy
    assert world.paths() == ["/available?url=https%3A%2F%2Fx.org%2Fa%3Fb%3Dc"]


def test_a_run_that_ends_early_leaves_the_rest(world: World) -> None:
    world.answers["/page"] = world.answers["/other"] = sends(PAGE)
    wanted = [Wanted(name, f"{world.base}/{name}") for name in ("page", "other")]
    running = look_up(wanted, world.settings(spacing=0.2), private=True)
    assert next(running).state == "ok"
    running.close()  # type: ignore[attr-defined]
    time.sleep(0.5)
    assert len(world.requests) <= 3
