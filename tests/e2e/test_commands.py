"""The commands, as typed: what they print, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.console_process import command, run

ESTATE = """
quarterdeck: 1
name: payments
title: Payments
entities:
  - {key: partner/payhub, kind: partner, name: PayHub}
  - {key: integration/payhub-processor, kind: integration, name: PayHub processor, domain: bill_pay}
relations:
  - {kind: external_internal, from: partner/payhub, to: integration/payhub-processor}
connections:
  - {id: machine, connector: this_machine, name: This machine, poll: 5s}
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "estate.yaml"
    file.write_text(ESTATE, encoding="utf-8")
    return file


def test_applying_a_document_twice_changes_nothing_the_second_time(store: Path, document: Path) -> None:
    first, second = run(store, "apply", str(document)), run(store, "apply", str(document))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "integration/payhub-processor" in first.stdout
    assert "payhub" not in second.stdout


def test_a_dry_run_prints_the_difference_and_changes_nothing(store: Path, document: Path) -> None:
    dry = run(store, "apply", str(document), "--dry-run")
    wet = run(store, "apply", str(document))
    assert dry.stdout == wet.stdout
    assert dry.stdout.count("+") >= 4


def test_a_dry_run_makes_no_store(store: Path, document: Path) -> None:
    dry = run(store, "apply", str(document), "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert list(store.parent.iterdir()) == [document]


def test_a_broken_document_is_refused_with_its_line_and_changes_nothing(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    document.write_text(ESTATE.replace("to: integration/payhub-processor}", "to: integration/payhop}"), "utf-8")
    refused = run(store, "apply", str(document))
    assert refused.returncode == 4
    assert "Line 9" in refused.stderr
    status = json.loads(run(store, "status", "--json").stdout)
    assert len(status["entities"]) == 2


def test_all_faults_of_a_document_are_told_in_one_run(store: Path, document: Path) -> None:
    document.write_text(ESTATE.replace("kind: partner", "kind: pertner").replace("poll: 5s", "poll: soon"), "utf-8")
    refused = run(store, "apply", str(document))
    assert refused.returncode == 4
    first, *lines = refused.stderr.splitlines()
    assert first == "quarterdeck: The document has 2 faults."
    assert [line.partition(":")[0] for line in lines[:2]] == ["Line 6", "Line 11"]
    assert lines[2:] == ["Correct the document and apply it again; nothing was changed."]


def test_status_without_data_is_unknown(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    status = run(store, "status")
    assert status.returncode == 3
    assert "PayHub processor" in status.stdout
    assert "no data yet" in status.stdout


def test_a_store_named_before_the_command_is_the_one_it_takes(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    for place, words in ((tmp_path / "first.db", ("status",)), (tmp_path / "second.db", ("store", "info"))):
        before = [sys.executable, "-m", "quarterdeck", "--store", str(place), *words]
        told = subprocess.run(before, capture_output=True, text=True, timeout=60, check=False)
        assert f"There is no store at {place}." in told.stderr
        told = subprocess.run([*before, "--store", str(other)], capture_output=True, text=True, timeout=60, check=False)
        assert f"There is no store at {other}." in told.stderr


def test_status_as_json_names_every_entity_and_the_verdict(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    told = json.loads(run(store, "status", "--json").stdout)
    assert told["verdict"] == "unknown"
    assert {entity["key"] for entity in told["entities"]} == {"partner/payhub", "integration/payhub-processor"}


def test_status_of_a_store_that_is_not_there_says_what_to_do(store: Path) -> None:
    status = run(store, "status")
    assert status.returncode == 4
    assert status.stderr.startswith("quarterdeck: There is no store at ")
    assert "Traceback" not in status.stderr


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("--profile", "night"), "`quarterdeck connectors list --profile night`"),
        (("--portable",), "`quarterdeck connectors list --portable`"),
        ((), "`quarterdeck connectors list`"),
    ],
    ids=["profile", "portable", "store alone"],
)
def test_a_command_that_is_told_leads_to_the_same_store(
    store: Path, document: Path, typed: tuple[str, ...], told: str
) -> None:
    document.write_text(ESTATE.replace("this_machine", "thismachine"), encoding="utf-8")
    run(store, "apply", str(document))
    checked = run(store, "connectors", "check", *typed)
    assert f"See {told[:-1]} --store {store}` for those that are." in checked.stdout


def test_what_the_window_refuses_names_a_command_that_leads_to_the_same_store(store: Path) -> None:
    without_display = {name: value for name, value in os.environ.items() if "DISPLAY" not in name and "QT" not in name}
    for words, profile in (((), ""), (("demo",), "--profile demo ")):
        refused = subprocess.run(
            command(store, *words), capture_output=True, text=True, timeout=60, check=False, env=without_display
        )
        assert refused.returncode == 4
        assert f"`quarterdeck status {profile}--store {store}` prints" in refused.stderr


def test_a_file_that_is_no_store_is_refused_and_left_alone(store: Path) -> None:
    store.write_bytes(b"This is a letter, not a store.\n" * 100)
    before = store.read_bytes()
    refused = run(store, "status")
    assert refused.returncode == 4
    assert "Traceback" not in refused.stderr
    assert store.read_bytes() == before


def test_how_long_samples_are_kept_is_set_told_and_refused_in_words(store: Path) -> None:
    told = run(store, "store", "retention", "--samples", "30d", "--limit", "2GB")
    assert told.returncode == 0, told.stderr
    assert run(store, "store", "retention").stdout == told.stdout
    assert json.loads(run(store, "store", "info", "--json").stdout)["retention"] == {
        "samples_days": 30.0,
        "fine_summaries_days": None,
        "coarse_summaries_days": None,
        "limit_bytes": 2 * 2**30,
    }
    refused = run(store, "store", "retention", "--fine", "10d")
    assert refused.returncode == 4
    assert "coarser" in refused.stderr


def test_vacuum_says_what_the_store_takes_and_makes_none(store: Path) -> None:
    assert run(store, "store", "vacuum").returncode == 4
    assert not store.exists()
    run(store, "store", "retention", "--samples", "30d")
    told = run(store, "store", "vacuum")
    assert told.stdout.startswith("The store takes "), told.stderr


def test_a_history_taken_in_is_counted_by_store_info(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    page = store.parent / "history.om"
    page.write_text("".join(f"load {at} {1700000000 + at}\n" for at in range(300)) + "what\n", encoding="ascii")
    told = run(store, "store", "import", str(page), "--entity", "partner/payhub")
    assert told.stdout == (
        "300 samples taken in, 1 new series. 1 line without a series, a number or an instant left out.\n"
    )
    assert json.loads(run(store, "store", "info", "--json").stdout)["counts"]["samples"] == 300
    unknown = run(store, "store", "import", str(page), "--entity", "service/nobody")
    assert (unknown.returncode, unknown.stdout) == (4, "")
    assert "There is no service/nobody in the estate" in unknown.stderr


def test_connectors_list_shows_kinds_and_connections(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    listed = run(store, "connectors", "list")
    assert listed.returncode == 0, listed.stderr
    assert "this_machine" in listed.stdout
    assert "every 5 s" in listed.stdout


def test_connectors_check_says_what_was_found(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    checked = run(store, "connectors", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.startswith("This machine: ")


def test_store_info_and_check_tell_of_a_sound_store(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    info = json.loads(run(store, "store", "info", "--json").stdout)
    assert info["counts"]["entities"] == 2
    checked = run(store, "store", "check")
    assert (checked.returncode, checked.stdout.strip()) == (0, "The store is sound.")


def test_a_row_changed_by_hand_is_named_and_everything_else_is_told(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE connection SET settings = 'none'")
    sentence = "The row of connection with id machine, name This machine cannot be read: settings is “none”."
    for words, code in ((("status",), 3), (("connectors", "list"), 1)):
        told = run(store, *words)
        assert (told.returncode, told.stderr.count(sentence), "Traceback" in told.stderr) == (code, 1, False)
    checked = run(store, "store", "check")
    assert checked.returncode == 1
    assert checked.stdout.startswith(sentence)
    run(store, "apply", str(document))
    assert run(store, "connectors", "list").returncode == 0


def test_help_teaches_each_command() -> None:
    helped = run(Path("unused"), "--help")
    for name in ("demo", "collect", "status", "apply", "connectors", "store", "doctor"):
        assert name in helped.stdout


@pytest.mark.parametrize(
    "typed",
    [
        "demo",
        "collect",
        "status",
        "apply",
        "connectors list",
        "connectors check",
        "store info",
        "store check",
        "doctor",
    ],
)
def test_the_help_of_a_command_has_an_example_of_it(typed: str) -> None:
    helped = run(Path("unused"), *typed.split(), "--help")
    assert f"For example `quarterdeck {typed}" in " ".join(helped.stdout.split())


def test_an_unknown_fault_is_refused_with_those_there_are(store: Path) -> None:
    refused = run(store, "demo", "--headless", "--fault", "meteor")
    assert refused.returncode == 4
    assert "payhub_outage" in refused.stderr


@pytest.mark.parametrize("typed", [("--headless",), (), ("--fault", "node_loss")], ids=["headless", "window", "fault"])
def test_the_bank_of_another_seed_is_refused_before_anything_is_touched(
    store: Path, document: Path, typed: tuple[str, ...]
) -> None:
    document.write_text(ESTATE.replace("name: payments", "name: demo-bank-3", 1), encoding="utf-8")
    run(store, "apply", str(document))
    before = store.read_bytes()
    refused = run(store, "demo", "--seed", "9", *typed)
    assert refused.returncode == 4
    assert f"The store {store} holds the bank of seed 3" in refused.stderr
    assert f"`quarterdeck demo --seed 3 --store {store}`" in refused.stderr
    assert store.read_bytes() == before


@pytest.mark.parametrize("typed", [("--nonsense",), ("status", "--jsn"), ("statu",), ("apply",), ("connectors",)])
def test_what_cannot_be_understood_never_passes_for_a_verdict(store: Path, typed: tuple[str, ...]) -> None:
    refused = run(store, *typed)
    assert refused.returncode == 4
    assert "Traceback" not in refused.stderr


def test_a_reader_who_has_seen_enough_ends_a_command_quietly(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    with subprocess.Popen(
        command(store, "status", "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as status:
        assert status.stdout is not None
        assert status.stderr is not None
        status.stdout.close()
        assert status.wait(60) == 141
        assert status.stderr.read() == ""


def test_output_that_cannot_be_written_is_told(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    with Path("/dev/full").open("w") as full:
        status = subprocess.run(
            command(store, "status"), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert status.returncode == 4
    assert status.stderr == (
        "quarterdeck: The output cannot be written: No space left on device.\nSee where it goes.\n"
    )


def test_a_terminal_without_these_letters_gets_others(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    status = subprocess.run(
        command(store, "status"),
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert status.returncode == 3
    assert b"PayHub processor" in status.stdout


def test_no_colour_codes_are_printed_even_where_they_are_asked_for(store: Path, document: Path) -> None:
    run(store, "apply", str(document))
    status = subprocess.run(
        command(store, "status"),
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "FORCE_COLOR": "1"},
    )
    assert b"\x1b" not in status.stdout


def test_who_interrupts_a_command_gets_no_trace(store: Path) -> None:
    with subprocess.Popen(command(store, "collect"), stderr=subprocess.PIPE, text=True) as collector:
        assert collector.stderr is not None
        assert "Collecting." in collector.stderr.readline()
        collector.send_signal(signal.SIGINT)
        assert collector.wait(30) == 0
        assert collector.stderr.read() == ""


def test_a_bug_is_told_apart_from_every_verdict(store: Path) -> None:
    stumbling = "import quarterdeck.bootstrap as b; b.read_status = lambda workspace: 1 / 0"
    script = f"{stumbling}; from quarterdeck.cli import main; main()"
    fallen = subprocess.run(
        [sys.executable, "-c", script, "status", "--store", str(store)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert fallen.returncode == 70
    assert "ZeroDivisionError" in fallen.stderr
