"""A full disk, made with a small file system where this user may mount one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import RESERVE_BYTES, FileReserve
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, mode, take_in

DISK_BYTES = 40 * 1024 * 1024
NOISE = SeriesIdentity("component/host", "noise")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with 40 MB of room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let root mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path, *, leaving_bytes: int) -> Path:
    """A file that takes all room but some."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(folder).free - leaving_bytes)
    return ballast


def noise(seed: int) -> Batch:
    """About 1.3 MB that cannot be packed any smaller."""
    random = np.random.default_rng(seed)
    times = 1_700_000_000_000 + seed * 10**9 + np.arange(160_000, dtype=np.int64)
    return Batch(samples=Samples.of_series(NOISE, times, random.random(len(times))))


def take_in_until_refused(store: SqlStore) -> tuple[int, OperatorError]:
    """How many batches fitted, and what was said about the first that did not."""
    for seed in range(1000):
        try:
            take_in(store, noise(seed))
        except OperatorError as fault:
            return seed, fault
    raise AssertionError("the disk is never full")


@pytest.mark.slow
def test_on_a_full_disk_data_is_refused_in_words_while_decisions_go_in_until_there_is_room_again(
    small_disk: Path,
) -> None:
    store = open_store(str(small_disk / "console.db"))
    take_in(store, noise(1000))
    reserve = small_disk / "console.db.reserve"
    assert reserve.stat().st_size == RESERVE_BYTES
    assert mode(reserve) == 0o600
    ballast = fill(small_disk, leaving_bytes=3 * 1024 * 1024)

    fitted, fault = take_in_until_refused(store)
    assert isinstance(fault, StoreUnavailable)
    assert "reserve was given up" in fault.message
    assert "Free some space: once 24 MB are free" in fault.next_step
    assert not reserve.exists()

    for number in range(50):
        store.writer.put_connection(Connection(str(number), "http_probe", "p")).result(PATIENCE_SECONDS)
    store.writer.remove_connection("0").result(PATIENCE_SECONDS)
    assert len(store.connections()) == 49

    ballast.unlink()
    take_in(store, noise(fitted))
    assert reserve.exists()
    assert store.summary().counts["samples"] == 160_000 * (fitted + 2)
    assert store.check() == ()
    store.close()


def test_a_store_cannot_be_made_on_a_full_disk_and_leaves_nothing_there(small_disk: Path) -> None:
    ballast = fill(small_disk, leaving_bytes=8192)
    with pytest.raises(StoreUnavailable, match="is full"):
        open_store(str(small_disk / "console.db"))
    assert list(small_disk.iterdir()) == [ballast]


def test_the_reserve_is_made_only_where_there_is_plenty_of_room(small_disk: Path) -> None:
    reserve = FileReserve(small_disk / "console.db")
    ballast = fill(small_disk, leaving_bytes=2 * RESERVE_BYTES)
    assert not reserve.stands()
    assert not reserve.give_up()
    ballast.unlink()
    ballast = fill(small_disk, leaving_bytes=reserve.room_bytes)
    assert reserve.stands()
    assert reserve.give_up()
    ballast.unlink()
    assert reserve.stands()


def test_a_folder_that_cannot_be_written_has_no_reserve(tmp_path: Path) -> None:
    assert not FileReserve(tmp_path / "missing" / "console.db").stands()


def test_a_link_in_the_reserves_place_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (tmp_path / "console.db.reserve").symlink_to(victim)
    FileReserve(tmp_path / "console.db").stands()
    assert not victim.exists()
