"""The estate as it is assumed to be, for the map and the tables, and what would follow, in words; runs in a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.health import HealthState, worst
from quarterdeck.services.moments import Moment
from quarterdeck.services.relationships import GraphEntity, RelationshipReport
from quarterdeck.services.what_if import Change, WhatIf
from quarterdeck.services.what_if_words import (
    banner_words,
    change_words,
    names,
    other_groups_words,
    redundancy_words,
    report_text,
    sentences,
)
from quarterdeck.services.wording import dated_words, moment_words, state_words
from quarterdeck.ui.panels.relationships.node_words import Translate
from quarterdeck.ui.panels.relationships.state import Answer, Assumed, AssumedLine, Inquiry, InquiryLine, WhatIfState


class WhatIfSource(Protocol):
    """Who tells what would follow."""

    def what_if(self, at: datetime, states: Mapping[str, HealthState]) -> WhatIf:
        """What would follow at a moment if entities were in these states, by key."""
        ...


def suppose(
    report: RelationshipReport, assumed: Assumed, moment: Moment, source: WhatIfSource, tr: Translate
) -> tuple[RelationshipReport, WhatIfState]:
    """The report with the states that would be, and what to tell of them."""
    held = {one.key: one for one in report.entities if not one.is_missing}
    told = source.what_if(moment.at, {key: state for key, state in assumed if key in held})
    return _as_assumed(report, told, tr), _state(told, assumed, held, moment, tr)


def _as_assumed(report: RelationshipReport, told: WhatIf, tr: Translate) -> RelationshipReport:
    because = {one.entity.key: one for one in told.changes}
    states = told.states

    def changed(one: GraphEntity) -> GraphEntity:
        if one.key not in states:
            return one
        change = because.get(one.key)
        reason = _because(change, tr) if change else tr("Assumed by you")
        return replace(one, state=states[one.key], reason=reason, since_at=None)

    return replace(report, entities=tuple(changed(one) for one in report.entities))


def _because(change: Change, tr: Translate) -> str:
    if not change.because:
        return tr("Assumed")
    return tr("Assumed, because of {names}").format(names=names(change.because, tr))


def _state(
    told: WhatIf, assumed: Assumed, held: Mapping[str, GraphEntity], moment: Moment, tr: Translate
) -> WhatIfState:
    past = "" if moment.live else dated_words(moment.at)
    absent = tr("{name}: {state} (not in the estate at this moment)")
    lines = tuple(
        AssumedLine(key, f"{held[key].entity.name}: {state_words(state)}")
        if key in held
        else AssumedLine(key, absent.format(name=key, state=state_words(state)), is_absent=True)
        for key, state in assumed
    )
    return WhatIfState(
        banner_words(len(told.assumptions), past or moment_words(moment.at, moment.at), tr),
        lines,
        _answer(told, past, tr),
        report_text(told, tr, past=past),
        {key: one.state for key, one in held.items()},
    )


def _answer(told: WhatIf, past: str, tr: Translate) -> Answer:
    groups = tuple((one.entity.name, redundancy_words(one, tr)) for one in told.redundancies)
    start = tr("From how things stood at {time}.").format(time=past) if past else ""
    said = (start, *sentences(told, tr, past=past), other_groups_words(told, tr))
    return Answer(
        inquiry=Inquiry.NOTHING,
        entity_key="",
        title=_title(told, tr),
        state=worst(one.state for one in told.assumptions),
        sentences=tuple(sentence for sentence in said if sentence),
        facts=groups,
        lines=tuple(_line(one, past, tr) for one in told.changes),
    )


def _line(one: Change, past: str, tr: Translate) -> InquiryLine:
    note = tr("was: {state}") if past else tr("now: {state}")
    change = change_words(one, tr)
    tip = tr("From {time}: {change}").format(time=past, change=change) if past else change
    return InquiryLine(one.entity.key, one.after, one.entity.name, note.format(state=state_words(one.before)), tip)


def _title(told: WhatIf, tr: Translate) -> str:
    first = next(iter(told.assumptions), None)
    if first is None:
        return tr("What if")
    if len(told.assumptions) > 1:
        return tr("Assumed: {count} states").format(count=len(told.assumptions))
    return tr("Assumed: {name} is {state}").format(name=first.entity.name, state=state_words(first.state))
