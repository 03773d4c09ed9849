"""The command that holds claims against measurement, as it is typed."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.e2e.console_process import run

ESTATE = """\
quarterdeck: 1
name: small
entities:
  - {key: partner/hub, kind: partner, name: Hub}
  - {key: integration/bills, kind: integration, name: Bills}
relations:
  - {kind: external_internal, from: partner/hub, to: integration/bills}
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a small estate that nobody watches."""
    estate, path = tmp_path / "estate.yaml", tmp_path / "store.db"
    estate.write_text(ESTATE, encoding="utf-8")
    applied = run(path, "apply", str(estate))
    assert applied.returncode == 0, applied.stderr
    return path


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--since", "soon"), "'soon' is no time."),
        (("--since", "999999999999d"), "reaches back too far"),
        (("--since", "2026-11-02", "--at", "2026-11-01"), "The range would end before it begins."),
        (("partner/nobody",), "There was no entity partner/nobody then."),
    ],
    ids=["no-time", "too-far", "backwards", "nobody"],
)
def test_what_cannot_be_told_is_refused_with_a_next_step(store: Path, asked: tuple[str, ...], words: str) -> None:
    told = run(store, "claims", *asked)
    assert told.returncode == 4
    assert words in told.stderr
    assert len(told.stderr.strip().splitlines()) == 2


def test_a_store_without_pages_says_so_in_every_format_and_stays_as_it_was(store: Path) -> None:
    before = hashlib.sha256(store.read_bytes()).hexdigest()
    assert "No partner has a status page that is read." in run(store, "claims").stdout
    told = json.loads(run(store, "claims", "partner/hub", "--since", "2026-11-01", "--format", "json").stdout)
    assert (told["partners"], told["disagreements"], told["partners_without_page"]) == ([], [], 1)
    assert run(store, "claims", "--format", "csv").stdout.startswith("partner,partner_key,kind,from,to,seconds")
    assert hashlib.sha256(store.read_bytes()).hexdigest() == before
