"""The partners' status pages (Statuspage v2): what they claim, which is less and later than what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from quarterdeck.demo.bank_clock import BankCalendar
from quarterdeck.demo.fault_book import FaultBook
from quarterdeck.demo.faults import MINUTE_MS, FaultSpan
from quarterdeck.demo.past import Maintenance, maintenance_of_day
from quarterdeck.demo.rhythms import DAY_MS
from quarterdeck.domain.instants import from_ms

_REMEMBERED_MS = DAY_MS
_HISTORY_DAYS = 90
_LISTED = 50
_AFTERMATH_MINUTES = 5
_DAYS_AHEAD = 8
_INDICATORS = ("none", "minor", "major", "critical")
_STATUSES = ("operational", "degraded_performance", "partial_outage", "major_outage")
_SUMMARIES = ("All Systems Operational", "Minor Service Outage", "Partial System Outage", "Major Service Outage")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StatusPage:
    """A partner's page: its path on the server, its title, and the components it lists."""

    partner: str
    title: str
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Admission:
    """What a partner admits of a fault of its own: after so many minutes, on which component, how bad (1 to 3)."""

    fault: str
    partner: str
    component: str
    title: str
    stages: tuple[tuple[int, int], ...]


PAGES = (
    StatusPage("payhub", "PayHub", ("Payments API", "Payouts", "Reporting")),
    StatusPage("tessera", "Tessera", ("Account data API", "Consent flow", "Marlow Bank", "Harrow Savings")),
    StatusPage("northgate", "Northgate", ("Core accounts", "Clearing", "Settlement file exchange")),
    StatusPage("carillon", "Carillon", ("SMS", "E-mail relay", "Push")),
)
_ADMISSIONS = (
    _Admission("payhub_outage", "payhub", "Payments API", "Elevated errors on payment submission", ((7, 1), (26, 2))),
    _Admission("slow_aggregation", "tessera", "Account data API", "Slow responses from some banks", ((45, 1),)),
    _Admission("institution_outage", "tessera", "Marlow Bank", "Marlow Bank does not answer", ((11, 2),)),
    _Admission("needless_alarm", "carillon", "SMS", "SMS delivery interrupted in some countries", ((0, 3),)),
)
_MESSAGES = (
    ("investigating", "We see elevated errors and are looking into it."),
    ("identified", "We found the cause and are working on a fix."),
)


@dataclass(frozen=True, slots=True)
class _Admitted:
    """An incident as the page shows it now."""

    admission: _Admission
    span: FaultSpan
    severity: int
    is_over: bool

    @property
    def resolved_ms(self) -> int | None:
        """When it leaves the page; None while the fault is there."""
        return None if self.span.to_ms is None else self.span.to_ms + _AFTERMATH_MINUTES * MINUTE_MS

    def is_resolved(self, now_ms: int) -> bool:
        """Whether it has left the page."""
        return self.resolved_ms is not None and now_ms > self.resolved_ms


