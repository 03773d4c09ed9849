"""Which events tell a failure, and what they say of it: a message and a code, by the names that sources give them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quarterdeck.domain.events import Event
from quarterdeck.domain.facts import Facts

MESSAGE_NAMES = (
    "message",
    "error_message",
    "error.message",
    "msg",
    "error",
    "exception",
    "reason",
    "detail",
    "description",
    "summary",
)
"""Facts that hold a message, the first that is there."""
CODE_NAMES = ("status", "status_code", "code", "http_status", "error_code", "error.code", "response_code", "errno")
"""Facts that hold a code, the first that is there."""
LEVEL_NAMES = ("level", "severity", "log.level", "priority")
"""Facts that say how grave an event is."""
HINT_NAMES = (*CODE_NAMES, *LEVEL_NAMES, "error", "error_message", "error.message", "exception")
"""Without any of these facts only its type can make an event a failure."""

_GRAVE = frozenset({"error", "err", "critical", "crit", "fatal", "severe", "alert", "emerg", "emergency", "panic"})
_FAILED = frozenset(
    {
        *("aborted", "bounced", "crashed", "declined", "denied", "error", "errored", "exception", "failed", "failing"),
        *("failure", "refused", "rejected", "timeout", "timed_out", "unavailable", "undeliverable", "undelivered"),
        "unreachable",
    }
)
_WORDS = re.compile(r"[A-Za-z]+(?:_out)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HTTP_FAILURES = range(400, 600)
_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Failure:
    """What an event says of a failure: a message, as it came, and a code; either may be empty, not both."""

    message: str
    code: str


def failure_of(event: Event) -> Failure | None:
    """The failure that an event tells; None for one that tells none.

    It tells one when its level is error or worse, its code is an HTTP status from 400 on or a word of failure, its type
    has such a word, or it has an exception. Without a message the type stands for it.
    """
    facts = dict(event.facts)
    code = _first(event.facts, CODE_NAMES)
    level = _first(event.facts, LEVEL_NAMES).strip().casefold()
    is_one = level in _GRAVE or is_failure_type(event.type) or _is_failure_code(code) or bool(facts.get("exception"))
    if not is_one:
        return None
    return Failure(_first(event.facts, MESSAGE_NAMES) or event.type, code.strip()[:_LONGEST_CODE])


def is_failure_type(type_name: str) -> bool:
    """Whether the name of a type of events says that something failed: `payment.rejected`, `SubmitFailed`."""
    words = _WORDS.findall(_CAMEL.sub(" ", type_name))
    return any(word.casefold() in _FAILED for word in words)


def _is_failure_code(code: str) -> bool:
    text = code.strip()
    if text.isascii() and text.isdigit():
        return len(text) <= len("599") and int(text) in _HTTP_FAILURES
    return len(text) <= _LONGEST_CODE and is_failure_type(text)


def _first(facts: Facts, names: tuple[str, ...]) -> str:
    told = {name.casefold(): value for name, value in facts if value.strip()}
    return next((told[name] for name in names if name in told), "")
