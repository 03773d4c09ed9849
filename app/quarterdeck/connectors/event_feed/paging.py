"""How a source is asked for what is new, page after page, and where a connection stands between polls."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import httpx

from quarterdeck.connectors.event_feed.parse import Answer, at_path
from quarterdeck.domain.events import Event
from quarterdeck.sdk.addresses import http_address_problem, shown_address
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.http import HttpReply, same_origin

MAX_CURSOR_CHARS = 4000
_NEXT_LINK = re.compile(r'<([^<>]{1,4000})>\s*;[^,<>]{0,200}\brel="?next\b')

Mode = Literal["none", "field", "header", "next_link", "last_id", "last_time"]


@dataclass(frozen=True, slots=True)
class Paging:
    """How to page: the mode, where the cursor is told and in which parameter it is sent, and how large a page is."""

    mode: Mode
    address: str
    cursor_parameter: str
    cursor_field: str
    page_size_parameter: str
    page_size: int
    since_parameter: str
    first_hours: float

    @property
    def fingerprint(self) -> str:
        """Changes when a cursor of before would mean something else."""
        text = json.dumps([self.mode, self.address, self.cursor_parameter, self.cursor_field])
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]

    def request(self, position: str, now: datetime) -> tuple[str, dict[str, str | list[str]]]:
        """The address and the parameters that ask for what follows a position; an empty one asks from the beginning."""
        if self.mode == "next_link" and position:
            return position, {}
        parameters: dict[str, str | list[str]] = {}
        if self.page_size_parameter:
            parameters[self.page_size_parameter] = str(self.page_size)
        if position and self.cursor_parameter and self.mode != "none":
            parameters[self.cursor_parameter] = position
        elif not position and self.since_parameter:
            parameters[self.since_parameter] = (now - timedelta(hours=self.first_hours)).isoformat()
        return self.address, parameters

    def following(self, position: str, reply: HttpReply, answer: Answer, events: tuple[Event, ...]) -> str:
        """The position after a page; the same as before when the source does not move on. Raises UnexpectedReply."""
        told = ""
        if self.mode == "field":
            told = _cursor_text(at_path(answer.around, self.cursor_field))
        elif self.mode == "header":
            told = _cursor_text(reply.headers.get(self.cursor_field.lower()))
        elif self.mode == "next_link":
            told = self._next_address(reply, answer)
        elif self.mode in {"last_id", "last_time"} and events:
            newest = max(enumerate(events), key=lambda numbered: (numbered[1].occurred_at, numbered[0]))[1]
            told = newest.event_id if self.mode == "last_id" else newest.occurred_at.isoformat()
        return told or position

    def has_more(self, position: str, following: str, answer: Answer) -> bool:
        """Whether another page could be had at once."""
        if following == position or self.mode == "none":
            return False
        if answer.says_more is not None:
            return answer.says_more
        if self.mode in {"last_id", "last_time"}:
            return len(answer.events) >= self.page_size
        if self.mode == "next_link":
            return bool(answer.events)
        return bool(answer.events) and (not self.page_size_parameter or len(answer.events) >= self.page_size)

    def _next_address(self, reply: HttpReply, answer: Answer) -> str:
        told = _cursor_text(at_path(answer.around, self.cursor_field or "next"))
        if not told:
            link = _NEXT_LINK.search(reply.headers.get("link", ""))
            told = link[1] if link else ""
        if not told:
            return ""
        here = httpx.URL(self.address)
        try:
            there = here.join(told)
        except (httpx.InvalidURL, ValueError):
            there = None
        if there is None or http_address_problem(str(there)) or not same_origin(here, there):
            message = f"The next page it names, {shown_address(told)}, lies elsewhere and is not asked."
            raise UnexpectedReply(message, "Give the address by which the source calls itself.")
        return str(there)


def packed(paging: Paging, position: str) -> str:
    """A position as the connection's cursor."""
    return json.dumps([paging.fingerprint, position])


def unpacked(paging: Paging, cursor: str | None) -> str:
    """The position in a cursor; empty when there is none, or it was made under other settings."""
    try:
        found = json.loads(cursor or "")
    except ValueError:
        return ""
    match found:
        case [str(fingerprint), str(position)] if fingerprint == paging.fingerprint:
            return position
        case _:
            return ""


def _cursor_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    if len(text) > MAX_CURSOR_CHARS:
        message = f"Its cursor is longer than {MAX_CURSOR_CHARS:,} characters."
        raise UnexpectedReply(message, "Check where the cursor is told, in the settings.")
    return text
