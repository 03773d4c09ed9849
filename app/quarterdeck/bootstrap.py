"""The composition root without a window: collector, commands and demo; see `composition` for what all roots share."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

from quarterdeck.composition import (
    SystemClock,
    connection_setup,
    context_maker,
    enforcing,
    open_workspace_store,
    secrets_of,
    start_collector,
)
from quarterdeck.domain.connections import Connection, ConnectionHealth
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.registry import EntryPointRegistry
from quarterdeck.services.children import Child, stop_when_parent_ends
from quarterdeck.services.collection import Cadence, Collector
from quarterdeck.services.compliance_assessor import ComplianceAssessor
from quarterdeck.services.connection_tests import ConnectionTest
from quarterdeck.services.connections import ConnectorKinds, installed_connectors
from quarterdeck.services.doctor import Finding, examine
from quarterdeck.services.documents_beside import documents_beside
from quarterdeck.services.endings import end_in_time
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.estate_difference import Elsewhere, difference_words, nowhere
from quarterdeck.services.health import HealthAssessor
from quarterdeck.services.intake import CollectionTools, heard_by
from quarterdeck.services.lease_watch import LeasedWriter, LeaseWatch
from quarterdeck.services.live_detection import LiveDetection
from quarterdeck.services.logbook import log_to_file, log_to_stream
from quarterdeck.services.moments import Moment
from quarterdeck.services.own_threads import Aside, OwnThreads, give_sources_room
from quarterdeck.services.policy_packs import folder_mark, own_paths, policies_of, shipped_paths
from quarterdeck.services.policy_standing import CheckedPack, StandingPolicy, checked_packs, standing_policies
from quarterdeck.services.ports import Store, StoreSummary
from quarterdeck.services.rounds import Rounds
from quarterdeck.services.status import StatusReader, StatusTable
from quarterdeck.services.store_growth import RetentionPolicy, StoreGrowth, growth_of
from quarterdeck.services.store_keeping import RetentionChange, change_retention
from quarterdeck.services.surroundings import look_around
from quarterdeck.services.workspace import Workspace

if TYPE_CHECKING:
    from quarterdeck.demo.bank import BankAddresses

log = logging.getLogger(__name__)

BANK_START_SECONDS = 20.0
STATUS_RANGE = timedelta(hours=6)


def build_collector(
    store: Store, workspace: Workspace, *, aside: Aside = asyncio.to_thread, on_state: Callable[[str], None] = log.info
) -> Collector:
    """A collector over an open store; `aside` runs what blocks it."""
    clock, registry, cadence = SystemClock(), EntryPointRegistry(), Cadence()
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    lease = LeaseWatch(store.leases, clock, holder=holder, life_seconds=cadence.lease_life_seconds)
    writer = LeasedWriter(store.writer, lease)
    store.guard_writes(lambda: lease.is_ours)
    assessor = HealthAssessor(store, writer, clock, aside)
    estates = EstateApplication(store, clock, registry, writer)

    def apply_declared(declared: DeclaredEstate) -> None:
        estates.apply(declared)

    detection = LiveDetection(store, clock, aside, may_write=lambda: lease.is_ours)
    tools = CollectionTools(
        store=store,
        writer=writer,
        registry=registry,
        clock=clock,
        context_for=context_maker(secrets_of(workspace), clock, registry),
        on_stored=heard_by(assessor.take, detection.take),
        apply_declared=apply_declared,
        aside=aside,
    )
    also = (
        _judging(store, workspace, aside, lambda: lease.is_ours),
        Rounds("Looking for what is unusual", detection.tick, cadence.detection_seconds),
        enforcing(store, workspace, clock, aside=aside, may_write=lambda: lease.is_ours),
    )
    return Collector(store, assessor, tools, lease=lease, cadence=cadence, on_state=on_state, also=also)


def _judging(store: Store, workspace: Workspace, aside: Aside, may_write: Callable[[], bool]) -> Rounds:
    """Policies judged in rounds, those of the workspace's own files read anew whenever the files change."""
    folder = workspace.policies_folder
    policies = ComplianceAssessor(
        store,
        lambda: policies_of(folder),
        SystemClock(),
        aside=aside,
        may_write=may_write,
        mark=lambda: folder_mark(folder),
    )
    return Rounds("Judging policies", policies.tick, Cadence().policies_seconds)


def collect(workspace: Workspace, *, while_parent: bool = False) -> None:
    """Collect until interrupted, or until the parent ends; tells what happens on standard error, or in a file."""
    if while_parent:
        log_to_file(workspace.log_file)
    else:
        log_to_stream(sys.stderr)
    try:
        asyncio.run(_collect(workspace, while_parent=while_parent))
    except OperatorError as fault:
        if while_parent:
            log.error("%s", fault)  # noqa: TRY400 - the world's fault has no trace worth reading
        raise


