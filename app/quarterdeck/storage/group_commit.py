"""The one thread that writes: what several callers want goes to disk in one transaction, and each learns how it went.

Within a group every write has its own savepoint, so that one that fails does not take the others with it. A COMMIT that
fails may still have happened: each group leaves its number in the store, and the number is read back.

A process that was stopped may wake up between accepting a write and doing it. Whether it may still write is asked once
more inside the transaction, where nobody else can begin to.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.exc import DBAPIError

from quarterdeck.domain.errors import OperatorError, StoreDamaged, StoreUnavailable
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import quantity
from quarterdeck.storage.database import Database
from quarterdeck.storage.faults import DiskFull, closed, in_words, translated
from quarterdeck.storage.reserve import Reserve
from quarterdeck.storage.tables import writer_mark
from quarterdeck.storage.transaction import WriteTransaction, bump

_log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[WriteTransaction], T]

GROUP_JOBS = 64
GROUP_SECONDS = 0.1
CHORE_PAUSE_SECONDS = 0.05
CHORE_AT_LEAST_EVERY_SECONDS = 0.1
_MARK = text(
    "INSERT INTO writer_mark (writer, group_number, committed_ms) VALUES (:writer, :number, :now_ms) "
    "ON CONFLICT (writer) DO UPDATE SET group_number = :number, committed_ms = :now_ms"
)
_MARKS_KEPT_MS = 7 * 24 * 3600 * 1000


class Chore(Protocol):
    """Housekeeping for quiet moments, in short slices."""

    def is_due(self, connection: Connection) -> bool:
        """Whether a slice would do anything."""
        ...

    def work(self, transaction: WriteTransaction) -> None:
        """Do one slice."""
        ...


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    essential: bool
    future: Future[Any] = field(default_factory=Future[Any])
    started: bool = False

    def start(self) -> bool:
        if not self.started:
            self.started = self.future.set_running_or_notify_cancel()
        return self.started


@dataclass(slots=True)
class _Outcome:
    transaction: WriteTransaction | None = None
    value: Any = None
    fault: Exception | None = None

    def settle(self, future: Future[Any]) -> None:
        if self.fault is not None:
            future.set_exception(self.fault)
        else:
            future.set_result(self.value)


class WriteQueue:
    """Takes writes from any thread and commits them in order, in groups. The thread starts with the first write."""

    def __init__(self, database: Database, reserve: Reserve, chore: Chore) -> None:
        self._database = database
        self._reserve = reserve
        self._chore = chore
        self._name = uuid4().hex
        self._group_number = 0
        self._waiting: deque[_Job] = deque()
        self._changed = Condition()
        self._closing = False
        self._thread: Thread | None = None
        self._chore_due = False
        self._chore_at = 0.0
        self._chore_fault = ""
        self._may_write: Callable[[], bool] = _always

    def guard(self, may_write: Callable[[], bool]) -> None:
        """From now on ask this, in the writer's thread and with the store locked, before anything is written."""
        self._may_write = may_write

    def submit(self, work: Work[T], *, essential: bool = True) -> Future[T]:
        """Queue a write. What is not essential is refused while the disk is full."""
        job = _Job(work, essential)
        with self._changed:
            if self._closing:
                job.future.set_exception(closed(self._database.shown))
                return job.future
            self._waiting.append(job)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="store-writer", daemon=True)
                self._thread.start()
            self._changed.notify()
        return job.future

    def close(self) -> None:
        """Write what was accepted, then end the thread. Must not be called from a future's callback."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while (jobs := self._next_group()) is not None:
                if jobs:
                    self._write(jobs)
                    self._chore_due = True
                self._do_chore(idle=not jobs)
        finally:
            with self._changed:
                self._closing = True
                left, self._waiting = list(self._waiting), deque()
            _fail(left, closed(self._database.shown))

    def _next_group(self) -> list[_Job] | None:
        """The jobs that wait; empty when it is time for a chore, None when the thread is to end."""
        with self._changed:
            pause = CHORE_PAUSE_SECONDS if self._chore_due else None
            self._changed.wait_for(lambda: self._waiting or self._closing, pause)
            if self._closing and not self._waiting:
                return None
            jobs = [self._waiting.popleft() for _ in range(min(GROUP_JOBS, len(self._waiting)))]
        return [job for job in jobs if job.start()]

    def _write(self, jobs: list[_Job]) -> None:
        try:
            outcomes = self._outcomes(jobs)
            with self._changed:
                self._waiting.extendleft(reversed(jobs[len(outcomes) :]))
            for job, outcome in zip(jobs, outcomes, strict=False):
                outcome.settle(job.future)
        except OperatorError as fault:
            _fail(jobs, fault)
        except BaseException:
            _fail(jobs, _stopped(self._database.shown))
            raise

    def _outcomes(self, jobs: Sequence[_Job]) -> list[_Outcome]:
        has_room = self._reserve.stands()
        try:
            return self._transact(jobs, has_room=has_room)
        except DiskFull:
            if not self._reserve.give_up():
                raise
            return self._transact(jobs, has_room=True)

    def _transact(self, jobs: Sequence[_Job], *, has_room: bool) -> list[_Outcome]:
        outcomes: list[_Outcome] = []
        deadline = time.monotonic() + GROUP_SECONDS
        with self._database.writing() as connection:
            if not self._may_write():
                raise _overslept()
            for job in jobs:
                refused = not has_room and not job.essential
                outcomes.append(_Outcome(fault=self._no_room()) if refused else self._attempt(connection, job.work))
                if time.monotonic() > deadline:
                    break
            written = [outcome.transaction for outcome in outcomes if outcome.transaction is not None]
            if written:
                self._commit(connection, written)
        for transaction in written:
            for callback in transaction.after_commit:
                callback()
        return outcomes

    def _attempt(self, connection: Connection, work: Work[Any]) -> _Outcome:
        transaction = WriteTransaction(connection, self._database.generation)
        savepoint = connection.begin_nested()
        try:
            with in_words(self._database.shown):
                value = work(transaction)
            savepoint.commit()
        except (StoreUnavailable, StoreDamaged):
            raise
        except Exception as fault:  # noqa: BLE001 - whatever one write raises belongs to its future, as in an executor
            savepoint.rollback()
            return _Outcome(fault=fault)
        return _Outcome(transaction, value)

    def _commit(self, connection: Connection, written: Sequence[WriteTransaction]) -> None:
        self._group_number += 1
        topics: set[Topic] = set()
        for transaction in written:
            topics |= transaction.topics
        bump(connection, topics)
        self._leave_mark(connection)
        try:
            self._database.commit(connection)
        except DBAPIError as fault:
            connection.invalidate()
            if not self._is_marked():
                raise translated(fault, self._database.shown) or _stopped(self._database.shown) from fault
        self._database.ensure_unmoved()

    def _leave_mark(self, connection: Connection) -> None:
        now_ms = time.time_ns() // 1_000_000
        if self._group_number == 1:
            connection.execute(delete(writer_mark).where(writer_mark.c.committed_ms < now_ms - _MARKS_KEPT_MS))
        connection.execute(_MARK, {"writer": self._name, "number": self._group_number, "now_ms": now_ms})

    def _is_marked(self) -> bool:
        number = select(writer_mark.c.group_number).where(writer_mark.c.writer == self._name)
        try:
            with self._database.reading() as connection:
                return connection.execute(number).scalar() == self._group_number
        except OperatorError as fault:
            message = f"{fault.message} It is not known whether the last changes were kept."
            raise StoreUnavailable(message, fault.next_step) from fault

    def _do_chore(self, *, idle: bool) -> None:
        if not self._chore_due or not (idle or time.monotonic() - self._chore_at > CHORE_AT_LEAST_EVERY_SECONDS):
            return
        self._chore_at = time.monotonic()
        try:
            with self._database.reading() as connection:
                self._chore_due = self._chore.is_due(connection)
            if self._chore_due:
                (outcome,) = self._transact([_Job(self._chore.work, essential=True)], has_room=True)
                self._leave_failing_chore(outcome.fault)
        except OperatorError:
            self._chore_due = False  # the next ordinary write meets the same trouble and reports it

    def _leave_failing_chore(self, fault: Exception | None) -> None:
        """Leave a slice that failed until after the next write; a fault that goes on is told once."""
        if fault is None:
            return
        self._chore_due = False
        if repr(fault) != self._chore_fault:
            _log.error("Housekeeping in the store failed.", exc_info=fault)
        self._chore_fault = repr(fault)

    def _no_room(self) -> StoreUnavailable:
        return StoreUnavailable(
            f"The disk that holds the store {self._database.shown} is full: its reserve was given up, and no new data "
            "is taken in.",
            f"Free some space: once {quantity(self._reserve.room_bytes, 'By')} are free, taking in goes on by itself.",
        )


def _fail(jobs: Sequence[_Job], fault: Exception) -> None:
    for job in jobs:
        if job.start() and not job.future.done():
            job.future.set_exception(fault)


def _always() -> bool:
    return True


def _overslept() -> StoreUnavailable:
    message = "The lease ran out while this process slept or could not reach the store; nothing was written."
    return StoreUnavailable(message, "Nothing to do; it goes on once it holds the lease again.")


def _stopped(shown: str) -> StoreUnavailable:
    return StoreUnavailable(
        f"Writing to the store {shown} broke off through a fault of the program.", "Start it again."
    )
