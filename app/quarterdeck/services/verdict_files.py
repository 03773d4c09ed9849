"""The kinds of file that every verdict of a moment leaves the program as."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from quarterdeck.services.compliance_export import VerdictExport


class VerdictFormat(StrEnum):
    """As what verdicts are written."""

    CSV = "csv"
    XLSX = "xlsx"
    OSCAL_RESULTS = "oscal-results"
    OSCAL_POAM = "oscal-poam"

    @property
    def ending(self) -> str:
        """How the name of such a file ends; both kinds of OSCAL are JSON."""
        return f".{self.value}" if self in {VerdictFormat.CSV, VerdictFormat.XLSX} else ".json"


class VerdictWriter(Protocol):
    """Makes the bytes of a file, in any thread."""

    def __call__(self, export: VerdictExport, kind: VerdictFormat, /) -> bytes: ...
