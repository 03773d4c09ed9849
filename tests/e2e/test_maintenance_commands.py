"""The commands of maintenance as they are typed."""

import json
from pathlib import Path

import pytest

from tests.e2e.console_process import run

ESTATE = """\
quarterdeck: 1
name: small
entities:
  - {key: integration/payhub, kind: integration, name: PayHub, domain: bill_pay}
"""
ADD = ("maintenance", "add", "integration/payhub", "--start", "2030-06-02T02:00Z", "--end", "1h", "--reason", "Upgrade")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one integration."""
    estate, path = tmp_path / "estate.yaml", tmp_path / "store.db"
    estate.write_text(ESTATE, encoding="utf-8")
    applied = run(path, "apply", str(estate))
    assert applied.returncode == 0, applied.stderr
    return path


def test_a_window_is_planned_corrected_and_ended_with_every_record_kept(store: Path) -> None:
    planned = run(store, *ADD, "--rule", "FREQ=WEEKLY;BYDAY=SU", "--zone", "UTC", "--by", "ada")
    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.startswith("window-1 is planned: ")
    refused = run(store, "maintenance", "correct", "window-1", "--end", "3h")
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (4, "Say it with `--note`.")
    corrected = run(store, "maintenance", "correct", "window-1", "--end", "3h", "--note", "Longer", "--by", "bob")
    assert corrected.returncode == 0, corrected.stderr
    ended = run(store, "maintenance", "end", "window-1", "--all", "--at", "2030-06-10T00:00Z")
    assert ended.returncode == 0, ended.stderr
    records = json.loads(run(store, "maintenance", "list", "window-1", "--json").stdout)["records"]
    assert [each["act"] for each in records] == ["planned", "corrected", "ended"]
    assert [each["recorded_by"] for each in records[:2]] == ["ada", "bob"]
    early = run(store, "maintenance", "list", "--known-at", "2020-01-01T00:00Z")
    assert "No maintenance is planned." in early.stdout
    assert f"`quarterdeck maintenance add --store {store}`" in early.stdout
    assert "integration/payhub" in run(store, "maintenance", "list").stdout


def test_what_is_exported_is_taken_in_elsewhere_and_again_without_a_difference(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.ics"
    assert run(store, *ADD).returncode == 0
    assert run(store, "maintenance", "export", str(file)).stdout == "plan.ics: 1 window.\n"
    assert "BEGIN:VEVENT" in run(store, "maintenance", "export").stdout
    again = run(store, "maintenance", "import", str(file))
    assert (again.returncode, again.stdout) == (0, "0 new, 0 corrected, 1 as they were.\n")
    missing = tmp_path / "none" / "plan.ics"
    nowhere = run(store, "maintenance", "export", str(missing))
    assert (nowhere.returncode, nowhere.stderr.splitlines()[0]) == (
        4,
        f"quarterdeck: The file {missing} cannot be written: No such file or directory.",
    )


def test_a_broken_calendar_is_refused_by_line_and_changes_nothing(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "broken.ics"
    event = "BEGIN:VEVENT\nUID:{}\nDTSTART:nonsense\nEND:VEVENT\n"
    file.write_text(f"BEGIN:VCALENDAR\n{event.format('a')}{event.format('b')}END:VCALENDAR\n", encoding="utf-8")
    refused = run(store, "maintenance", "import", str(file))
    assert refused.returncode == 4
    assert refused.stderr.splitlines()[1].startswith("broken.ics, line 4: DTSTART: ")
    assert refused.stderr.splitlines()[2].startswith("broken.ics, line 8: DTSTART: ")
    assert "No maintenance is planned." in run(store, "maintenance", "list", "--all").stdout


def test_a_calendar_of_escapes_is_refused_without_one(store: Path, tmp_path: Path) -> None:
    garbage = tmp_path / "e.ics"
    garbage.write_bytes(b"\x1b[31mHELLO\x1b]0;x\x07 junk\r\n")
    told = run(store, "maintenance", "import", str(garbage))
    assert told.returncode == 4
    assert told.stderr.startswith("quarterdeck: e.ics, line 1: ")
    assert "\x1b" not in told.stderr
    assert "\x07" not in told.stderr


def test_an_unknown_entity_is_refused_with_the_nearest_one(store: Path) -> None:
    refused = run(store, "maintenance", "add", "integration/payhb", "--end", "1h", "--reason", "x")
    assert refused.returncode == 4
    assert refused.stderr.splitlines()[-1] == "Did you mean integration/payhub?"
