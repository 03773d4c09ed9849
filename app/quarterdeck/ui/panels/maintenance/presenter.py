"""Loads every window at a moment, keeps the list up to date, and ends or calls off. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.maintenance import MaintenanceRecord
from quarterdeck.services.maintenance import Signature
from quarterdeck.services.maintenance_desk import FormGround, WindowBoard
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.maintenance.state import ActKind, Page, PageMessage, RecordLine
from quarterdeck.ui.panels.maintenance.words import Translate, board_state, record_lines
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

BOARD_TOPICS: Topics = frozenset({Topic.MAINTENANCE, Topic.ESTATE, Topic.CONNECTION_HEALTH})


class BoardSource(Protocol):
    """Where the windows come from; every call may take seconds."""

    def board(self, moment: Moment) -> WindowBoard: ...

    def ground(self) -> FormGround: ...

    def history(self, window_id: str) -> Sequence[MaintenanceRecord]: ...

    def end(self, window_id: str, signed: Signature, *, whole: bool) -> MaintenanceRecord: ...

    def skip(self, window_id: str, signed: Signature) -> MaintenanceRecord: ...

    def calendar(self, window_ids: Sequence[str]) -> bytes: ...


class BoardSurface(Protocol):
    """What shows the panel."""

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...

    def show_records(self, window_id: str, records: tuple[RecordLine, ...], fault: str) -> None: ...


class MaintenancePresenter:
    """Shows the moment it is told; a refresh that fails leaves what was shown, as old."""

    def __init__(
        self,
        source: BoardSource,
        background: Background,
        surface: BoardSurface,
        *,
        notify: Callable[[str], object],
        tr: Translate,
    ) -> None:
        self._source = source
        self._background = background
        self._surface = surface
        self._notify = notify
        self._tr = tr
        self._reads: LatestRead[Page] = LatestRead(background, "maintenance")
        self._moment: Moment | None = None
        self._shown: Moment | None = None

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; what is on the screen stays for the short while until it is there."""
        self._moment = moment
        self._shown = None
        self._surface.show_loading()
        self._reads.take_over(self._read(moment))

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if not topics or topics & BOARD_TOPICS:
            self._moment = moment
            self._reads.follow(self._read(moment))

    def retry(self) -> None:
        """Read the moment again."""
        if self._moment is not None:
            self.show_moment(self._moment)

    def read_records(self, window_id: str) -> None:
        """Read every record of a window."""
        moment = self._moment
        if moment is None:
            return
        source, surface, tr = self._source, self._surface, self._tr

        def read() -> tuple[RecordLine, ...]:
            known = [one for one in source.history(window_id) if moment.live or one.recorded_at <= moment.at]
            names = {one.entity.key: one.entity.name for one in source.ground().choices}
            return record_lines(known, names, moment.at, tr)

        self._background.run_query(
            read,
            on_result=lambda lines: surface.show_records(window_id, lines, ""),
            on_error=lambda error: surface.show_records(window_id, (), f"{error.message} {error.next_step}"),
            key="records",
        )

    def act(self, kind: ActKind, window_id: str, note: str) -> None:
        """Do to a window what was asked about, as whoever is logged in."""
        source, tr = self._source, self._tr

        def change() -> MaintenanceRecord:
            signed = Signature(source.ground().by, note)
            if kind is ActKind.SKIP:
                return source.skip(window_id, signed)
            return source.end(window_id, signed, whole=kind is ActKind.CALL_OFF)

        told = {
            ActKind.END: tr("{reason} is ended. What it covered is judged by its own signals again."),
            ActKind.SKIP: tr("The next occurrence of {reason} is left out."),
            ActKind.CALL_OFF: tr("{reason} is called off for good."),
        }[kind]
        self._background.run_change(
            change, on_result=lambda record: self._take_change(record, told), on_error=self._explain
        )

    def calendar(self, window_ids: Sequence[str]) -> bytes:
        """Windows as an iCalendar file; asked in a worker."""
        return self._source.calendar(window_ids)

    def _read(self, moment: Moment) -> Read[Page]:
        source, tr = self._source, self._tr
        return Read(
            work=lambda: read_board(source, moment, tr),
            on_result=lambda page: self._take(moment, page),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, page: Page) -> None:
        self._shown = moment
        self._surface.show_page(page)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None:
            self._surface.show_failed(PageMessage(error.message, error.next_step, self._tr("Try again")))
            return
        time = moment_words(self._shown.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))

    def _take_change(self, record: MaintenanceRecord, told: str) -> None:
        self._notify(told.format(reason=record.window.reason))
        if self._moment is not None:
            self._reads.follow(self._read(self._moment))
            self.read_records(record.window.id)

    def _explain(self, error: OperatorError) -> None:
        self._notify(f"{error.message} {error.next_step}".strip())


def read_board(source: BoardSource, moment: Moment, tr: Translate) -> Page:
    """Every window at a moment, read and put into words; runs in a worker."""
    board = source.board(moment)
    if board.windows:
        return board_state(board, moment, tr)
    if not moment.live:
        return PageMessage(
            tr("No maintenance had been planned by then"),
            tr("Here stands every window as it was recorded by this moment. L goes back to live."),
        )
    return PageMessage(
        tr("No maintenance is planned"),
        tr(
            "Here stands planned work, with what it covers and every record of it. What it covers shows in maintenance "
            "meanwhile, and the time does not count for availability."
        ),
        tr("Plan maintenance…"),
    )