async def _collect(workspace: Workspace, *, while_parent: bool) -> None:
    stop = asyncio.Event()
    ask_to_end = end_in_time(stop)
    if while_parent:
        stop_when_parent_ends(asyncio.get_running_loop(), ask_to_end)
    give_sources_room()
    threads = OwnThreads()
    store = await threads(open_workspace_store, workspace)
    try:
        await build_collector(store, workspace, aside=threads).run(stop)
    finally:
        await threads(store.close)
        threads.close()


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the collector's own output


def read_status(workspace: Workspace) -> StatusTable:
    """The health table now. Raises OperatorError."""
    store = open_workspace_store(workspace, read_only=True)
    try:
        now = SystemClock().now()
        return StatusReader(store).status(Moment(TimeRange(now - STATUS_RANGE, now), now))
    finally:
        store.close()


def apply_estate(workspace: Workspace, file: Path, *, dry_run: bool, withdraw: bool) -> tuple[str, ...]:
    """Apply an estate document, or only say what it would change; lines for the terminal. Raises OperatorError."""
    from quarterdeck.sdk.estate_document import parse_estate, read_document

    declared = parse_estate(read_document(file), file.name)
    beside = documents_beside(file)
    return apply_declared(workspace, declared, beside, dry_run=dry_run, withdraw=withdraw)


def apply_declared(
    workspace: Workspace,
    declared: DeclaredEstate,
    elsewhere: Elsewhere = nowhere,
    *,
    dry_run: bool,
    withdraw: bool,
) -> tuple[str, ...]:
    """Apply what is declared, or only say what it would change; lines for the terminal. Raises OperatorError.

    Without `withdraw` it is refused where it withdraws most of what the document declared, which a dry run says too.
    """
    with _store_to_compare(workspace) if dry_run else closing(open_workspace_store(workspace)) as store:
        estates = EstateApplication(store, SystemClock(), EntryPointRegistry())
        if not dry_run:
            return difference_words(estates.apply(declared, elsewhere, withdraw=withdraw))
        planned = estates.plan(declared, elsewhere)
        asked = (f"{planned.withdrawal} Only --withdraw applies it.",) if planned.withdrawal and not withdraw else ()
        return (*difference_words(planned), *asked)


@contextmanager
def _store_to_compare(workspace: Workspace) -> Generator[Store]:
    """The workspace's store for reading only; where there is none yet, an empty one that ends with the block."""
    if workspace.store_exists:
        with closing(open_workspace_store(workspace, read_only=True)) as store:
            yield store
        return
    from quarterdeck.storage.opening import open_store

    with TemporaryDirectory() as folder, closing(open_store(str(Path(folder) / "empty.db"))) as store:
        yield store


def list_connectors(
    workspace: Workspace,
) -> tuple[ConnectorKinds, tuple[tuple[Connection, ConnectionHealth | None], ...], tuple[str, ...]]:
    """The installed connectors, the store's connections with their health, and which rows could not be read."""
    if not workspace.store_exists:
        return installed_connectors(EntryPointRegistry()), (), ()
    store = open_workspace_store(workspace, read_only=True)
    try:
        health = store.health()
        listed = tuple((connection, health.get(connection.id)) for connection in store.connections())
        return connection_setup(store, workspace).kinds(), listed, store.unreadable_rows()
    finally:
        store.close()


def check_connections(workspace: Workspace, ids: Sequence[str]) -> Generator[tuple[str, ConnectionTest]]:
    """Test connections by id, all enabled ones when none is named, and tell each by its name as soon as it is known."""
    store = open_workspace_store(workspace, read_only=True)
    try:
        setup = connection_setup(store, workspace)
        names = {connection.id: connection.name for connection in store.connections()}
        enabled = [connection.id for connection in store.connections() if connection.enabled]
        for connection_id in ids or enabled:
            yield names.get(connection_id, connection_id), setup.test_saved(connection_id)
    finally:
        store.close()


def examine_machine(workspace: Workspace) -> tuple[Finding, ...]:
    """What `doctor` finds."""

    def try_store() -> str:
        store = open_workspace_store(workspace, read_only=True)
        try:
            return f"Revision {store.summary().revision}."
        finally:
            store.close()

    surroundings = look_around(workspace, SystemClock().now(), os.environ)
    return examine(surroundings, secrets_of(workspace), EntryPointRegistry(), try_store)


def store_info(workspace: Workspace) -> tuple[StoreSummary, StoreGrowth]:
    """What `store info` tells."""
    with closing(open_workspace_store(workspace, read_only=True)) as store:
        return store.summary(), growth_of(store)


def retention_of(workspace: Workspace, change: RetentionChange) -> RetentionPolicy:
    """How long samples are kept, after a change if there is one. Raises OperatorError."""
    with closing(open_workspace_store(workspace, read_only=not change.is_any)) as store:
        return change_retention(store, change)


