"""The kinds of file that a calendar of what expires leaves the console as."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from quarterdeck.services.expiry_calendar import ExpiryCalendar


class ExpiryFormat(StrEnum):
    """A kind of file, by the ending of its name."""

    CSV = ".csv"
    ICS = ".ics"


class ExpiryWriter(Protocol):
    """Makes the bytes of a file, in any thread."""

    def __call__(self, calendar: ExpiryCalendar, kind: ExpiryFormat, /) -> bytes: ...
