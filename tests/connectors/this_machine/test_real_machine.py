"""The machine the tests run on, the kernel's files as they were recorded, and a file system that never answers."""

import asyncio
import os
import sys
import tomllib
from pathlib import Path

import psutil
import pytest

from quarterdeck.connectors.this_machine.counters import Rates, totals_of
from quarterdeck.connectors.this_machine.machine import LocalMachine
from quarterdeck.connectors.this_machine.mounts import use_asked_apart
from quarterdeck.connectors.this_machine.readings import ContainerLimits, FileHandles, Mount, Pressure
from quarterdeck.connectors.this_machine.source import Source
from quarterdeck.sdk.testing import (
    StandingClock,
    collect_all,
    judge_batches,
)
from tests.connectors.this_machine.machines import MadeUpMachine, context, look, reading, values_of
from tests.support.waiting import wait_until

CASES = Path(__file__).parent / "cases"
RECORDED = sorted(file.parent.name for file in CASES.glob("*/expected.toml"))
SHARE = Mount("/mnt/share", "server:/share", "nfs4")


@pytest.mark.parametrize("name", RECORDED)
def test_the_kernels_files_are_read_as_they_were_recorded(name: str) -> None:
    folder = CASES / name
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    told = LocalMachine(proc=folder / "proc", sys=folder / "sys").read()
    assert told.pressure == {resource: Pressure(**shares) for resource, shares in expected["pressure"].items()}
    handles = expected.get("file_handles")
    assert told.file_handles == (FileHandles(**handles) if handles else None)
    container = expected.get("container")
    assert told.container == (ContainerLimits(**container) if container else None)


async def test_two_looks_at_this_machine_tell_its_processors_memory_disks_and_network() -> None:
    clock = StandingClock()
    first = await collect_all(Source(), context(clock))
    clock.advance(5)
    batch = (await collect_all(Source(), context(clock), cursor=first.cursor)).only
    assert judge_batches((*first.batches, batch)) == ()
    values = values_of(batch)
    assert 0 <= values["memory_used_share", (("resource", "memory"),)] <= 1
    assert values["uptime", ()] > 0
    assert values["processes", ()] >= 1
    used = psutil.virtual_memory().total - psutil.virtual_memory().available
    assert values["memory_used", ()] == pytest.approx(used, rel=0.5)


def test_the_processors_of_this_machine_agree_with_the_systems_own_count() -> None:
    told = LocalMachine().read()
    assert len(told.processors) == psutil.cpu_count()
    assert all(0 <= one.busy <= one.total for one in told.processors)
    assert Rates(totals_of(told), totals_of(told), 5.0).share("cpu.busy", "cpu.total") is None


def test_this_process_is_among_those_of_this_machine() -> None:
    (own,) = (one for one in LocalMachine().processes() if one.pid == os.getpid())
    assert own.resident > 0
    assert own.processor_seconds > 0


@pytest.mark.skipif(sys.platform != "linux", reason="the stat program of other systems speaks another language")
async def test_a_file_system_asked_apart_tells_the_same_as_asked_directly() -> None:
    direct, apart = LocalMachine().use("/"), await use_asked_apart("/", 5.0)
    assert direct is not None
    assert apart is not None
    assert (apart.total, apart.inodes_total) == (direct.total, direct.inodes_total)


def test_a_path_that_is_no_file_system_tells_nothing() -> None:
    assert LocalMachine().use("/no/such/place") is None


@pytest.fixture
def silent_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that asks file systems never answers."""
    monkeypatch.setenv("PATH", f"{CASES / 'silence_mount'}{os.pathsep}{os.environ['PATH']}")


async def test_a_share_that_does_not_answer_is_told_and_does_not_hold_the_poll(silent_shares: None) -> None:
    machine = MadeUpMachine(reading(mounts=(*reading().mounts, SHARE)))
    made = context(mounts="/mnt/share", mount_timeout_seconds=0.1)
    batch = await asyncio.wait_for(look(machine, made), 5)
    assert [one.summary for one in batch.checks] == ["/mnt/share does not answer, or has no size"]
    values = values_of(batch)
    assert ("storage_used_share", (("mount", "/"),)) in values
    assert ("storage_used_share", (("mount", "/mnt/share"),)) not in values
    assert machine.asked == ["/"]


async def test_a_poll_cancelled_while_a_share_is_silent_leaves_no_process(silent_shares: None) -> None:
    machine = MadeUpMachine(reading(mounts=(SHARE,)))
    made = context(mounts="/mnt/share", mount_timeout_seconds=8)
    poll = asyncio.create_task(collect_all(Source(machine), made))
    await asyncio.to_thread(wait_until, asked_apart, "the child process that asks the share")
    poll.cancel()
    await asyncio.wait({poll}, timeout=5)
    assert poll.cancelled()
    assert not asked_apart()


def asked_apart() -> bool:
    """Whether a child process of ours asks a share that does not answer."""
    return any(child.cmdline() == ["sleep", "600"] for child in psutil.Process().children())


async def test_without_the_program_that_asks_a_share_counts_as_silent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await use_asked_apart("/", 1.0) is None