def vacuum_store(workspace: Workspace) -> tuple[int, int]:
    """Thin and give room back; bytes of the store before and after. Raises OperatorError."""
    before = store_info(workspace)[0].size_bytes
    with closing(open_workspace_store(workspace)) as store:
        store.housekeeping.vacuum()
    return before, store_info(workspace)[0].size_bytes


def check_store(workspace: Workspace) -> tuple[str, ...]:
    """What is wrong with the store, a sentence each."""
    store = open_workspace_store(workspace, read_only=True)
    try:
        return store.check()
    finally:
        store.close()


def check_policies(workspace: Workspace, files: Sequence[Path]) -> tuple[CheckedPack, ...]:
    """What is wrong with files of policies; with those in force when none is named."""
    if files:
        return checked_packs(files)
    return (*checked_packs(shipped_paths()), *checked_packs(own_paths(workspace.policies_folder)))


def policies_standing(workspace: Workspace) -> tuple[StandingPolicy, ...]:
    """How every policy stands now. Raises OperatorError."""
    with closing(open_workspace_store(workspace, read_only=True)) as store:
        return standing_policies(store.compliance, SystemClock().now())


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """How to run the demo bank; no faults named means the usual ones of its day, no seed that of the store's bank."""

    workspace: Workspace
    seed: int | None
    speed: float
    faults: tuple[str, ...] = ()


def serve_bank_until_parent_ends(folder: Path, *, seed: int, speed: float, faults: Sequence[str]) -> None:
    """Serve the bank; prints its estate document as one JSON line once everything answers."""
    import json

    from quarterdeck.demo.bank import BankSettings, serve_bank
    from quarterdeck.demo.estate import estate_document

    def tell(addresses: BankAddresses) -> None:
        _say(json.dumps(estate_document(addresses, SystemClock().now(), seed)))

    async def serve() -> None:
        stop = asyncio.Event()
        stop_when_parent_ends(asyncio.get_running_loop(), stop.set)
        await serve_bank(BankSettings(folder, seed, speed, tuple(faults) or None), ready=tell, stop=stop)

    asyncio.run(serve())


def refuse_other_bank(plan: DemoPlan) -> None:
    """Raise OperatorError when the workspace's store holds the bank of another seed than is asked for.

    A store that cannot be read as it is, such as an older one, is left to `start_bank`.
    """
    if plan.seed is None or not plan.workspace.store_exists:
        return
    with suppress(StoreUnavailable), closing(open_workspace_store(plan.workspace, read_only=True)) as store:
        _seed_of(plan, store)


def _seed_of(plan: DemoPlan, store: Store) -> int:
    from quarterdeck.demo.estate import seed_for

    documents = {version.source for version in store.entity_versions(SystemClock().now())}
    path = plan.workspace.store_path
    return seed_for(plan.seed, documents, f"The store {path}" if path else f"The {plan.workspace.store_words}")


def start_bank(plan: DemoPlan) -> Child:
    """Start the bank as a child and apply its estate to the workspace's store; returns once both stand.

    Raises OperatorError, also when the store holds the bank of another seed; then nothing was touched.
    """
    import json

    from quarterdeck.sdk.estate_document import parse_estate

    with closing(open_workspace_store(plan.workspace)) as store:
        seed = _seed_of(plan, store)
    faults = [word for name in plan.faults for word in ("--fault", name)]
    options = [f"--seed={seed}", f"--speed={plan.speed}", *faults]
    bank = Child(["demo-bank", str(plan.workspace.runtime_folder), *options])
    try:
        document = json.loads(bank.first_line(BANK_START_SECONDS))
        declared = parse_estate(document.encode(), "demo.yaml")
        store = open_workspace_store(plan.workspace)
        try:
            EstateApplication(store, SystemClock(), EntryPointRegistry()).apply(declared, withdraw=True)
        finally:
            store.close()
    except BaseException:
        bank.stop()
        raise
    return bank


@contextmanager
def running_demo(plan: DemoPlan) -> Generator[Child]:
    """The bank and a collector run inside the block, each a process of its own; gives the collector."""
    bank = start_bank(plan)
    try:
        collector = start_collector(plan.workspace)
        try:
            yield collector
        finally:
            collector.stop()
    finally:
        bank.stop()


def switch_faults(workspace: Workspace, start: Sequence[str], end: Sequence[str]) -> bool:
    """Start and end faults of the bank that runs in a workspace; False when none runs. Raises OperatorError."""
    from quarterdeck.demo.control import BankNotRunning, switch_fault

    switches = [(name, True) for name in start] + [(name, False) for name in end]
    try:
        for name, on in switches:
            switch_fault(workspace.runtime_folder, name, on=on)
            _say(f"{name} {'starts' if on else 'ends'} in the bank that is running.")
    except BankNotRunning:
        if end:
            raise
        return False
    return True
