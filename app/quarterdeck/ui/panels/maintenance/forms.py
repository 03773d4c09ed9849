"""Forms for planned work: how they open, the fields they have, and what the fields mean together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from quarterdeck.analysis.recurrence import zone_of
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.maintenance import MaintenanceWindow
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.services.maintenance import Signature
from quarterdeck.services.maintenance_desk import FormGround
from quarterdeck.services.maintenance_forms import TYPED_TIME, WEEKDAYS, Field, Repeat, TypedWindow, typed_of
from quarterdeck.services.wording import domain_words
from quarterdeck.ui.panels.maintenance.state import FormState, ScopePick, Typed
from quarterdeck.ui.panels.maintenance.words import Translate

REPEAT = "repeat"
NEW_KEY = "new"
IMPORT_KEY = "import"
_QUARTER = timedelta(minutes=15)


def form_to_plan(ground: FormGround, scope: MaintenanceScope, tr: Translate) -> FormState:
    """A form for a new window on some scope, from the next quarter of an hour on."""
    zone = zone_of(ground.zone)
    local = ground.now.astimezone(zone)
    start = (
        local - timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond) + _QUARTER
    )
    typed = TypedWindow(
        scope,
        start=start.strftime(TYPED_TIME),
        end="1h",
        zone=ground.zone,
        weekdays=(WEEKDAYS[start.weekday()],),
    )
    return FormState(
        key=NEW_KEY,
        title=tr("Plan maintenance"),
        summary=tr("What is covered shows in maintenance meanwhile, and the time does not count for availability."),
        save_verb=tr("Plan it"),
        scope=scope,
        entities=_entities(ground),
        domains=_domains(ground),
        values=_values(typed, ground.by),
    )


def form_to_import(ground: FormGround, tr: Translate) -> FormState:
    """A form that takes in a calendar."""
    return replace(form_to_plan(ground, MaintenanceScope(), tr), key=IMPORT_KEY, takes_calendar=True)


def form_to_correct(window: MaintenanceWindow, ground: FormGround, tr: Translate) -> FormState:
    """A form that says anew what a window is or was."""
    typed = typed_of(window)
    gone = [key for key in window.entity_keys if key not in {one.entity.key for one in ground.choices}]
    return FormState(
        key=window.id,
        title=tr("Correct maintenance"),
        summary=tr("What you say becomes a new record, for the past too. What was told before stays readable."),
        save_verb=tr("Record the correction"),
        scope=typed.scope,
        entities=(*_entities(ground), *(ScopePick(key, key, HealthState.UNKNOWN) for key in gone)),
        domains=_domains(ground, window.domains),
        values=_values(typed, ground.by),
        window_id=window.id,
    )


def window_of(typed: Typed) -> TypedWindow:
    """What the fields of a form say of a window."""
    repeat = Repeat(typed.value(REPEAT) or Repeat.ONCE)
    days = typed.value(Field.WEEKDAYS)
    is_plain = repeat in {Repeat.DAILY, Repeat.WEEKLY, Repeat.MONTHLY}
    return TypedWindow(
        scope=typed.scope,
        reason=typed.value(Field.REASON),
        start=typed.value(Field.START),
        end=typed.value(Field.END),
        zone=typed.value(Field.ZONE),
        repeat=repeat,
        weekdays=tuple(days.split(",")) if days and repeat is Repeat.WEEKLY else (),
        last_day=typed.value(Field.LAST_DAY) if is_plain else "",
        rule=typed.value(Field.RULE) if repeat is Repeat.RULE else "",
    )


def signature_of(typed: Typed) -> Signature:
    """Who says it, and why."""
    return Signature(typed.value(Field.BY), typed.value(Field.NOTE))


def _values(typed: TypedWindow, by: str) -> tuple[tuple[str, str], ...]:
    return (
        (Field.REASON, typed.reason),
        (Field.START, typed.start),
        (Field.END, typed.end),
        (Field.ZONE, typed.zone),
        (REPEAT, typed.repeat),
        (Field.WEEKDAYS, ",".join(typed.weekdays)),
        (Field.LAST_DAY, typed.last_day),
        (Field.RULE, typed.rule),
        (Field.BY, by),
    )


def _entities(ground: FormGround) -> tuple[ScopePick, ...]:
    return tuple(
        ScopePick(one.entity.key, f"{one.entity.name} · {one.entity.kind.value.replace('_', ' ')}", one.state)
        for one in ground.choices
    )


def _domains(ground: FormGround, held: tuple[str, ...] = ()) -> tuple[ScopePick, ...]:
    names = dict.fromkeys((*ground.domains, *held))
    return tuple(ScopePick(name, domain_words(name), HealthState.UNKNOWN) for name in names)
