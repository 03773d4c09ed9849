"""The command that asks what would follow, as it is typed."""

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
  - {key: integration/cards, kind: integration, name: Cards}
  - {key: service/orders, kind: service, name: Orders}
  - {key: service/other, kind: service, name: Orders}
relations:
  - {kind: external_internal, from: partner/hub, to: integration/bills}
  - {kind: external_internal, from: integration/bills, to: service/orders}
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
    ("assumptions", "words"),
    [
        ((), "Nothing is assumed."),
        (("Hub",), "Hub is no assumption."),
        (("Hub=lost",), "lost is no state."),
        (("Hub=",), "Nothing is no state."),
        (("Nobody=down",), "No entity Nobody at this moment."),
        (("Orders=down",), "2 entities are called Orders."),
        (("Hub=down", "partner/hub=healthy"), "partner/hub is assumed twice."),
    ],
    ids=["none", "no-state", "other-state", "empty-state", "unknown", "ambiguous", "twice"],
)
def test_what_cannot_be_assumed_is_refused_with_a_next_step(
    store: Path, assumptions: tuple[str, ...], words: str
) -> None:
    asked = run(store, "what-if", *(part for each in assumptions for part in ("--assume", each)))
    assert asked.returncode == 4
    assert words in asked.stderr
    assert len(asked.stderr.strip().splitlines()) == 2


def test_what_follows_is_told_as_assumed(store: Path) -> None:
    asked = run(store, "what-if", "--assume", "hub=down")
    assert asked.returncode == 0, asked.stderr
    lines = asked.stdout.splitlines()
    assert lines[0].startswith("Assumed, not real: 1 assumption")
    assert "Integrations hit (1): Bills." in lines
    assert "Integrations that it changes nothing for (1): Cards." in lines
    assert "This is the most that could follow: a second way that no rule declares is not counted." in lines
    assert "Assumed, not real: none of this has happened." in lines


def test_scripts_are_told_the_same(store: Path) -> None:
    told = json.loads(run(store, "what-if", "--assume", "partner/hub=down", "--json").stdout)
    assert told["assumed"] is True
    assert {one["key"]: one["state"] for one in told["changes"]} == {
        "integration/bills": "unreachable",
        "service/orders": "unreachable",
    }
    assert told["unaffected_integrations"] == ["integration/cards"]


def test_before_anything_was_declared_there_is_nothing_to_assume(store: Path) -> None:
    asked = run(store, "what-if", "--assume", "partner/hub=down", "--at", "2001-01-01 00:00")
    assert asked.returncode == 4
    assert "No entity partner/hub at this moment." in asked.stderr


def test_a_moment_to_come_is_refused_in_words(store: Path) -> None:
    asked = run(store, "what-if", "--assume", "partner/hub=down", "--at", "2999-01-01 00:00")
    assert asked.returncode == 4
    assert "'2999-01-01 00:00' is still to come" in asked.stderr
    assert len(asked.stderr.strip().splitlines()) == 2


def test_a_store_that_cannot_be_written_answers_and_stays_as_it_is(store: Path) -> None:
    store.chmod(0o400)
    before = hashlib.sha256(store.read_bytes()).hexdigest()
    asked = run(store, "what-if", "--assume", "Hub=down")
    assert asked.returncode == 0, asked.stderr
    assert hashlib.sha256(store.read_bytes()).hexdigest() == before
