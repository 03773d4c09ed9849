"""From an answer to the raw events in it, whichever of the usual forms it has.

JSON arrays, objects that hold a list, JSON lines, and the forms of CloudEvents 1.0: one event, a batch, one a line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.http import HttpReply

MAX_EVENTS = 20_000
LIST_FIELDS = ("events", "items", "data", "results", "records", "entries")
MORE_FIELDS = ("has_more", "hasMore", "more")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One page as it came: raw events in the source's order, the object around them, and what could not be read."""

    events: tuple[Json, ...]
    around: Json
    unreadable: int
    form: str

    @property
    def says_more(self) -> bool | None:
        """Whether the source says that there is more; None when it says nothing."""
        return next(
            (bool(self.around[field]) for field in MORE_FIELDS if isinstance(self.around.get(field), bool)), None
        )


def read_answer(reply: HttpReply, list_field: str = "") -> Answer:
    """The raw events of a good reply. Raises UnexpectedReply when it holds none of the known forms."""
    text = reply.text().lstrip("\ufeff").strip()
    if not text:
        return Answer((), {}, 0, "an empty answer")
    try:
        document = json.loads(text)
    except RecursionError as fault:
        message = f"It answered with {reply.body_words()} that is nested too deep."
        raise UnexpectedReply(message, "See what the source puts into its events.") from fault
    except ValueError:
        return _lines(text, reply)
    return _document(document, reply, list_field)


def at_path(value: object, path: str) -> object:
    """What stands at a dotted path in JSON, None when nothing does."""
    found = value
    for step in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = cast("Json", found).get(step)
    return found


def _document(document: object, reply: HttpReply, list_field: str) -> Answer:
    if isinstance(document, list):
        return _listed(cast("Sequence[object]", document), {}, "a JSON list")
    if not isinstance(document, dict):
        message = f"It answered with {reply.body_words()} that holds no events."
        raise UnexpectedReply(message, "Check the address.")
    around = cast("Json", document)
    if list_field:
        named = at_path(around, list_field)
        if isinstance(named, list):
            return _listed(cast("Sequence[object]", named), around, "JSON")
        message = f"Its answer has no list at {list_field}."
        raise UnexpectedReply(message, "Check the field of the list in the settings.")
    if "specversion" in around:
        return _listed([around], {}, "one CloudEvent")
    found = next((around[field] for field in LIST_FIELDS if isinstance(around.get(field), list)), None)
    if found is None:
        message = "Its answer is JSON, but no list of events is in it."
        raise UnexpectedReply(message, "Say in the settings in which field the list is.")
    return _listed(found, around, "JSON")


def _lines(text: str, reply: HttpReply) -> Answer:
    """JSON lines, if most lines are JSON; a line that is not counts as unreadable."""
    events: list[object] = []
    unreadable = 0
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            events.append(json.loads(line))
        except (ValueError, RecursionError):
            unreadable += 1
        if len(events) > MAX_EVENTS or unreadable > max(10, len(events)):
            break
    if not events or unreadable > len(events):
        message = f"It answered with {reply.body_words()}, not with events."
        raise UnexpectedReply(message, "The address may be that of a page for people.")
    listed = _listed(events, {}, "JSON lines")
    return Answer(listed.events, {}, listed.unreadable + unreadable, listed.form)


def _listed(found: Sequence[object], around: Json, form: str) -> Answer:
    if len(found) > MAX_EVENTS:
        message = f"It sends more than {MAX_EVENTS:,} events at once."
        raise UnexpectedReply(message, "Ask for smaller pages in the settings.")
    events = tuple(cast("Json", one) for one in found if isinstance(one, dict))
    is_cloud = bool(events) and all("specversion" in event for event in events)
    return Answer(events, around, len(found) - len(events), "CloudEvents" if is_cloud else form)
