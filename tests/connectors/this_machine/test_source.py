"""What this machine yields: values, rates from the poll before, allocations and processes once a minute."""

import pytest

from quarterdeck.connectors.this_machine.readings import (
    ContainerLimits,
    DiskTotals,
    FileHandles,
    InterfaceTotals,
    Memory,
    Mount,
    MountUse,
    Pressure,
    ProcessorTimes,
    ProcessReading,
)
from quarterdeck.connectors.this_machine.source import Source
from quarterdeck.domain.checks import CheckOutcome
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.expectations import DEFAULT_EXPECTATIONS
from quarterdeck.domain.facts import fact
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.connector import ConnectionSettings, Discovering
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.testing import MOMENT, StandingClock, collect_all, judge_batches
from tests.connectors.this_machine.machines import GIB, ROOT, MadeUpMachine, context, look, reading, values_of

SDA, ETH0 = (("disk", "sda"),), (("interface", "eth0"),)
MEMORY = (("resource", "memory"),)


def later(busy: float) -> object:
    return (ProcessorTimes(busy, 20.0, 0.5, 0.0), ProcessorTimes(2.0, 20.0, 0.0, 1.0))


async def test_the_first_poll_tells_what_is_and_no_rate() -> None:
    batch = await look(MadeUpMachine(), context())
    values = values_of(batch)
    assert judge_batches((batch,)) == ()
    assert values["memory_used_share", MEMORY] == 0.75
    assert values["memory_used", ()] == 6 * GIB
    assert values["storage_used_share", (("mount", "/"),)] == 0.75
    assert values["inodes_used_share", (("mount", "/"), ("resource", "inodes"))] == pytest.approx(0.1)
    assert values["load_5min", ()] == 0.5
    assert not [name for name, _ in values if name.startswith(("processors_busy", "network", "disk_"))]


async def test_the_second_poll_tells_rates_against_the_first() -> None:
    clock, machine = StandingClock(), MadeUpMachine(reading(busy=4.0))
    first = await look(machine, context(clock))
    machine.told = reading(
        processors=later(9.0),
        disks={"sda": DiskTotals(6000, 2000, 3.5)},
        interfaces={"eth0": InterfaceTotals(1500, 700, 8)},
    )
    clock.advance(5)
    values = values_of(await look(machine, context(clock), first.cursor))
    assert values["processors_busy", ()] == pytest.approx(7 / 20)
    assert values["processors_busy", (("processor", "0"),)] == 0.5
    assert values["processors_stolen", ()] == pytest.approx(0.5 / 20)
    assert values["processors_waiting_for_disks", ()] == pytest.approx(1 / 20)
    assert values["disk_read", SDA] == 1000.0
    assert values["disk_written", SDA] == 0.0
    assert values["disk_busy", SDA] == 0.5
    assert values["network", (("direction", "received"), ("interface", "eth0"))] == 200.0
    assert values["network_faults", ETH0] == 1.0


@pytest.mark.parametrize("seconds", [-5.0, 0.0, 901.0])
async def test_a_clock_that_jumped_or_a_long_silence_gives_no_rate(seconds: float) -> None:
    clock, machine = StandingClock(), MadeUpMachine()
    first = await look(machine, context(clock))
    machine.told = reading(processors=later(9.0))
    clock.advance(seconds)
    values = values_of(await look(machine, context(clock), first.cursor))
    assert ("processors_busy", ()) not in values
    assert ("disk_read", SDA) not in values


async def test_totals_that_fell_as_after_a_reboot_give_no_rate() -> None:
    clock, machine = StandingClock(), MadeUpMachine(reading(disks={"sda": DiskTotals(5000, 5000, 9.0)}))
    first = await look(machine, context(clock))
    machine.told = reading(disks={"sda": DiskTotals(10, 6000, 0.1)})
    clock.advance(5)
    values = values_of(await look(machine, context(clock), first.cursor))
    assert ("disk_read", SDA) not in values
    assert values["disk_written", SDA] == 200.0


async def test_a_cursor_that_cannot_be_read_counts_as_none() -> None:
    assert values_of(await look(MadeUpMachine(), context(), '{"at": []}')) == values_of(
        await look(MadeUpMachine(), context())
    )


async def test_what_the_machine_does_not_tell_is_absent_not_zero() -> None:
    silent = reading(load=None, disks={}, interfaces={}, pressure={}, file_handles=None, process_count=None)
    machine = MadeUpMachine(silent, uses={})
    names = {name for name, _ in values_of(await look(machine, context()))}
    assert names == {"memory_used", "memory_used_share", "uptime"}
    report = await Source(machine).check(context())
    words = "This machine tells nothing of: load, disk activity, pressure, file handles, temperature."
    assert report.remarks == (words,)


