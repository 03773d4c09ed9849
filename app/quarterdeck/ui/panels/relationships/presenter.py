"""Loads the graph of the estate at a moment, lays out what a person wants to see of it, and keeps both up to date.

Plain Python, tested without Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeAlias

from quarterdeck.analysis.map_places import Place, Places
from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.relationships import EstateFacts, RelationshipReport
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.relationships.kept_map import KeptLayout, MapKeeper
from quarterdeck.ui.panels.relationships.node_words import Translate
from quarterdeck.ui.panels.relationships.state import EdgeChoice, Inquiry, Page, PageMessage, RelationshipsState, Wish
from quarterdeck.ui.panels.relationships.supposed import WhatIfSource, suppose
from quarterdeck.ui.panels.relationships.words import relationships_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

TOPICS: Topics = frozenset({Topic.ESTATE, Topic.SERIES, Topic.STATES, Topic.CHECKS, Topic.CONNECTIONS})
_MOST_REMEMBERED = 12


class RelationshipSource(Protocol):
    """Where the answers come from."""

    def relationships(self, moment: Moment, facts: EstateFacts | None = None) -> RelationshipReport:
        """The whole graph at the play-head; `facts` of an earlier reading where the estate is known not to differ."""
        ...


class RelationshipsSurface(Protocol):
    """What shows the panel."""

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


@dataclass(frozen=True, slots=True)
class _Layout:
    """What a map is laid out for: everything, or what is around one entity, with some domains collapsed."""

    wish: Wish

    @classmethod
    def of(cls, wish: Wish) -> _Layout:
        return cls(replace(wish, inquiry=Inquiry.NOTHING, inquiry_key="", assumed=None))


_WHOLE = _Layout(Wish())
"""The map of everything: its places are never forgotten."""


def _kept_by(keeper: MapKeeper | None) -> dict[_Layout, Places]:
    return {_Layout(one.wish): one.places for one in keeper.memory.layouts} if keeper else {}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a worker brings back; `present` are the places of the nodes that are on the map."""

    moment: Moment
    wish: Wish
    report: RelationshipReport
    page: Page
    places: dict[str, Place]
    present: dict[str, Place]


