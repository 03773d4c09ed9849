"""One pass through a connector: what it yields for a window is sifted and stored, the last batch with the books."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.sdk.connector import ConnectorContext, Purpose, Window
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.services.connector_boundary import connector_boundary
from quarterdeck.services.connector_calls import ConnectorCalls
from quarterdeck.services.intake import Books, Intake
from quarterdeck.services.ports import Clock, Cursors
from quarterdeck.services.reception import Came
from quarterdeck.services.sifting import Sifted, sift


@dataclass(frozen=True, slots=True)
class Taken:
    """What came so far: how many records, from when to when they date, and what there is to say about them."""

    records: int = 0
    came: Came = field(default_factory=Came)
    left_out: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """What was left out and what the connector notes, as sentences; empty when there is nothing to say."""
        return " ".join(part for part in (self.left_out, self.note) if part)


Closing = Callable[[Taken], Books]
"""What goes into the books with the last batch, told what came."""


@dataclass(frozen=True, slots=True)
class PassPlan:
    """What one pass asks for: a window with its cursor, bounded in time and in records.

    Records that date from before `since_at` do not count towards what came.
    """

    window: Window
    cursor: str | None
    seconds: float
    most_records: int
    since_at: datetime


class ConnectorPass:
    """Takes what one connector yields for one window."""

    def __init__(self, name: str, loaded: LoadedConnector, intake: Intake, clock: Clock) -> None:
        self._name = name
        self._loaded = loaded
        self._intake = intake
        self._clock = clock

    async def take(self, context: ConnectorContext, plan: PassPlan, closing: Closing) -> Taken:
        """Store everything, the last batch together with what closes the books. Raises OperatorError.

        What was yielded before a failure is stored.
        """
        collect = self._loaded.connector.collect
        calls = ConnectorCalls(self._name, self._loaded.manifest.id, plan.seconds)
        taken, held = Taken(), None
        async with aclosing(calls.batches(lambda: collect(context, plan.window, plan.cursor))) as batches:
            try:
                async for batch in batches:
                    if held is not None:
                        waiting, held = held, None
                        await self._intake.store(waiting, Books(_mover(waiting, plan)))
                    sifted = self._sift(batch)
                    taken = _with(taken, batch, sifted, plan)
                    if batch.declared is not None:
                        await self._intake.declare(batch.declared)
                    held = sifted.batch
            except OperatorError:
                if held is not None:
                    await self._intake.store(held, Books(_mover(held, plan)))
                raise
        await self._close(held or Batch(), closing(taken), plan)
        return taken

    async def _close(self, last: Batch, books: Books, plan: PassPlan) -> None:
        move = _mover(last, plan)

        def close(cursors: Cursors) -> Cursors:
            return books.move(move(cursors))

        await self._intake.store(last, replace(books, move=close))

    def _sift(self, batch: Batch) -> Sifted:
        with connector_boundary(self._loaded.manifest.id):
            return sift(batch, self._clock.now())


def _with(taken: Taken, batch: Batch, sifted: Sifted, plan: PassPlan) -> Taken:
    """With one more batch. Raises UnexpectedReply when it is more than one pass may take."""
    records = taken.records + batch.record_count
    if records > plan.most_records:
        message = f"The source sends more than {plan.most_records:,} records at once; the rest was not taken."
        raise UnexpectedReply(message, "Narrow what the connection takes.")
    came = taken.came
    for instant in _extent(sifted.batch, plan.since_at):
        came = came.with_instant(instant)
    return Taken(
        records=records,
        came=replace(came, caught_up=batch.caught_up),
        left_out=taken.left_out or sifted.words,
        note=batch.note or taken.note,
    )


def _extent(batch: Batch, since_at: datetime) -> list[datetime]:
    """The oldest and the newest instant of a batch's records after an instant; empty when there are none."""
    told = [event.occurred_at for event in batch.events] + [check.checked_at for check in batch.checks]
    times_ms = batch.samples.times_ms[batch.samples.times_ms > to_ms(since_at)]
    if len(times_ms):
        told += [from_ms(int(times_ms.min())), from_ms(int(times_ms.max()))]
    told = [instant for instant in told if instant > since_at]
    return [min(told), max(told)] if told else []


def _mover(batch: Batch, plan: PassPlan) -> Callable[[Cursors], Cursors]:
    """How the cursors move with a batch: a live one brings its own, history is counted."""
    if plan.window.purpose is Purpose.BACKFILL:
        return lambda cursors: replace(cursors, backfill_samples=cursors.backfill_samples + len(batch.samples))
    if batch.cursor is None:
        return replace
    return lambda cursors: replace(cursors, live=batch.cursor)
