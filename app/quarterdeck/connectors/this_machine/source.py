"""This machine as a source: one reading a poll, rates against the reading before, processes once a minute."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from importlib.resources import files

from quarterdeck.connectors.this_machine.counters import (
    Rates,
    Remembered,
    cursor_of,
    processes_remembered,
    remembered_from,
    totals_of,
)
from quarterdeck.connectors.this_machine.machine import LocalMachine, Machine
from quarterdeck.connectors.this_machine.mounts import (
    Watched,
    named_points,
    shown_point,
    use_asked_apart,
    watched,
)
from quarterdeck.connectors.this_machine.processes import busiest, events_of, is_due
from quarterdeck.connectors.this_machine.readings import MountUse, Reading
from quarterdeck.connectors.this_machine.signals import allocations, series_values, signals
from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.events import Event
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.connector import (
    CheckReport,
    ConnectionSettings,
    ConnectorContext,
    Discovery,
    PreviewRow,
    SettingProblem,
    Window,
)
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.texts import counted, size_words
from quarterdeck.sdk.validation import entity_key, entity_problems, manifest_problems, with_defaults

MANIFEST = load_manifest(files("quarterdeck.connectors.this_machine") / "manifest.toml")
DOMAIN = "platform"


@dataclass(frozen=True, slots=True)
class _Look:
    """A reading with the use of the file systems watched, and those of the named ones that did not answer."""

    reading: Reading
    watched: Watched
    uses: dict[str, MountUse]
    silent: tuple[str, ...]

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong with named mounts, by path, as the rest of a sentence."""
        absent = dict.fromkeys(self.watched.absent, "is not mounted")
        return absent | dict.fromkeys(self.silent, "does not answer, or has no size")


class Source:
    """Connector for the machine it runs on; another machine can be handed in for tests."""

    def __init__(self, machine: Machine | None = None) -> None:
        self._machine = machine or LocalMachine()

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge settings without looking at the machine."""
        given = with_defaults(MANIFEST, settings)
        problems = [*manifest_problems(MANIFEST, given), *entity_problems(given)]
        problems += [
            SettingProblem("mounts", f"{shown_point(point)} is not a path that starts at the root.")
            for point in named_points(given.text("mounts"))
            if not point.startswith("/") or "\0" in point
        ]
        return tuple(problems)

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Look once and say what this machine tells and what it does not. Raises Unreachable."""
        look = await self._look(context)
        reading = look.reading
        preview: dict[str, PreviewRow] = {}
        for signal in signals(reading, Rates({}, {}, 0.0), look.uses):
            known = preview.get(signal.name)
            words = "as it is" if signal.meaning is Meaning.OTHER else signal.meaning.replace("_", " ")
            preview[signal.name] = PreviewRow(signal.name, *((known.meaning, known.count + 1) if known else (words, 1)))
        remarks = [f"{shown_point(point)} {words}." for point, words in look.faults.items()]
        if reading.missing:
            remarks.append(f"This machine tells nothing of: {', '.join(reading.missing)}.")
        return CheckReport(
            words=(
                f"{reading.system}, {counted(len(reading.processors), 'processor')}, "
                f"{size_words(reading.memory.total)} of memory, "
                f"{counted(len(look.uses), 'file system')} watched."
            ),
            preview=tuple(preview.values()),
            remarks=tuple(remarks),
        )

    async def discover(self, context: ConnectorContext) -> Discovery:
        """The machine itself as a component. Raises Unreachable."""
        reading = (await self._look(context)).reading
        return Discovery(entities=(_entity(_entity_key(context, reading), reading),))

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """One batch: what the machine is like now, whatever the window. Raises Unreachable."""
        del window  # a machine remembers nothing of its past
        before = remembered_from(cursor)
        look = await self._look(context)
        now = context.now()
        key = _entity_key(context, look.reading)
        totals = totals_of(look.reading)
        rates = Rates(totals, before.totals, now.timestamp() - before.at)
        after = replace(before, at=now.timestamp(), totals=totals)
        minute = is_due(before, now.timestamp())
        events: tuple[Event, ...] = ()
        if minute:
            events, after = await self._top_processes(context, key, after)
        yield Batch(
            samples=Samples.at(now, series_values(key, look.reading, rates, look.uses)),
            checks=_mount_checks(context, key, look),
            events=events,
            allocations=allocations(key, look.reading, rates, look.uses, now) if minute else (),
            cursor=cursor_of(after),
        )

    async def _look(self, context: ConnectorContext) -> _Look:
        given = with_defaults(MANIFEST, context.settings)
        try:
            reading = await asyncio.to_thread(self._machine.read)
        except OSError as fault:
            message = f"This machine could not be read: {type(fault).__name__}."
            raise Unreachable(message, "See whether /proc is mounted and may be read.") from fault
        chosen = watched(reading.mounts, named_points(given.text("mounts")))
        uses = await asyncio.to_thread(self._direct_uses, chosen)
        seconds = given.number("mount_timeout_seconds")
        answers = await asyncio.gather(*(use_asked_apart(mount.point, seconds) for mount in chosen.apart))
        silent: list[str] = []
        for mount, use in zip(chosen.apart, answers, strict=True):
            if use is None:
                silent.append(mount.point)
            else:
                uses[mount.point] = use
        return _Look(reading, chosen, uses, tuple(silent))

    def _direct_uses(self, chosen: Watched) -> dict[str, MountUse]:
        found = {mount.point: self._machine.use(mount.point) for mount in chosen.direct}
        return {point: use for point, use in found.items() if use is not None}

    async def _top_processes(
        self, context: ConnectorContext, key: str, remembered: Remembered
    ) -> tuple[tuple[Event, ...], Remembered]:
        most = round(with_defaults(MANIFEST, context.settings).number("top_processes"))
        now = context.now()
        seconds = now.timestamp()
        if most <= 0:
            return (), replace(remembered, processes_at=seconds, processes={})
        processes = await asyncio.to_thread(self._machine.processes)
        found = busiest(processes, remembered, seconds, most)
        events = events_of(context.connection_id, key, found, now)
        return events, replace(remembered, processes_at=seconds, processes=processes_remembered(processes))


def _entity_key(context: ConnectorContext, reading: Reading) -> str:
    return context.settings.text("entity") or entity_key(reading.hostname, "component") or "component/this-machine"


def _entity(key: str, reading: Reading) -> Entity:
    facts = {
        "system": reading.system,
        "processors": len(reading.processors),
        "memory": size_words(reading.memory.total),
    }
    return Entity(
        key=key,
        kind=EntityKind(key.partition("/")[0]),
        name=reading.hostname or "This machine",
        domain=DOMAIN,
        facts=facts_of(facts),
    )


def _mount_checks(context: ConnectorContext, key: str, look: _Look) -> tuple[CheckResult, ...]:
    """For every mount a person named: whether it is there and answers; the machine lives on without it."""
    faults = look.faults
    named = named_points(context.settings.text("mounts"))
    return tuple(
        CheckResult(
            entity_key=key,
            name=f"mount {shown_point(point)}",
            checked_at=context.now(),
            outcome=CheckOutcome.WARNING if point in faults else CheckOutcome.PASSED,
            summary=f"{shown_point(point)} {faults.get(point, 'is mounted and answers')}",
        )
        for point in named
    )
