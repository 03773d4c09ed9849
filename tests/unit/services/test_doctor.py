"""What the doctor says of a machine: the good, what is worth knowing, and what stands in the way."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.services.doctor import Finding, Weight, examine, qt_refusal
from quarterdeck.services.surroundings import LogFacts, ProgramFacts, StoreFacts, Surroundings, WindowFacts, look_around
from quarterdeck.services.workspace import open_workspace
from tests.support.fakes import MemoryRegistry, ScriptedConnector
from tests.unit.services.test_connections import MANIFEST

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STORE = StoreFacts(
    Path("/data/s.db"), Path("/data"), True, 50_000_000_000, "ext4", 0o600, 0o700, True, NOW - timedelta(seconds=5)
)
SOUND = Surroundings(
    ProgramFacts((3, 11, 7), "6.11.3", ()),
    WindowFacts(has_display=True, missing_packages=(), has_fonts=True),
    STORE,
    LogFacts(Path("/cache/collector.log"), NOW),
    NOW,
)


class Keeping:
    """Secrets' places that can or cannot keep anything."""

    def __init__(self, *, can: bool = True) -> None:
        self._can = can

    def can_keep(self) -> bool:
        return self._can

    def keeping_words(self) -> str:
        return "Kept in the keyring." if self._can else "Nothing keeps it."


def examined(surroundings: Surroundings, *, secrets: Keeping | None = None) -> tuple[Finding, ...]:
    registry = MemoryRegistry(LoadedConnector(MANIFEST, ScriptedConnector()))
    return examine(surroundings, secrets or Keeping(), registry, lambda: "revision 0001, 14 MB.")


def faults(surroundings: Surroundings) -> list[str]:
    return [finding.line for finding in examined(surroundings) if finding.is_fault]


def test_a_sound_machine_is_told_so_line_by_line() -> None:
    assert [finding.line for finding in examined(SOUND)] == [
        "good   Python: 3.11.7.",
        "good   Qt: PySide6 6.11.3.",
        "good   Connectors: 1 kind can be connected.",
        "good   Clock: 2026-11-24 12:00 UTC.",
        "good   Disk: 50 GB free where the store lies.",
        "good   Store: revision 0001, 14 MB.",
        "good   Secrets: Kept in the keyring.",
        "good   Window: a display, its libraries and fonts are there.",
        "good   Log: the collector of the window writes to /cache/collector.log, last at 2026-11-24 12:00 UTC.",
    ]


@pytest.mark.parametrize(
    ("python", "version", "is_refused"),
    [
        ((3, 11, 7), "6.12.0", True),
        ((3, 12, 0), "6.12.0", False),
        ((3, 11, 7), "6.11.3", False),
        ((3, 11, 7), "6.12.1", False),
    ],
)
def test_the_qt_that_ends_the_process_is_refused_where_it_does(
    python: tuple[int, int, int], version: str, *, is_refused: bool
) -> None:
    assert bool(qt_refusal(python, version)) is is_refused


@pytest.mark.parametrize(
    ("surroundings", "words"),
    [
        (replace(SOUND, program=replace(SOUND.program, python=(3, 10, 1))), "3.10.1 is too old."),
        (replace(SOUND, program=replace(SOUND.program, qt_version="6.12.0")), "PySide6 6.12.0 ends the process"),
        (replace(SOUND, program=replace(SOUND.program, missing_requirements=("httpx",))), "not installed: httpx."),
        (replace(SOUND, now=datetime(1970, 1, 2, tzinfo=UTC)), "it says 1970-01-02, which is past."),
        (replace(SOUND, store=replace(STORE, modified_at=NOW + timedelta(hours=1))), "after what the clock says"),
        (replace(SOUND, store=replace(STORE, is_writable=False)), "this user may not write /data/s.db."),
        (replace(SOUND, store=replace(STORE, is_writable=False, file_mode=None)), "this user may not write /data."),
        (replace(SOUND, store=replace(STORE, file_system="nfs4")), "lies on a network drive (nfs4)"),
        (replace(SOUND, store=replace(STORE, free_bytes=1_000_000)), "1.0 MB free"),
        (replace(SOUND, window=WindowFacts(True, ("libegl1",), True)), "apt-get install libegl1"),
        (replace(SOUND, window=WindowFacts(True, (), False)), "no font is installed."),
    ],
)
def test_what_stands_in_the_way_is_a_fault_with_its_next_step(surroundings: Surroundings, words: str) -> None:
    (line,) = faults(surroundings)
    assert words in line


