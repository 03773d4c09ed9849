"""What a finding is called, so that it is known again in the next report of the same scan."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable

from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanFinding
from quarterdeck.sdk.texts import one_line

_ID_CHARS = 32
_MAX_TITLE_CHARS = 500
_MAX_PLACE_CHARS = 300


class FindingNames:
    """Names the findings of one report: the same content gets the same name, a second one alike a name of its own."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def name(self, marks: Iterable[str]) -> str:
        """The name of a finding that is told by these marks; 32 hexadecimal digits."""
        text = json.dumps(tuple(marks))
        self._seen[text] += 1
        return hashlib.sha256(f"{text}{self._seen[text]}".encode()).hexdigest()[:_ID_CHARS]


def plain_finding(
    name: str, rule: str, severity: Severity, title: str, *, place: str, help_address: str
) -> ScanFinding:
    """A finding whose texts are plain, on one line and bounded."""
    return ScanFinding(
        id=name,
        rule=one_line(rule, _MAX_PLACE_CHARS),
        severity=severity,
        title=one_line(title, _MAX_TITLE_CHARS),
        place=one_line(place, _MAX_PLACE_CHARS),
        help_address=one_line(help_address, _MAX_PLACE_CHARS),
    )