class RelationshipsPresenter:
    """Shows the moment and what is wished of it; a refresh that fails leaves what was shown, as old.

    The places of a map are remembered, so that its nodes stand where they stood whenever it is seen again; with a
    `keeper` at the next start too, and what was shown last is shown first.
    """

    def __init__(
        self,
        source: RelationshipSource,
        background: Background,
        surface: RelationshipsSurface,
        tr: Translate,
        what_if: WhatIfSource | None = None,
        *,
        keeper: MapKeeper | None = None,
    ) -> None:
        self._source = source
        self._keeper = keeper
        self._what_if = what_if
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[_Outcome] = LatestRead(background, "relationships")
        self._wish = keeper.memory.wish if keeper else Wish()
        self._moment: Moment | None = None
        self._shown: _Outcome | None = None
        self._is_pending = False
        self._remembered = _kept_by(keeper)

    @property
    def wish(self) -> Wish:
        """What is wished now."""
        return self._wish

    @property
    def kept_edges(self) -> EdgeChoice:
        """How relations were drawn when the map was last seen."""
        return self._keeper.memory.edges if self._keeper else EdgeChoice.FITTING

    def keep_edges(self, key: str) -> None:
        """Remember how relations are drawn; `key` is an EdgeChoice."""
        if self._keeper is not None:
            self._keeper.remember(replace(self._keeper.memory, edges=EdgeChoice(key)))

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; what is on the screen stays for the short while until it is there."""
        self._moment = moment
        self._is_pending = True
        self._surface.show_loading()
        self._reads.take_over(self._read(moment, None))

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if not topics or topics & TOPICS:
            self._moment = moment
            is_same_estate = moment.live and Topic.ESTATE not in topics and not self._is_pending
            known = self._shown.report.facts if self._shown and is_same_estate else None
            self._reads.follow(self._read(moment, known))

    def ask(self, wish: Wish) -> None:
        """Show something else of the moment; nothing is read for it when the moment is there."""
        if wish == self._wish:
            return
        self._wish = wish
        if self._shown is not None and not self._is_pending:
            self._reads.take_over(self._arranged(self._shown.moment, self._shown.report))
        elif self._moment is not None:
            self._reads.take_over(self._read(self._moment, None))

    def retry(self) -> None:
        """Read the moment again."""
        if self._moment is not None:
            self.show_moment(self._moment)

    def _read(self, moment: Moment, facts: EstateFacts | None) -> Read[_Outcome]:
        source, put_together = self._source, self._putting_together(moment)
        return Read(
            work=lambda: put_together(source.relationships(moment, facts)),
            on_result=self._take,
            on_error=lambda error: self._fail(moment, error),
        )

    def _arranged(self, moment: Moment, report: RelationshipReport) -> Read[_Outcome]:
        put_together = self._putting_together(moment)
        return Read(
            work=lambda: put_together(report), on_result=self._take, on_error=lambda error: self._fail(moment, error)
        )

    def _putting_together(self, moment: Moment) -> Callable[[RelationshipReport], _Outcome]:
        """What a worker does with a report: it is given all it needs now, and touches nothing of the presenter."""
        wish, places = self._wish, self._remembered.get(_Layout.of(self._wish), {})
        before = self._shown.page if self._shown and isinstance(self._shown.page, RelationshipsState) else None
        return partial(_put_together, moment, wish, places, before=before, tr=self._tr, what_if=self._what_if)

    def _take(self, outcome: _Outcome) -> None:
        self._is_pending = False
        self._shown = outcome
        layout = _Layout.of(outcome.wish)
        self._remembered.pop(layout, None)
        self._remembered[layout] = outcome.places
        if len(self._remembered) > _MOST_REMEMBERED:
            del self._remembered[next(one for one in self._remembered if one != _WHOLE)]
        self._keep(outcome)
        self._surface.show_page(outcome.page)

    def _keep(self, outcome: _Outcome) -> None:
        """Keep the places of what is there now: what is gone for good would hold its place in the file for ever."""
        if self._keeper is None or not outcome.moment.live or not outcome.present:
            return
        memory = self._keeper.memory
        shown = KeptLayout(outcome.wish.collapsed, outcome.wish.focus, outcome.present)
        others = [one for one in memory.layouts if one.wish != shown.wish]
        # Whatever is left out for want of room, the whole map is not: it comes right before what is shown.
        others.sort(key=lambda one: one.wish == Wish())
        self._keeper.remember(replace(memory, layouts=(*others, shown)[-_MOST_REMEMBERED:]))

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None or self._is_pending:
            self._shown = None
            self._surface.show_failed(PageMessage(error.message, error.next_step, self._tr("Try again")))
            return
        time = moment_words(self._shown.moment.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))


def _put_together(
    moment: Moment,
    wish: Wish,
    places: Places,
    report: RelationshipReport,
    *,
    before: RelationshipsState | None,
    tr: Translate,
    what_if: WhatIfSource | None,
) -> _Outcome:
    """Runs in a worker."""
    if not report.entities:
        return _Outcome(moment, wish, report, _nothing(moment, tr), dict(places), {})
    if wish.assumed is None or what_if is None:
        state, kept = relationships_state(report, wish, places, moment, tr=tr, before=before)
        return _Outcome(moment, wish, report, state, kept, _present(state, kept))
    shown, outcome = suppose(report, wish.assumed, moment, what_if, tr)
    state, kept = relationships_state(shown, wish, places, moment, tr=tr, before=before)
    assumed = tr("ASSUMED, NOT REAL")
    marked = replace(state, what_if=outcome, title=f"{assumed}: {state.title}", summary=f"{assumed} · {state.summary}")
    return _Outcome(moment, wish, report, marked, kept, _present(state, kept))


def _present(state: RelationshipsState, places: Places) -> dict[str, Place]:
    """The places on the map; none where it was to show what is around something that is not there."""
    focus = state.wish.focus
    if focus is not None and state.scene.node_of(focus.entity_key) < 0:
        return {}
    return {node.id: places[node.id] for node in state.scene.nodes}


def _nothing(moment: Moment, tr: Translate) -> PageMessage:
    if not moment.live:
        return PageMessage(
            tr("Nothing was declared or seen by then"),
            tr("Here stands what depends on what, from partners to notifications, as the estate was at that moment."),
        )
    return PageMessage(
        tr("Nothing is declared yet"),
        tr(
            "Here stands what depends on what: partners, integrations, services, components, events and notifications. "
            "Add a connection to a source that tells of them, or declare them in a terminal: `quarterdeck apply FILE`"
        ),
        tr("Add a connection"),
    )
