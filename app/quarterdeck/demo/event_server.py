"""The bank's event feed over HTTP: CloudEvents, oldest first, by cursor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from quarterdeck.demo.business_cases import BankEvent
from quarterdeck.demo.business_events import BusinessEvents, EventPage, Place
from quarterdeck.domain.instants import from_ms, to_ms

SOURCE = "/demo-bank"
MAX_LIMIT = 2000
_USUAL_LIMIT = 500
_CURSOR_MARK = "~"

Json = dict[str, Any]


class EventServer:
    """Serves `/events?cursor=…&limit=…`; without a cursor from `since` on, else from the oldest event kept."""

    def __init__(self, events: BusinessEvents) -> None:
        self._events = events

    def app(self) -> Starlette:
        """The feed's server."""
        return Starlette(routes=[Route("/events", self._page)])

    async def _page(self, request: Request) -> Response:
        try:
            after = _place_of(request.query_params.get("cursor", ""), request.query_params.get("since", ""))
            limit = int(request.query_params.get("limit", _USUAL_LIMIT))
        except ValueError:
            return JSONResponse({"error": "cursor, since or limit cannot be read"}, status_code=400)
        page = self._events.page(after, min(max(1, limit), MAX_LIMIT))
        return JSONResponse(
            {
                "events": [cloud_event(event) for event in page.events],
                "cursor": _cursor_of(page),
                "has_more": page.has_more,
            }
        )


def cloud_event(event: BankEvent) -> Json:
    """An event in the JSON form of CloudEvents 1.0."""
    told: Json = {
        "specversion": "1.0",
        "id": event.event_id,
        "source": SOURCE,
        "type": event.type,
        "time": from_ms(event.at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "subject": event.entity_key,
        "datacontenttype": "application/json",
        "data": dict(event.facts),
    }
    return {**told, "correlationid": event.correlation_key} if event.correlation_key else told


def _cursor_of(page: EventPage) -> str:
    at_ms, event_id = page.place
    return f"{at_ms}{_CURSOR_MARK}{event_id}"


def _place_of(cursor: str, since: str) -> Place | None:
    if cursor:
        at_ms, _, event_id = cursor.partition(_CURSOR_MARK)
        return int(at_ms), event_id
    return (to_ms(datetime.fromisoformat(since)), "") if since else None
