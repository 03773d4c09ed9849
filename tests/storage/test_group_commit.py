"""The one writer: order, groups, failures that stay alone, and commits whose outcome is not told."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import OperationalError
from typing_extensions import override

from quarterdeck.domain.errors import StoreDamaged, StoreUnavailable
from quarterdeck.services.ports import Topic
from quarterdeck.storage.group_commit import GROUP_JOBS, Work, WriteQueue
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import NoReserve, Reserve
from quarterdeck.storage.sqlite_database import SqliteDatabase
from quarterdeck.storage.sqlite_file import StoreFile
from quarterdeck.storage.tables import probe, writer_mark
from quarterdeck.storage.transaction import WriteTransaction
from quarterdeck.storage.versions import SqlVersions
from tests.storage.test_series import NoChore
from tests.support.stores import PATIENCE_SECONDS


class FailingDatabase(SqliteDatabase):
    """A database whose commits do what the test says, each once, before they become ordinary again."""

    def __init__(self, file: StoreFile) -> None:
        super().__init__(file, lambda: None, read_only=False)
        self.before_commit: list[Callable[[Connection], None]] = []
        self.commits = 0

    @override
    def commit(self, connection: Connection) -> None:
        self.commits += 1
        if self.before_commit:
            self.before_commit.pop(0)(connection)
        super().commit(connection)


class CountedReserve(Reserve):
    def __init__(self, *, standing: bool = True) -> None:
        self.standing = standing

    @override
    def stands(self) -> bool:
        return self.standing

    @override
    def give_up(self) -> bool:
        given, self.standing = self.standing, False
        return given

    @property
    @override
    def room_bytes(self) -> int:
        return 24 * 1024 * 1024


@dataclass
class Bench:
    database: FailingDatabase
    reserve: CountedReserve = field(default_factory=CountedReserve)
    queue: WriteQueue = field(init=False)

    def __post_init__(self) -> None:
        self.queue = WriteQueue(self.database, self.reserve, NoChore())

    def names(self) -> list[str]:
        with self.database.reading() as connection:
            return [row.name for row in connection.execute(select(probe.c.name).order_by(probe.c.id))]

    def hold(self) -> Event:
        """Keep the writer busy until the event is set, so that what is submitted meanwhile forms one group."""
        release, holding = Event(), Event()

        def work(transaction: WriteTransaction) -> None:
            holding.set()
            release.wait(PATIENCE_SECONDS)

        self.queue.submit(work)
        holding.wait(PATIENCE_SECONDS)
        return release


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    path = tmp_path / "console.db"
    open_store(str(path)).close()
    database = FailingDatabase(StoreFile.at(path))
    made = Bench(database)
    yield made
    made.queue.close()
    database.close()


def writing(name: str) -> Work[str]:
    def work(transaction: WriteTransaction) -> str:
        transaction.connection.execute(insert(probe), {"entity_key": "e", "name": name})
        transaction.touch(Topic.CHECKS)
        return name

    return work


def failing(name: str, fault: Exception) -> Work[str]:
    def work(transaction: WriteTransaction) -> str:
        writing(name)(transaction)
        raise fault

    return work


def test_what_was_accepted_is_refused_once_the_right_to_write_is_lost(bench: Bench) -> None:
    is_ours = [True, False, False]
    bench.queue.guard(lambda: is_ours.pop(0))
    release = bench.hold()
    late = [bench.queue.submit(writing(name)) for name in ("one", "two")]
    release.set()
    for future in late:
        with pytest.raises(StoreUnavailable, match="nothing was written"):
            future.result(PATIENCE_SECONDS)
    assert bench.names() == []
    bench.queue.guard(lambda: True)
    assert bench.queue.submit(writing("three")).result(PATIENCE_SECONDS) == "three"
    assert bench.names() == ["three"]


class EagerChore:
    """Housekeeping that always has something to do."""

    def __init__(self) -> None:
        self.done = 0

    def is_due(self, connection: Connection) -> bool:
        return True

    def work(self, transaction: WriteTransaction) -> None:
        self.done += 1


def test_housekeeping_rests_while_the_right_to_write_is_lost(bench: Bench) -> None:
    chore, asked = EagerChore(), Event()
    is_ours = [True]

    def may_write() -> bool:
        if is_ours:
            return is_ours.pop()
        asked.set()
        return False

    queue = WriteQueue(bench.database, bench.reserve, chore)
    queue.guard(may_write)
    queue.submit(writing("one")).result(PATIENCE_SECONDS)
    assert asked.wait(PATIENCE_SECONDS)
    queue.close()
    assert chore.done == 0


def error(code: int, words: str) -> OperationalError:
    original = sqlite3.OperationalError(words)
    original.sqlite_errorcode = code
    return OperationalError("COMMIT", {}, original)


def raising(fault: Exception, *, after_committing: bool = False) -> Callable[[Connection], None]:
    def act(connection: Connection) -> None:
        if after_committing:
            connection.commit()
        raise fault

    return act


def test_futures_resolve_with_their_results_in_the_order_of_the_calls(bench: Bench) -> None:
    resolved: list[str] = []
    release = bench.hold()
    futures = [bench.queue.submit(writing(f"{number:03}")) for number in range(3 * GROUP_JOBS)]
    for future in futures:
        future.add_done_callback(lambda done: resolved.append(done.result()))
    release.set()
    assert [future.result(PATIENCE_SECONDS) for future in futures] == [f"{number:03}" for number in range(192)]
    assert resolved == sorted(resolved)
    assert bench.names() == sorted(resolved)


def test_writes_that_wait_share_transactions(bench: Bench) -> None:
    release = bench.hold()
    futures = [bench.queue.submit(writing(str(number))) for number in range(GROUP_JOBS)]
    release.set()
    for future in futures:
        future.result(PATIENCE_SECONDS)
    assert bench.database.commits == 2


def test_a_write_that_fails_takes_no_other_of_its_group_with_it(bench: Bench) -> None:
    release = bench.hold()
    futures = [
        bench.queue.submit(writing("a")),
        bench.queue.submit(failing("b", KeyError("b"))),
        bench.queue.submit(writing("a")),
        bench.queue.submit(writing("c")),
    ]
    release.set()
    assert futures[0].result(PATIENCE_SECONDS) == "a"
    assert isinstance(futures[1].exception(PATIENCE_SECONDS), KeyError)
    assert "UNIQUE constraint" in str(futures[2].exception(PATIENCE_SECONDS))
    assert futures[3].result(PATIENCE_SECONDS) == "c"
    assert bench.names() == ["a", "c"]


def test_an_error_of_the_engine_repeats_no_value(bench: Bench) -> None:
    bench.queue.submit(writing("s3cret")).result(PATIENCE_SECONDS)
    fault = bench.queue.submit(writing("s3cret")).exception(PATIENCE_SECONDS)
    assert "UNIQUE constraint" in str(fault)
    assert "s3cret" not in str(fault)


def test_a_failed_write_moves_no_version(bench: Bench) -> None:
    future = bench.queue.submit(failing("b", KeyError("b")))
    assert future.exception(PATIENCE_SECONDS) is not None
    bench.queue.submit(failing("c", KeyError("c"))).exception(PATIENCE_SECONDS)
    assert SqlVersions(bench.database).versions()[Topic.CHECKS] == 0


def test_a_group_moves_each_version_once(bench: Bench) -> None:
    release = bench.hold()
    futures = [bench.queue.submit(writing(str(number))) for number in range(5)]
    release.set()
    for future in futures:
        future.result(PATIENCE_SECONDS)
    assert SqlVersions(bench.database).versions()[Topic.CHECKS] == 1


def test_a_commit_that_fails_but_happened_is_known_to_have_happened(bench: Bench) -> None:
    bench.database.before_commit = [raising(error(sqlite3.SQLITE_IOERR, "disk I/O error"), after_committing=True)]
    assert bench.queue.submit(writing("kept")).result(PATIENCE_SECONDS) == "kept"
    assert bench.names() == ["kept"]


def test_a_commit_that_fails_and_did_not_happen_is_told_and_not_repeated(bench: Bench) -> None:
    bench.database.before_commit = [raising(error(sqlite3.SQLITE_IOERR, "disk I/O error"))]
    fault = bench.queue.submit(writing("lost")).exception(PATIENCE_SECONDS)
    assert isinstance(fault, StoreUnavailable)
    assert "disk I/O error" in fault.message
    assert fault.next_step
    assert bench.names() == []


def test_writing_goes_on_after_a_failed_commit(bench: Bench) -> None:
    bench.database.before_commit = [raising(error(sqlite3.SQLITE_IOERR, "disk I/O error"))]
    assert bench.queue.submit(writing("lost")).exception(PATIENCE_SECONDS) is not None
    assert bench.queue.submit(writing("kept")).result(PATIENCE_SECONDS) == "kept"
    assert bench.names() == ["kept"]


def test_an_outcome_that_cannot_be_read_back_is_called_unknown(bench: Bench, tmp_path: Path) -> None:
    def lose(connection: Connection) -> None:
        (tmp_path / "console.db").rename(tmp_path / "elsewhere.db")
        raise error(sqlite3.SQLITE_IOERR, "disk I/O error")

    bench.database.before_commit = [lose]
    fault = bench.queue.submit(writing("who knows")).exception(PATIENCE_SECONDS)
    assert isinstance(fault, StoreUnavailable)
    assert "not known" in fault.message


def test_a_full_disk_costs_the_reserve_and_no_write(bench: Bench) -> None:
    bench.database.before_commit = [raising(error(sqlite3.SQLITE_FULL, "database or disk is full"))]
    assert bench.queue.submit(writing("kept")).result(PATIENCE_SECONDS) == "kept"
    assert not bench.reserve.standing
    assert bench.names() == ["kept"]


def test_without_the_reserve_only_what_is_essential_is_written(bench: Bench) -> None:
    bench.reserve.standing = False
    data = bench.queue.submit(writing("data"), essential=False)
    decision = bench.queue.submit(writing("decision"))
    fault = data.exception(PATIENCE_SECONDS)
    assert isinstance(fault, StoreUnavailable)
    assert "reserve was given up" in fault.message
    assert fault.next_step == "Free some space: once 24 MB are free, taking in goes on by itself."
    assert decision.result(PATIENCE_SECONDS) == "decision"
    bench.reserve.standing = True
    assert bench.queue.submit(writing("data"), essential=False).result(PATIENCE_SECONDS) == "data"


def test_a_disk_still_full_without_the_reserve_fails_in_words(bench: Bench) -> None:
    full = raising(error(sqlite3.SQLITE_FULL, "database or disk is full"))
    bench.database.before_commit = [full, full]
    fault = bench.queue.submit(writing("lost")).exception(PATIENCE_SECONDS)
    assert isinstance(fault, StoreUnavailable)
    assert "is full" in fault.message


def test_damage_met_by_a_write_fails_its_whole_group_in_words(bench: Bench) -> None:
    release = bench.hold()
    good = bench.queue.submit(writing("a"))
    bad = bench.queue.submit(failing("b", error(sqlite3.SQLITE_CORRUPT, "database disk image is malformed")))
    release.set()
    assert isinstance(good.exception(PATIENCE_SECONDS), StoreDamaged)
    assert isinstance(bad.exception(PATIENCE_SECONDS), StoreDamaged)
    assert bench.names() == []


def test_what_was_accepted_is_written_before_the_writer_ends(bench: Bench) -> None:
    release = bench.hold()
    futures = [bench.queue.submit(writing(f"{number:03}")) for number in range(100)]
    closing = Thread(target=bench.queue.close)
    closing.start()
    release.set()
    closing.join(PATIENCE_SECONDS)
    assert all(future.done() for future in futures)
    assert len(bench.names()) == 100


def test_a_write_after_closing_fails_in_words(bench: Bench) -> None:
    bench.queue.close()
    fault = bench.queue.submit(writing("late")).exception(PATIENCE_SECONDS)
    assert isinstance(fault, StoreUnavailable)
    assert "is closed" in fault.message


def test_a_cancelled_write_is_not_written(bench: Bench) -> None:
    release = bench.hold()
    cancelled = bench.queue.submit(writing("a"))
    kept: Future[str] = bench.queue.submit(writing("b"))
    assert cancelled.cancel()
    release.set()
    kept.result(PATIENCE_SECONDS)
    assert bench.names() == ["b"]


def test_marks_of_long_gone_writers_are_swept(bench: Bench) -> None:
    with bench.database.writing() as connection:
        connection.execute(insert(writer_mark), {"writer": "old", "group_number": 3, "committed_ms": 0})
        bench.database.commit(connection)
    bench.queue.submit(writing("a")).result(PATIENCE_SECONDS)
    with bench.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(writer_mark)).scalar_one() == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_the_program_in_the_writer_leaves_no_future_waiting(bench: Bench) -> None:
    bench.database.before_commit = [raising(AssertionError())]
    fault = bench.queue.submit(writing("a")).exception(PATIENCE_SECONDS)
    bench.queue.close()
    assert isinstance(fault, StoreUnavailable)
    assert "fault of the program" in fault.message
    late = bench.queue.submit(writing("b")).exception(PATIENCE_SECONDS)
    assert isinstance(late, StoreUnavailable)


def test_no_reserve_is_needed_where_the_engine_looks_after_its_disk() -> None:
    assert NoReserve().stands()
    assert not NoReserve().give_up()
    assert NoReserve().room_bytes == 0
