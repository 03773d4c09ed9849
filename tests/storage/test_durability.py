"""What was acknowledged survives: processes killed at any moment, and power cut at any moment.

The power cut is played: every write, truncation and sync that SQLite really made is recorded together with the
acknowledgements. At a random moment the disk then holds all that was synced, and of what was written to each file since
its last sync any part, in any combination, one write torn at a sector. Proven is that the order in which the program
writes, syncs and acknowledges loses nothing on a disk that keeps its word about syncs; a disk that lies is not covered.
"""

import os
import pickle
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.records import Samples
from quarterdeck.services.ports import SampleColumns, SeriesQuery
from quarterdeck.storage.opening import open_store
from tests.support.recorded_writes import (
    ROUNDS,
    Acknowledged,
    Recorded,
    Sync,
    Truncation,
    Write,
    batch,
    is_possible,
)
from tests.support.stores import NOON, PATIENCE_SECONDS

SECTOR_BYTES = 512
CUTS = 40
KILLS = 6
ALL_TIME = TimeRange(NOON - timedelta(days=4000), NOON + timedelta(days=4000))
RECORDING = "import sys; from tests.support.recorded_writes import record; record(*sys.argv[1:])"
STEADY_WRITER = """
import sys
from quarterdeck.domain.connections import Connection
from quarterdeck.storage.opening import open_store

store = open_store(sys.argv[1])
for number in range(int(sys.argv[2]), 1_000_000):
    store.writer.put_connection(Connection(str(number), "http_probe", "p")).result()
    print(number, flush=True)
"""


@dataclass
class Disk:
    """What a disk holds for sure, and what it may or may not hold yet."""

    held: dict[str, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    pending: dict[str, list[Write | Truncation]] = field(default_factory=lambda: defaultdict(list))

    def take(self, recorded: Write | Truncation | Sync) -> None:
        if isinstance(recorded, Sync):
            for waiting in self.pending.pop(recorded.file, []):
                _apply(self.held[recorded.file], waiting)
        else:
            self.pending[recorded.file].append(recorded)

    def after_power_cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files as they may be found."""
        found = {file: bytearray(content) for file, content in self.held.items()}
        likelihood = chance.choice([0.0, 0.5, 0.9, 1.0])
        for file, waiting in self.pending.items():
            for recorded in waiting:
                if chance.random() < likelihood:
                    _apply(found.setdefault(file, bytearray()), _torn(recorded, chance))
        return {file: bytes(content) for file, content in found.items()}


def _apply(content: bytearray, recorded: Write | Truncation) -> None:
    if isinstance(recorded, Truncation):
        del content[recorded.length :]
        return
    content.extend(b"\0" * (recorded.offset - len(content)))
    content[recorded.offset : recorded.offset + len(recorded.content)] = recorded.content


def _torn(recorded: Write | Truncation, chance: random.Random) -> Write | Truncation:
    if isinstance(recorded, Truncation) or chance.random() < 0.9:
        return recorded
    kept = chance.randrange(0, len(recorded.content) + 1, SECTOR_BYTES) if recorded.content else 0
    return Write(recorded.file, recorded.offset, recorded.content[:kept])


@dataclass(frozen=True)
class Recording:
    """A store as it was before, and all that happened to its files since."""

    name: str
    before: bytes
    happened: list[Recorded]

    def power_cuts(self, seed: int, *, deaf: str = "") -> Iterator[tuple[dict[str, bytes], int]]:
        """Files found after cuts, with how many rounds were acknowledged; syncs of a `deaf` file do nothing."""
        chance = random.Random(seed)
        cuts = set(chance.sample(range(len(self.happened)), CUTS))
        disk, acknowledged = Disk(), 0
        disk.held[self.name] = bytearray(self.before)
        for moment, recorded in enumerate(self.happened):
            if isinstance(recorded, Acknowledged):
                acknowledged = recorded.number + 1
            elif not (isinstance(recorded, Sync) and deaf and recorded.file.endswith(deaf)):
                disk.take(recorded)
            if moment in cuts:
                yield disk.after_power_cut(chance), acknowledged


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    if not is_possible():
        pytest.skip("Python's sqlite3 does not use a shared library here")
    folder = tmp_path_factory.mktemp("recording")
    path, log = folder / "console.db", folder / "log"
    open_store(str(path)).close()
    before = path.read_bytes()
    _python("-c", RECORDING, str(path), str(log)).wait(120)
    with log.open("rb") as file:
        return Recording(path.name, before, list(_unpickled(file)))


@pytest.mark.slow
def test_a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged(recording: Recording, tmp_path: Path) -> None:
    for number, (files, acknowledged) in enumerate(recording.power_cuts(seed=7)):
        folder = _written(tmp_path / str(number), files)
        assert _kept_rounds(folder / recording.name) >= acknowledged


@pytest.mark.slow
def test_the_played_power_cut_finds_out_a_log_that_is_not_synced(recording: Recording, tmp_path: Path) -> None:
    lost = 0
    for number, (files, acknowledged) in enumerate(recording.power_cuts(seed=7, deaf="-wal")):
        folder = _written(tmp_path / str(number), files)
        try:
            lost += _kept_rounds(folder / recording.name) < acknowledged
        except (OperatorError, AssertionError):
            lost += 1
    assert lost > 0


def test_the_log_ran_over_and_was_moved_into_the_file_while_it_was_recorded(recording: Recording) -> None:
    assert Sync(recording.name) in recording.happened
    assert recording.happened.count(Acknowledged(ROUNDS - 1)) == 1


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_loses_nothing_acknowledged_and_needs_no_repair(tmp_path: Path) -> None:
    path, chance = tmp_path / "console.db", random.Random(11)
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        process = _python("-c", STEADY_WRITER, str(path), str(len(acknowledged)), stdout=subprocess.PIPE)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 120)):
            acknowledged.add(process.stdout.readline().strip())
        process.kill()
        acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()
        store = open_store(str(path))
        kept = {connection.id for connection in store.connections()}
        assert acknowledged <= kept
        assert store.check() == ()
        store.close()


def _kept_rounds(path: Path) -> int:
    """How many rounds from the first on a store holds whole; it must be sound and hold no half of one."""
    store = open_store(str(path))
    try:
        assert store.check() == ()
        rounds = {int(connection.id) for connection in store.connections()}
        series = store.find(SeriesQuery())
        found = store.samples(series[0].id, ALL_TIME) if series else None
    finally:
        store.close()
    whole = 0
    while found is not None and whole in rounds and _holds(found, batch(whole).samples):
        whole += 1
    return whole


def _holds(found: SampleColumns, wanted: Samples) -> bool:
    first, last = np.searchsorted(found.times_ms, [wanted.times_ms[0], wanted.times_ms[-1] + 1])
    same_times = np.array_equal(found.times_ms[first:last], wanted.times_ms)
    return same_times and np.array_equal(found.values[first:last], wanted.values)


def _written(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def _unpickled(file: BinaryIO) -> Iterable[Recorded]:
    while True:
        try:
            yield pickle.load(file)  # noqa: S301 - written by this test a moment ago
        except EOFError:
            return


def _python(*arguments: str, stdout: int | None = None) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, *arguments], stdout=stdout, text=True, env=environment)
