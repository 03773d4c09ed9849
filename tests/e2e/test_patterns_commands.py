"""The commands of patterns as they are typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.console_process import run
from tests.unit.patterns.bank import OWN

ESTATE = """\
quarterdeck: 1
name: small
entities:
  - {key: partner/hub, kind: partner, name: Hub}
  - {key: service/orders, kind: service, name: Orders}
  - {key: integration/bills, kind: integration, name: Bills, facts: {pattern: bill_pay_integration}}
  - {key: event_type/paid, kind: event_type, name: Paid, facts: {pattern: event_notification}}
  - {key: channel/sms, kind: channel, name: Text message}
relations:
  - {kind: external_internal, from: partner/hub, to: integration/bills, facts: {contract: C-1}}
  - {kind: event_notification, from: event_type/paid, to: channel/sms, facts: {data_class: contact}}
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a small estate."""
    estate, path = tmp_path / "estate.yaml", tmp_path / "store.db"
    estate.write_text(ESTATE, encoding="utf-8")
    applied = run(path, "apply", str(estate))
    assert applied.returncode == 0, applied.stderr
    return path


def test_what_deviates_is_shown_first_and_ends_with_one(store: Path) -> None:
    shown = run(store, "patterns", "show")
    lines = shown.stdout.splitlines()
    assert shown.returncode == 1, shown.stderr
    assert lines[0] == "Bills (integration/bills): deviates, Bill Pay Integration"
    assert any(
        "requires at least 2 relations external → internal to a service; seen: none, since" in at for at in lines
    )
    assert any("requires policy TP-01 satisfied; seen: not judged (not known)" in at for at in lines)
    assert "Paid (event_type/paid): conforms, Event → Notification" in lines
    assert lines[-1] == "Deviates: 2 entities: 1 deviates, 1 conforms."


def test_one_entity_that_conforms_ends_with_nought(store: Path) -> None:
    shown = run(store, "patterns", "show", "event_type/paid", "--json")
    told = json.loads(shown.stdout)
    assert (shown.returncode, told["verdict"], len(told["entities"])) == (0, "conforms", 1)


def test_an_entity_that_is_held_against_nothing_is_refused_in_words(store: Path) -> None:
    shown = run(store, "patterns", "show", "integration/none")
    assert shown.returncode == 4
    assert "No entity integration/none that is held against a pattern." in shown.stderr


def test_the_patterns_at_hand_are_listed_with_how_many_name_them(store: Path) -> None:
    listed = json.loads(run(store, "patterns", "list", "--json").stdout)
    named = {each["id"]: each["named_by"] for each in listed["patterns"]}
    assert (named["bill_pay_integration"], named["account_integration"], listed["faults"]) == (1, 0, [])


def test_patterns_are_listed_where_there_is_no_store_yet(tmp_path: Path) -> None:
    listed = run(tmp_path / "none.db", "patterns", "list")
    assert listed.returncode == 0, listed.stderr
    assert "External → Internal" in listed.stdout
    assert not (tmp_path / "none.db").exists()


def test_a_new_file_is_told_what_it_would_find_and_nothing_is_changed(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN, encoding="utf-8")
    before = run(store, "patterns", "show", "--json").stdout
    checked = run(store, "patterns", "check", str(own))
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith(
        "own.yaml: Own shape, 4 demands. Nothing names it yet; held against every integration"
    )
    assert "Bills (integration/bills): deviates, Own shape" in checked.stdout
    assert json.loads(run(store, "patterns", "show", "--json").stdout)["entities"] == json.loads(before)["entities"]


def test_a_wrong_file_of_a_pattern_is_told_with_its_line_and_ends_with_one(store: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(OWN.replace("error_rate", "errors"), encoding="utf-8")
    checked = run(store, "patterns", "check", str(wrong), "--json")
    (told,) = json.loads(checked.stdout)["files"]
    assert checked.returncode == 1
    assert told["faults"][0].startswith("wrong.yaml, line 9: “errors” is no meaning of a required signal.")


def test_a_file_with_the_id_of_a_shipped_pattern_is_refused(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN.replace("own_shape", "account_integration"), encoding="utf-8")
    checked = run(store, "patterns", "check", str(own))
    assert checked.returncode == 1
    assert checked.stdout == (
        "own.yaml, line 2: the pattern account_integration stands in account_integration.yaml already.\n"
    )


def test_a_policy_that_nobody_has_is_refused_with_its_line(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"{OWN}policies: [XX-99]\n", encoding="utf-8")
    checked = run(store, "patterns", "check", str(own))
    assert checked.returncode == 1
    line = OWN.count("\n") + 1
    assert checked.stdout.startswith(f"own.yaml, line {line}: there is no policy XX-99. There are CHG-01, ")


def test_shipped_patterns_hold_together_where_nothing_is_declared(tmp_path: Path) -> None:
    checked = run(tmp_path / "none.db", "patterns", "check")
    assert checked.returncode == 0, checked.stderr
    assert "account_integration.yaml: Account Integration, nothing is declared yet." in checked.stdout


@pytest.mark.parametrize("typed", ["list", "show", "check"])
def test_the_help_of_a_command_of_patterns_has_an_example_of_it(typed: str) -> None:
    helped = run(Path("unused"), "patterns", typed, "--help")
    assert f"For example `quarterdeck patterns {typed}" in " ".join(helped.stdout.split())


def test_the_form_of_a_file_is_printed_as_a_schema() -> None:
    command = [sys.executable, "-m", "quarterdeck", "patterns", "schema"]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(printed.stdout)["title"] == "Quarterdeck pattern"
