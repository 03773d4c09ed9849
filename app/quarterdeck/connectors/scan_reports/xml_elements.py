"""Hostile XML refused, and the rest handed over element by element: nothing is kept that nobody asked for.

A document type is what entity bombs and references to other files are made with. No report has one, so it is refused
unread; depth and the number of elements are bounded, because a report of a few megabytes may hold millions of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from quarterdeck.connectors.scan_reports.documents import KNOWN
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.texts import one_line

MAX_DEPTH = 200
MAX_ELEMENTS = 3_000_000
_ODD = "No scanner writes so; see where it comes from."
_CUT = "Let the scanner write it again; it may have been cut off while it was written or copied."


class Listener(Protocol):
    """Who is told of the elements; tags are `{namespace}name`."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        ...

    def data(self, text: str) -> None:
        """A piece of text of the element that began last and has not ended."""
        ...

    def end(self) -> None:
        """The element that began last and has not ended ends."""
        ...


def is_xml(data: bytes) -> bool:
    """Whether a report begins as XML does, in any encoding."""
    return data.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def hear_elements(data: bytes, listener: Listener, shown: str) -> None:
    """Tell a listener of a document's elements, in their order.

    Raises UnexpectedReply naming the report where it is not well formed, or made to do harm; what the listener raises
    passes through.
    """
    bounded = _Bounded(listener, shown)
    parser = DefusedXMLParser(target=bounded, forbid_dtd=True)
    try:
        # In one piece: fed in many, a token of megabytes is looked at again with each of them.
        parser.feed(data)
        parser.close()
    except DefusedXmlException as fault:
        message = f"{shown} is none of the reports that are known: it declares a document type or entities."
        raise UnexpectedReply(message, _ODD) from fault
    except ParseError as fault:
        if not bounded.count:
            raise UnexpectedReply(f"{shown} is none of the reports that are known.", KNOWN) from fault
        line, column = fault.position
        message = f"The report {shown} is not whole XML: line {line}, column {column + 1}."
        raise UnexpectedReply(message, _CUT) from fault
    except (LookupError, ValueError) as fault:
        message = f"The report {shown} is in an encoding that is not read: {one_line(fault, 120)}."
        raise UnexpectedReply(message, "Let the scanner write it in UTF-8.") from fault


class _Bounded:
    """Passes on what a parser tells while it stays within the bounds."""

    def __init__(self, listener: Listener, shown: str) -> None:
        self._listener = listener
        self._shown = shown
        self._depth = 0
        self.count = 0
        self.data = listener.data

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self.count += 1
        if self._depth > MAX_DEPTH:
            raise UnexpectedReply(f"The report {self._shown} is nested too deep.", _ODD)
        if self.count > MAX_ELEMENTS:
            raise UnexpectedReply(f"The report {self._shown} holds more than {MAX_ELEMENTS:,} elements.", _ODD)
        self._listener.start(tag, attributes)

    def end(self, _tag: str) -> None:
        self._depth -= 1
        self._listener.end()

    def close(self) -> None:
        """Nothing was built, so nothing is returned."""