@pytest.mark.parametrize(
    ("surroundings", "words"),
    [
        (replace(SOUND, store=replace(STORE, file_mode=0o644)), "(mode 644). Set it to 600."),
        (replace(SOUND, store=replace(STORE, free_bytes=900_000_000)), "900 MB free"),
        (replace(SOUND, window=WindowFacts(False, ("libegl1",), False)), "no display"),
    ],
)
def test_what_is_worth_knowing_stands_in_nobodys_way(surroundings: Surroundings, words: str) -> None:
    findings = examined(surroundings)
    assert not any(finding.is_fault for finding in findings)
    (note,) = [finding for finding in findings if finding.weight is Weight.NOTE]
    assert words in note.line


def test_without_a_place_for_secrets_it_says_what_would_be_one() -> None:
    (note,) = [one for one in examined(SOUND, secrets=Keeping(can=False)) if one.weight is Weight.NOTE]
    assert "QUARTERDECK_PASSPHRASE" in note.line


def test_a_store_that_was_never_made_is_no_fault_and_not_opened() -> None:
    surroundings = replace(SOUND, store=replace(STORE, file_mode=None, folder_mode=None, modified_at=None))
    assert faults(surroundings) == []
    assert any("will be made at /data/s.db" in finding.line for finding in examined(surroundings))


def test_a_store_that_cannot_be_opened_is_a_fault() -> None:
    def refuse() -> str:
        raise OperatorError("The store is damaged\x1b[2J.", "Bring back a copy.")

    findings = examine(SOUND, Keeping(), MemoryRegistry(LoadedConnector(MANIFEST, ScriptedConnector())), refuse)
    (fault,) = [finding for finding in findings if finding.is_fault]
    assert fault.line == "FAULT  Store: The store is damaged [2J. Bring back a copy."


def test_an_installation_without_connectors_is_a_fault() -> None:
    findings = examine(SOUND, Keeping(), MemoryRegistry(), lambda: "")
    assert any(finding.is_fault and finding.subject == "Connectors" for finding in findings)


def test_looking_around_finds_this_machine_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "s.db"
    workspace = open_workspace(store_url=str(path))
    found = look_around(workspace, NOW, {})
    assert found.program.python >= (3, 11, 0)
    assert found.program.qt_version
    assert found.program.missing_requirements == ()
    assert found.store is not None
    assert (found.store.folder, found.store.is_writable, found.store.file_mode) == (tmp_path, True, None)
    assert found.store.free_bytes > 0
    assert not found.window.has_display
    assert list(tmp_path.iterdir()) == []


def test_looking_around_reads_the_modes_of_a_store(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.touch(0o640)
    path.chmod(0o640)
    os.utime(path, (1_000, 1_000))
    found = look_around(open_workspace(store_url=str(path)), NOW, {"DISPLAY": ":0"})
    assert found.store is not None
    assert found.store.file_mode == 0o640
    assert found.store.modified_at == datetime(1970, 1, 1, 0, 16, 40, tzinfo=UTC)
    assert found.window.has_display


def test_a_place_that_cannot_be_looked_at_is_judged_by_the_folder_above_it(tmp_path: Path) -> None:
    found = look_around(open_workspace(store_url=str(tmp_path / ("a" * 300) / "s.db")), NOW, {})
    assert found.store is not None
    assert found.store.folder == tmp_path


def test_a_store_on_a_server_has_no_place_here() -> None:
    assert look_around(open_workspace(store_url="postgresql://db.test/q"), NOW, {}).store is None
