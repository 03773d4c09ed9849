"""Which format a report has, found by looking; the reader of that format makes of it what the console keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from quarterdeck.connectors.scan_reports.cyclonedx import read_cyclonedx
from quarterdeck.connectors.scan_reports.documents import KNOWN
from quarterdeck.connectors.scan_reports.lynis import is_lynis, read_lynis
from quarterdeck.connectors.scan_reports.sarif import read_sarif
from quarterdeck.connectors.scan_reports.xccdf import read_xccdf
from quarterdeck.connectors.scan_reports.xml_elements import is_xml
from quarterdeck.domain.scan_reports import ScanReport
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.texts import one_line

_AGAIN = "Let the scanner write it again; it may have been cut off while it was written or copied."
_CHANGING = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|\d+(?:[-_.:T]?\d+)*Z?")
_MAX_SHOWN_CHARS = 160


def read_report(data: bytes, name: str, written_at: datetime) -> tuple[ScanReport, ...]:
    """Every run of a scanner that a report tells of; runs that do not say when they were are dated `written_at`.

    Raises UnexpectedReply naming the report when it is none of those that are read, or does not hold together.
    """
    shown = one_line(name, _MAX_SHOWN_CHARS)
    if not data.strip():
        raise UnexpectedReply(f"The report {shown} is empty.", _AGAIN)
    if is_lynis(data):
        return (read_lynis(data, scan_name(name), written_at),)
    if is_xml(data):
        return read_xccdf(data, shown, scan_name(name), written_at)
    document = _json(data, shown)
    if isinstance(document, dict) and "runs" in document:
        return read_sarif(cast("Mapping[str, Any]", document), shown, scan_name(name), written_at)
    if isinstance(document, dict) and cast("Mapping[str, Any]", document).get("bomFormat") == "CycloneDX":
        return (read_cyclonedx(cast("Mapping[str, Any]", document), shown, scan_name(name), written_at),)
    raise UnexpectedReply(f"{shown} is JSON, but none of the reports that are known.", KNOWN)


def scan_name(name: str) -> str:
    """The name of a report without what changes from run to run (dates, numbers, identifiers), to know it again."""
    return one_line(_CHANGING.sub("", name), _MAX_SHOWN_CHARS)


def _json(data: bytes, shown: str) -> object:
    if not data.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith((b"{", b"[")):
        raise UnexpectedReply(f"{shown} is none of the reports that are known.", KNOWN)
    try:
        return json.loads(data)
    except RecursionError as fault:
        message = f"The report {shown} is nested too deep."
        raise UnexpectedReply(message, "No scanner writes so; see where it comes from.") from fault
    except UnicodeDecodeError as fault:
        message = f"The report {shown} is not in UTF-8, UTF-16 or UTF-32."
        raise UnexpectedReply(message, "Let the scanner write it in UTF-8.") from fault
    except json.JSONDecodeError as fault:
        message = f"The report {shown} is not whole JSON: line {fault.lineno}, column {fault.colno}."
        raise UnexpectedReply(message, _AGAIN) from fault
    except ValueError as fault:
        raise UnexpectedReply(f"The report {shown} holds a number without end.", _AGAIN) from fault
