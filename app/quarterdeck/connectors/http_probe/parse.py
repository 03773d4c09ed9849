"""Reading what a person wrote in the settings, and holding an answer against it.

Bodies are searched for plain text and JSON places only: a regular expression from a form can run for hours on a
hostile answer.
"""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass

from typing_extensions import override

from quarterdeck.sdk.texts import one_line

_RANGE = re.compile(r"([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?")
_HOST = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_SCHEMES = ("tcp://", "tls://", "ssl://")
_MAX_PORT = 65535
_MAX_HOST_CHARS = 253
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class HostPort:
    """A host and a port; IPv6 literals without brackets."""

    host: str
    port: int

    @override
    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class JsonRule:
    """A place in a JSON body (a JSON pointer, RFC 6901) and the value it must have, as written in JSON or as text."""

    pointer: str
    value: str


def parse_statuses(text: str) -> tuple[range, ...]:
    """Ranges of status codes from `200-299, 401`. Raises ValueError."""
    ranges: list[range] = []
    for part in text.split(","):
        found = _RANGE.fullmatch(part.strip())
        if not found:
            message = f"not a status code or range: {part.strip()!r}"
            raise ValueError(message)
        ranges.append(range(int(found[1]), int(found[2] or found[1]) + 1))
    return tuple(ranges)


def parse_host_port(text: str, default_port: int | None = None) -> HostPort:
    """`host:port`, `[::1]:443`, also with `tcp://` or `tls://` before it. Raises ValueError."""
    bare = text.strip()
    scheme = next((scheme for scheme in _SCHEMES if bare.lower().startswith(scheme)), "")
    bare = bare[len(scheme) :].rstrip("/")
    if bare.startswith("["):
        host, bracket, rest = bare[1:].partition("]")
        port = rest.removeprefix(":") if bracket else "none"
        ipaddress.IPv6Address(host)
    else:
        host, _, port = bare.rpartition(":") if ":" in bare else (bare, "", "")
        if not is_host(host):
            message = "not a host name or address"
            raise ValueError(message)
    number = int(port) if port.isascii() and port.isdigit() else (default_port if not port else None)
    if number is None or not 0 < number <= _MAX_PORT:
        message = "a port between 1 and 65535 is needed"
        raise ValueError(message)
    return HostPort(host, number)


def is_host(text: str) -> bool:
    """Whether a text can be a host name or an IPv4 address."""
    return len(text) <= _MAX_HOST_CHARS and _HOST.fullmatch(text) is not None


def parse_json_rules(text: str) -> tuple[JsonRule, ...]:
    """Rules from lines `/pointer = value`. Raises ValueError naming the line."""
    rules: list[JsonRule] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        pointer, equals, value = line.partition("=")
        if not equals or not pointer.strip().startswith("/"):
            message = f"line {number} is not written as /place = value"
            raise ValueError(message)
        rules.append(JsonRule(pointer.strip(), value.strip()))
    return tuple(rules)


def body_fault(body: str, contains: str, lacks: str, rules: tuple[JsonRule, ...]) -> str:
    """What is wrong with a body, as half a sentence; empty when nothing is."""
    if contains and contains not in body:
        return f"the answer does not contain “{one_line(contains, _SHOWN_CHARS)}”"
    if lacks and lacks in body:
        return f"the answer contains “{one_line(lacks, _SHOWN_CHARS)}”"
    return _json_fault(body, rules) if rules else ""


def _json_fault(body: str, rules: tuple[JsonRule, ...]) -> str:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "the answer is not JSON"
    for rule in rules:
        try:
            found = _at(document, rule.pointer)
        except LookupError:
            return f"the answer has nothing at {one_line(rule.pointer, _SHOWN_CHARS)}"
        if not _is_value(found, rule.value):
            shown = one_line(_written(found), _SHOWN_CHARS)
            return f"{one_line(rule.pointer, _SHOWN_CHARS)} is {shown}, not {one_line(rule.value, _SHOWN_CHARS)}"
    return ""


def _at(document: object, pointer: str) -> object:
    found = document
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found[key]  # pyright: ignore[reportUnknownVariableType] - whatever the JSON holds
        elif isinstance(found, list) and key.isascii() and key.isdigit() and len(key) < 10:  # noqa: PLR2004 - no list is that long
            found = found[int(key)]  # pyright: ignore[reportUnknownVariableType] - whatever the JSON holds
        else:
            raise KeyError(key)
    return found  # pyright: ignore[reportUnknownVariableType] - whatever the JSON holds


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_value(found: object, wanted: str) -> bool:
    if isinstance(found, str):
        return found in {wanted, wanted.removeprefix('"').removesuffix('"')}
    if isinstance(found, int | float) and not isinstance(found, bool):
        try:
            return float(found) == float(wanted)
        except (ValueError, OverflowError):
            return False
    return _written(found) == wanted