async def test_only_shares_carry_a_meaning_that_is_bounded_as_a_share() -> None:
    full = reading(
        memory=Memory(8 * GIB, GIB, GIB, GIB),
        container=ContainerLimits(GIB, GIB, 1.5, 3.0),
        temperatures={"core 0": 55.0},
    )
    batch = await look(MadeUpMachine(full), context())
    bounded = {expectation.meaning for expectation in DEFAULT_EXPECTATIONS}
    found = [one for one in batch.samples.identities if one.meaning in bounded]
    assert {one.unit for one in found} == {"ratio"}
    assert max(values_of(batch)[one.name, one.labels] for one in found) <= 1.0


async def test_a_busy_disk_and_full_swap_do_not_decide_the_machines_health() -> None:
    full = reading(memory=Memory(8 * GIB, 4 * GIB, GIB, GIB), pressure={"disks": Pressure(1.0, 0.2)})
    batch = await look(MadeUpMachine(full), context())
    values = values_of(batch)
    deciding = [one for one in batch.samples.identities if one.meaning is Meaning.SATURATION]
    assert max(values[one.name, one.labels] for one in deciding) <= 0.5
    assert values["some_tasks_waiting", (("resource", "disks"), ("sign", "waiting"))] == 1.0


async def test_a_container_at_its_limits_is_saturated() -> None:
    clock, machine = StandingClock(), MadeUpMachine(reading(container=ContainerLimits(GIB, GIB // 2, 1.5, 3.0)))
    first = await look(machine, context(clock))
    machine.told = reading(container=ContainerLimits(GIB, GIB // 2, 1.5, 10.5))
    clock.advance(5)
    values = values_of(await look(machine, context(clock), first.cursor))
    assert values["container_memory_share", (("resource", "memory limit"), ("sign", "in use"))] == 0.5
    assert values["container_processors_share", (("resource", "processor limit"), ("sign", "in use"))] == 1.0


async def test_without_a_limit_open_files_have_no_share() -> None:
    values = values_of(await look(MadeUpMachine(reading(file_handles=FileHandles(7))), context()))
    assert values["file_handles", ()] == 7
    assert not [name for name, _ in values if name == "file_handles_share"]


async def test_allocations_come_once_a_minute_with_what_is_used() -> None:
    clock, machine = StandingClock(), MadeUpMachine(reading(memory=Memory(8 * GIB, 2 * GIB, GIB, 0)))
    first = await look(machine, context(clock))
    told = {(one.resource, one.kind, one.unit): (one.allocated, one.used) for one in first.allocations}
    assert told == {
        ("memory", "memory", "By"): (8 * GIB, 6 * GIB),
        ("swap", "memory", "By"): (GIB, 0),
        ("processors", "processing", "1"): (2, None),
        ("/", "storage", "By"): (80 * GIB, 60 * GIB),
    }
    clock.advance(59)
    second = await look(machine, context(clock), first.cursor)
    assert second.allocations == ()
    clock.advance(1)
    assert len((await look(machine, context(clock), second.cursor)).allocations) == 4


def process(pid: int, name: str, seconds: float, started_at: float = 0.0, resident: int = 1000) -> ProcessReading:
    return ProcessReading(pid, name, started_at, seconds, resident)


async def test_the_busiest_processes_of_the_last_minute_are_told_in_order() -> None:
    clock, machine = StandingClock(), MadeUpMachine()
    machine.running = (process(1, "idle", 500.0), process(2, "steady", 10.0), process(3, "ended", 1.0))
    first = await look(machine, context(clock, top_processes=3))
    assert first.events == ()
    clock.advance(60)
    new = process(4, "new", 45.0, started_at=MOMENT.timestamp() + 10)
    machine.running = (process(1, "idle", 500.0), process(2, "steady", 40.0), new, process(5, "old", 0.0))
    second = await look(machine, context(clock, top_processes=3), first.cursor)
    told = [(fact(one.facts, "rank"), fact(one.facts, "name"), fact(one.facts, "cpu_percent")) for one in second.events]
    assert told == [("1", "new", "75.0"), ("2", "steady", "50.0"), ("3", "idle", "0.0")]
    assert {one.type for one in second.events} == {"machine.top_processes"}
    assert len({one.event_id for one in second.events}) == 3
    assert {one.entity_key for one in second.events} == {"component/ledger-host.bank.example"}
    clock.advance(30)
    assert (await look(machine, context(clock, top_processes=3), second.cursor)).events == ()


async def test_no_process_is_noted_when_none_is_asked_for() -> None:
    clock, machine = StandingClock(), MadeUpMachine(running=(process(1, "a", 1.0),))
    first = await look(machine, context(clock, top_processes=0))
    clock.advance(60)
    assert (await look(machine, context(clock, top_processes=0), first.cursor)).events == ()


async def test_thousands_of_processes_keep_the_cursor_small_and_the_busiest_known() -> None:
    clock, machine = StandingClock(), MadeUpMachine()
    machine.running = tuple(process(pid, "worker", pid / 10) for pid in range(1, 5000))
    first = await look(machine, context(clock))
    assert first.cursor is not None
    assert len(first.cursor) < 12_000
    clock.advance(60)
    machine.running = (*machine.running[:99], process(100, "riser", 600.0), *machine.running[100:])
    (busiest, *_) = (await look(machine, context(clock), first.cursor)).events
    assert fact(busiest.facts, "name") == "riser"


async def test_a_local_disk_mounted_twice_is_asked_once_and_shares_not_at_all() -> None:
    mounts = (
        ROOT,
        Mount("/var/lib/bound", "/dev/sda1", "ext4"),
        Mount("/srv", "/dev/sdb1", "xfs"),
        Mount("/mnt/share", "server:/share", "nfs4"),
        Mount("/snap/x", "/dev/loop3", "squashfs"),
        Mount("/run", "tmpfs", "tmpfs"),
        Mount("/var/lib/docker/overlay2/x/merged", "overlay", "overlay"),
    )
    machine = MadeUpMachine(reading(mounts=mounts))
    await look(machine, context())
    assert machine.asked == ["/", "/srv"]


async def test_a_containers_root_is_watched() -> None:
    machine = MadeUpMachine(reading(mounts=(Mount("/", "overlay", "overlay"),)))
    values = values_of(await look(machine, context()))
    assert ("storage_used_share", (("mount", "/"),)) in values


async def test_a_named_mount_is_checked_and_one_that_is_missing_warns() -> None:
    machine = MadeUpMachine()
    batch = await look(machine, context(mounts="/\n/mnt/archive\n"))
    assert [(one.name, one.outcome) for one in batch.checks] == [
        ("mount /", CheckOutcome.PASSED),
        ("mount /mnt/archive", CheckOutcome.WARNING),
    ]
    assert batch.checks[1].summary == "/mnt/archive is not mounted"


async def test_a_file_system_without_a_size_tells_nothing() -> None:
    values = values_of(await look(MadeUpMachine(uses={}), context()))
    assert not [name for name, _ in values if name.startswith("storage")]


async def test_a_full_file_system_reserved_for_root_is_full_for_others() -> None:
    machine = MadeUpMachine(uses={"/": MountUse(100, 95, 0)})
    assert values_of(await look(machine, context()))["storage_used_share", (("mount", "/"),)] == 1.0


async def test_the_machine_is_discovered_as_a_component_of_the_platform() -> None:
    source = Source(MadeUpMachine())
    assert isinstance(source, Discovering)
    (entity,) = (await source.discover(context())).entities
    assert (entity.key, entity.kind, entity.domain) == (
        "component/ledger-host.bank.example",
        EntityKind.COMPONENT,
        "platform",
    )


async def test_the_signals_can_be_given_to_another_entity() -> None:
    batch = await look(MadeUpMachine(), context(entity="component/ledger-db"))
    assert {one.entity_key for one in batch.samples.identities} == {"component/ledger-db"}


@pytest.mark.parametrize("name", ["", "---", "<b>"])
async def test_a_machine_with_an_impossible_name_still_has_an_entity(name: str) -> None:
    batch = await look(MadeUpMachine(reading(hostname=name)), context())
    assert judge_batches((batch,)) == ()


async def test_a_machine_that_cannot_be_read_is_told_in_words() -> None:
    class Closed(MadeUpMachine):
        def read(self) -> object:  # type: ignore[override] - it never returns
            raise PermissionError

    polled = await collect_all(Source(Closed()), context())  # type: ignore[arg-type] - as above
    assert isinstance(polled.fault, Unreachable)
    assert polled.fault.next_step == "See whether /proc is mounted and may be read."


async def test_a_test_of_the_connection_says_what_would_come() -> None:
    report = await Source(MadeUpMachine()).check(context(mounts="/gone"))
    assert report.words == "Debian 12, 2 processors, 8.6 GB of memory, 1 file system watched."
    assert {row.name: (row.meaning, row.count) for row in report.preview}["processors_busy"] == ("processing", 3)
    assert report.remarks[0] == "/gone is not mounted."


@pytest.mark.parametrize(
    ("given", "key"),
    [({"mounts": "mnt"}, "mounts"), ({"entity": "host"}, "entity"), ({"top_processes": 99}, "top_processes")],
)
def test_a_setting_that_cannot_stand_is_told_at_its_place(given: dict[str, str | int], key: str) -> None:
    problems = Source().validate(ConnectionSettings(dict(given)))
    assert [problem.key for problem in problems] == [key]
