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
    StatusPage("tessera", "Tessera", ("Account data API", "Consent flow")),
    StatusPage("northgate", "Northgate", ("Core accounts", "Clearing", "Settlement file exchange")),
    StatusPage("carillon", "Carillon", ("SMS", "E-mail relay", "Push")),
)
_ADMISSIONS = (
    _Admission("payhub_outage", "payhub", "Payments API", "Elevated errors on payment submission", ((7, 1), (26, 2))),
    _Admission("slow_aggregation", "tessera", "Account data API", "Slow responses from some banks", ((45, 1),)),
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

    def summary(self, page: StatusPage) -> Json:
        """The whole page at this moment, in the shape of the API."""
        now_ms = self._now_ms()
        admitted = list(self._admitted(page, now_ms))
        windows = list(self._windows(page, now_ms))
        under_way = any(self._calendar.wall_at(window.from_ms) <= now_ms for window in windows)
        worst = max((one.severity for one in admitted), default=0)
        changed_ms = max((one.span.from_ms for one in admitted), default=now_ms // DAY_MS * DAY_MS)
        head: Json = {"id": f"page-{page.partner}", "name": page.title, "url": f"https://status.{page.partner}.example"}
        return {
            "page": {**head, "time_zone": "Etc/UTC", "updated_at": _stamp(changed_ms)},
            "components": _components(page, admitted, is_under_maintenance=under_way),
            "incidents": [_incident(one) for one in admitted],
            "scheduled_maintenances": [self._maintenance(window, now_ms) for window in windows],
            "status": {"indicator": _INDICATORS[worst], "description": _SUMMARIES[worst]},
        }

    def _admitted(self, page: StatusPage, now_ms: int) -> Iterator[_Admitted]:
        spans = self._faults.spans(now_ms - _REMEMBERED_MS, now_ms)
        for admission in _ADMISSIONS:
            if admission.partner != page.partner:
                continue
            for span in spans:
                severity = _severity(admission, span, now_ms) if span.name == admission.fault else 0
                if severity:
                    yield _Admitted(admission, span, severity, span.to_ms is not None and span.to_ms <= now_ms)

    def _windows(self, page: StatusPage, now_ms: int) -> Iterator[Maintenance]:
        today = self._calendar.calendar_at(now_ms) // DAY_MS
        for day in range(today, today + _DAYS_AHEAD):
            for window in maintenance_of_day(day):
                is_own = window.partner_key == f"partner/{page.partner}"
                if is_own and self._calendar.wall_at(window.to_ms) > now_ms:
                    yield window

    def _maintenance(self, window: Maintenance, now_ms: int) -> Json:
        from_ms_, to_ms_ = self._calendar.wall_at(window.from_ms), self._calendar.wall_at(window.to_ms)
        return {
            "id": f"maintenance-{window.from_ms}",
            "name": window.title,
            "status": "in_progress" if from_ms_ <= now_ms else "scheduled",
            "impact": "maintenance",
            "created_at": _stamp(from_ms_ - DAY_MS),
            "updated_at": _stamp(from_ms_ - DAY_MS),
            "scheduled_for": _stamp(from_ms_),
            "scheduled_until": _stamp(to_ms_),
            "incident_updates": [],
        }


def _severity(admission: _Admission, span: FaultSpan, now_ms: int) -> int:
    """How bad it is called now: it is admitted late, and stays on the page a while after its end."""
    until_ms = now_ms if span.to_ms is None else min(now_ms, span.to_ms)
    if span.to_ms is not None and now_ms > span.to_ms + _AFTERMATH_MINUTES * MINUTE_MS:
        return 0
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


def _incident(one: _Admitted) -> Json:
    updates = _updates(one)
    return {
        "id": f"incident-{one.span.from_ms}",
        "name": one.admission.title,
        "status": updates[0]["status"],
        "impact": _INDICATORS[one.severity],
        "created_at": updates[-1]["created_at"],
        "updated_at": updates[0]["created_at"],
        "started_at": updates[-1]["created_at"],
        "resolved_at": None,
        "incident_updates": updates,
    }


def _updates(one: _Admitted) -> list[Json]:
    """The messages under an incident, newest first: one for each step admitted, and one once it is over."""
    told = [
        (one.span.from_ms + minutes * MINUTE_MS, status, body)
        for (minutes, severity), (status, body) in zip(one.admission.stages, _MESSAGES, strict=False)
        if severity <= one.severity
    ]
    if one.is_over and one.span.to_ms is not None:
        told.append((one.span.to_ms, "monitoring", "A fix is in place. We are watching the results."))
    return [
        {
            "id": f"update-{at_ms}",
            "status": status,
            "body": body,
            "created_at": _stamp(at_ms),
            "updated_at": _stamp(at_ms),
        }
        for at_ms, status, body in reversed(told)
    ]


def _page_of(request: Request) -> StatusPage | None:
    return next((page for page in PAGES if page.partner == request.path_params["partner"]), None)


def _not_found() -> Response:
    return JSONResponse({"error": "no such page"}, status_code=404)


def _stamp(at_ms: int) -> str:
    return from_ms(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
