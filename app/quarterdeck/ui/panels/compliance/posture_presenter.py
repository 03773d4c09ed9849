"""Loads the views of security, data and partners, and one subject with its evidence. Plain Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.posture import PostureRow, PostureTable, PostureView, posture_csv
from quarterdeck.services.posture_reader import FigureEvidence
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.compliance.posture_state import PostureDetail, PostureState
from quarterdeck.ui.panels.compliance.posture_words import posture_detail, posture_page
from quarterdeck.ui.panels.compliance.state import PageMessage, Subjects
from quarterdeck.ui.panels.compliance.words import Translate
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

TOPICS = frozenset({Topic.COMPLIANCE, Topic.ESTATE})
_KINDS = {Subjects.INTEGRATIONS: EntityKind.INTEGRATION, Subjects.SERVICES: EntityKind.SERVICE}


class PostureSource(Protocol):
    """Where the answers come from; raises StoreUnavailable."""

    def table(self, view: PostureView, moment: Moment, kind: EntityKind) -> PostureTable:
        """One view at the play-head."""
        ...

    def evidence(self, row: PostureRow, at: datetime) -> tuple[FigureEvidence, ...]:
        """Every figure of a row with what tells it."""
        ...


class PostureSurface(Protocol):
    """What shows it."""

    def show_loading(self) -> None: ...

    def show_posture(self, page: PostureState | PageMessage) -> None: ...

    def show_detail(self, detail: PostureDetail | None) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


@dataclass(frozen=True, slots=True)
class PostureFile:
    """A view as a file; `write` makes the bytes, in any thread."""

    view: PostureView
    at: datetime
    write: Callable[[], bytes]


class PosturePresenter:
    """Reads only while one of its views is looked at; a failed refresh leaves what was shown, as old."""

    def __init__(self, source: PostureSource, background: Background, surface: PostureSurface, tr: Translate) -> None:
        self._source = source
        self._surface = surface
        self._tr = tr
        self._tables: LatestRead[PostureTable] = LatestRead(background, "posture")
        self._details: LatestRead[PostureDetail] = LatestRead(background, "posture detail")
        self._view: PostureView | None = None
        self._subjects = Subjects.INTEGRATIONS
        self._moment: Moment | None = None
        self._day_end_at: datetime | None = None
        self._table: PostureTable | None = None
        self._open_id = ""

    def choose_view(self, view: PostureView | None) -> None:
        """Look at a view, or with None at none of them: then nothing is read."""
        if view is not self._view:
            self._view = view
            self.open("")
            self._load()

    def choose_subjects(self, subjects: Subjects) -> None:
        """Show the figures of others."""
        if subjects is not self._subjects:
            self._subjects = subjects
            self._load()

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; a past day that was chosen before gives way to it."""
        self._moment, self._day_end_at = moment, None
        self._load()

    def choose_day(self, day_end_at: datetime | None) -> None:
        """Show the end of a past day, or with None the console's own moment again."""
        if day_end_at != self._day_end_at:
            self._day_end_at = day_end_at
            self._load()

    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        """Read again when something changed that figures rest on, or time went on; a chosen day stays."""
        self._moment = moment
        shown = self._shown_moment()
        is_due = topics & TOPICS if topics else self._day_end_at is None
        if is_due and self._view is not None and shown is not None:
            self._tables.follow(self._read(self._view, shown))

    def retry(self) -> None:
        """Read the moment again."""
        self._load()

    def open(self, row_id: str) -> None:
        """Show one row by itself with the evidence of each figure, or none any more."""
        self._open_id = row_id
        row = self._row(row_id)
        if row is None or self._table is None:
            self._details.drop()
            return
        source, tr, at = self._source, self._tr, self._table.at
        self._details.take_over(
            Read(
                work=lambda: posture_detail(row, source.evidence(row, at), at, tr),
                on_result=self._surface.show_detail,
                on_error=self._fail,
            )
        )

    def file(self) -> PostureFile | None:
        """The view that is shown as CSV; None while none is."""
        table = self._table
        return None if table is None else PostureFile(table.view, table.at, lambda: posture_csv(table).encode("utf-8"))

    def _row(self, row_id: str) -> PostureRow | None:
        rows = self._table.rows if self._table is not None else ()
        return next((row for row in rows if row.id == row_id), None)

    def _load(self) -> None:
        self._table = None
        shown = self._shown_moment()
        if self._view is None or shown is None:
            self._tables.drop()
            return
        self._surface.show_loading()
        self._tables.take_over(self._read(self._view, shown))

    def _shown_moment(self) -> Moment | None:
        if self._moment is None or self._day_end_at is None or self._day_end_at >= self._moment.at:
            return self._moment
        return Moment(self._moment.time_range, self._day_end_at, live=False)

    def _read(self, view: PostureView, moment: Moment) -> Read[PostureTable]:
        source, kind = self._source, _KINDS[self._subjects]
        return Read(
            work=lambda: source.table(view, moment, kind),
            on_result=lambda table: self._take(moment, table),
            on_error=self._fail,
        )

    def _take(self, moment: Moment, table: PostureTable) -> None:
        self._table = table
        self._surface.show_posture(posture_page(table, moment, self._tr))
        if self._open_id:
            if self._row(self._open_id) is None:
                self._open_id = ""
                self._surface.show_detail(None)
            else:
                self.open(self._open_id)

    def _fail(self, error: OperatorError) -> None:
        if self._table is None or self._moment is None:
            self._surface.show_failed(PageMessage(error.message, error.next_step, self._tr("Try again")))
            return
        time = moment_words(self._table.at, self._moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))