class StatusPages:
    """Serves all pages, each below its partner's path. `now_ms` is the clock."""

    def __init__(self, calendar: BankCalendar, faults: FaultBook, now_ms: Callable[[], int]) -> None:
        self._calendar = calendar
        self._faults = faults
        self._now_ms = now_ms

    def app(self) -> Starlette:
        """`/{partner}/api/v2/summary.json` and the smaller answers of the same API."""
        return Starlette(
            routes=[
                Route("/{partner}/api/v2/summary.json", self._summary),
                Route("/{partner}/api/v2/incidents.json", self._past("incidents")),
                Route("/{partner}/api/v2/scheduled-maintenances.json", self._past("scheduled_maintenances")),
                Route("/{partner}/api/v2/status.json", self._part("status")),
                Route("/{partner}/api/v2/components.json", self._part("components")),
                Route("/{partner}/api/v2/incidents/unresolved.json", self._part("incidents")),
                Route("/{partner}/api/v2/scheduled-maintenances/active.json", self._part("scheduled_maintenances")),
            ]
        )

    async def _summary(self, request: Request) -> Response:
        page = _page_of(request)
        return JSONResponse(self.summary(page)) if page else _not_found()

    def _part(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            page = _page_of(request)
            if page is None:
                return _not_found()
            summary = self.summary(page)
            return JSONResponse({"page": summary["page"], name: summary[name]})

        return answer

    def _past(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            page = _page_of(request)
            return JSONResponse(self.history(page, name)) if page else _not_found()

        return answer

    def history(self, page: StatusPage, name: str) -> Json:
        """The newest incidents, or the maintenance, of ninety days, those that are over too."""
        now_ms = self._now_ms()
        if name == "incidents":
            admitted = sorted(self._told(page, now_ms), key=lambda one: one.span.from_ms, reverse=True)
            found = [_incident(one, now_ms) for one in admitted[:_LISTED]]
        else:
            found = [self._maintenance(window, now_ms, page) for window in self._all_windows(page, now_ms)]
        return {"page": self._head(page, now_ms), name: found}

    def summary(self, page: StatusPage) -> Json:
        """The whole page at this moment, in the shape of the API."""
        now_ms = self._now_ms()
        admitted = list(self._admitted(page, now_ms))
        windows = list(self._windows(page, now_ms))
        under_way = any(self._calendar.wall_at(window.from_ms) <= now_ms for window in windows)
        worst = max((one.severity for one in admitted), default=0)
        changed_ms = max((one.span.from_ms for one in admitted), default=now_ms // DAY_MS * DAY_MS)
        return {
            "page": self._head(page, changed_ms),
            "components": _components(page, admitted, is_under_maintenance=under_way),
            "incidents": [_incident(one, now_ms) for one in admitted],
            "scheduled_maintenances": [self._maintenance(window, now_ms, page) for window in windows],
            "status": {"indicator": _INDICATORS[worst], "description": _SUMMARIES[worst]},
        }

    def _head(self, page: StatusPage, changed_ms: int) -> Json:
        address = f"https://status.{page.partner}.example"
        head = {"id": f"page-{page.partner}", "name": page.title, "url": address}
        return {**head, "time_zone": "Etc/UTC", "updated_at": _stamp(changed_ms)}

    def _admitted(self, page: StatusPage, now_ms: int) -> Iterator[_Admitted]:
        """What the page shows as open."""
        for one in self._told(page, now_ms, _REMEMBERED_MS):
            if not one.is_resolved(now_ms):
                yield one

    def _told(self, page: StatusPage, now_ms: int, back_ms: int = _HISTORY_DAYS * DAY_MS) -> Iterator[_Admitted]:
        """All that the page has told of, by how bad it was called in the end."""
        spans = self._faults.spans(now_ms - back_ms, now_ms)
        for admission in _ADMISSIONS:
            if admission.partner != page.partner:
                continue
            for span in spans:
                severity = _severity(admission, span, now_ms) if span.name == admission.fault else 0
                if severity:
                    yield _Admitted(admission, span, severity, span.to_ms is not None and span.to_ms <= now_ms)

    def _windows(self, page: StatusPage, now_ms: int) -> Iterator[Maintenance]:
        """What is under way or announced."""
        yield from (one for one in self._all_windows(page, now_ms, 0) if self._calendar.wall_at(one.to_ms) > now_ms)

    def _all_windows(self, page: StatusPage, now_ms: int, back_days: int = _HISTORY_DAYS) -> Iterator[Maintenance]:
        today = self._calendar.calendar_at(now_ms) // DAY_MS
        for day in range(today - back_days, today + _DAYS_AHEAD):
            for window in maintenance_of_day(day):
                if window.partner_key == f"partner/{page.partner}":
                    yield window

    def _maintenance(self, window: Maintenance, now_ms: int, page: StatusPage) -> Json:
        from_ms_, to_ms_ = self._calendar.wall_at(window.from_ms), self._calendar.wall_at(window.to_ms)
        return {
            "id": f"maintenance-{window.from_ms}",
            "name": window.title,
            "status": "completed" if to_ms_ <= now_ms else "in_progress" if from_ms_ <= now_ms else "scheduled",
            "impact": "maintenance",
            "created_at": _stamp(from_ms_ - DAY_MS),
            "updated_at": _stamp(from_ms_ - DAY_MS),
            "scheduled_for": _stamp(from_ms_),
            "scheduled_until": _stamp(to_ms_),
            "components": [{"name": name, "status": "operational"} for name in page.components],
            "incident_updates": [],
        }


def _severity(admission: _Admission, span: FaultSpan, now_ms: int) -> int:
    """How bad it is called at last: it is admitted late, if it lasts so long."""
    until_ms = now_ms if span.to_ms is None else min(now_ms, span.to_ms)
    reached = [severity for minutes, severity in admission.stages if until_ms >= span.from_ms + minutes * MINUTE_MS]
    return max(reached, default=0)


def _components(page: StatusPage, admitted: Sequence[_Admitted], *, is_under_maintenance: bool) -> list[Json]:
    hurt = {one.admission.component: one.severity for one in admitted if not one.is_over}
    found: list[Json] = []
    for position, name in enumerate(page.components, 1):
        status = _STATUSES[hurt.get(name, 0)]
        if is_under_maintenance and status == "operational":
            status = "under_maintenance"
        found.append(
            {
                "id": f"{page.partner}-{position}",
                "name": name,
                "status": status,
                "position": position,
                "showcase": True,
                "group": False,
                "group_id": None,
                "only_show_if_degraded": False,
            }
        )
    return found


def _incident(one: _Admitted, now_ms: int) -> Json:
    updates = _updates(one, now_ms)
    return {
        "id": f"incident-{one.span.from_ms}",
        "name": one.admission.title,
        "status": updates[0]["status"],
        "impact": _INDICATORS[one.severity],
        "created_at": updates[-1]["created_at"],
        "updated_at": updates[0]["created_at"],
        "started_at": updates[-1]["created_at"],
        "resolved_at": _stamp(one.resolved_ms) if one.is_resolved(now_ms) and one.resolved_ms else None,
        "incident_updates": updates,
    }


def _updates(one: _Admitted, now_ms: int) -> list[Json]:
    """The messages under an incident, newest first: one for each step admitted, and two once it is over."""
    told = [
        (one.span.from_ms + minutes * MINUTE_MS, severity, status, body)
        for (minutes, severity), (status, body) in zip(one.admission.stages, _MESSAGES, strict=False)
        if severity <= one.severity
    ]
    if one.is_over and one.span.to_ms is not None:
        told.append((one.span.to_ms, 0, "monitoring", "A fix is in place. We are watching the results."))
    if one.is_resolved(now_ms) and one.resolved_ms is not None:
        told.append((one.resolved_ms, 0, "resolved", "This incident has been resolved."))
    return [_update(one.admission.component, *message) for message in reversed(told)]


def _update(component: str, at_ms: int, severity: int, status: str, body: str) -> Json:
    return {
        "id": f"update-{at_ms}",
        "status": status,
        "body": body,
        "created_at": _stamp(at_ms),
        "updated_at": _stamp(at_ms),
        "affected_components": [{"name": component, "new_status": _STATUSES[severity]}],
    }


def _page_of(request: Request) -> StatusPage | None:
    return next((page for page in PAGES if page.partner == request.path_params["partner"]), None)


def _not_found() -> Response:
    return JSONResponse({"error": "no such page"}, status_code=404)


def _stamp(at_ms: int) -> str:
    return from_ms(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
