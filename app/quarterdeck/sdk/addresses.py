"""Addresses as people give them: judged before anything is sent, shown without what must not be shown.

httpx is imported where it is used: with its own command line it takes a sixth of a second that a window has not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.texts import one_line

if TYPE_CHECKING:
    import httpx

_MAX_SHOWN_CHARS = 120
_MAX_ADDRESS_CHARS = 2000
_MAX_PORT = 65535
_UNFIT_HOST = re.compile(r"^$|[\s%,;<>\"'\\^`{|}]|\.\.|^\.")


def http_address_problem(address: str) -> str:
    """Why a text is not an address that can be asked over HTTP, as a sentence; empty when it is one."""
    import httpx

    try:
        url = httpx.URL(address) if len(address) <= _MAX_ADDRESS_CHARS else None
    except (httpx.InvalidURL, UnicodeError, ValueError):
        url = None
    if url is None or _UNFIT_HOST.search(url.host) or not 0 < (url.port or 1) <= _MAX_PORT:
        return "This is not an address. Give one that starts with http:// or https://."
    if url.scheme not in {"http", "https"}:
        return "Only addresses that start with http:// or https:// can be asked."
    if url.userinfo:
        return "The address contains a user name or password. Put them in their own fields, where they are kept safe."
    return ""


def parse_http_address(address: str) -> httpx.URL:
    """The address to ask. Raises Misconfigured, without showing the address's credentials or query."""
    problem = http_address_problem(address)
    if problem:
        message = f"The address {shown_address(address)} cannot be asked."
        raise Misconfigured(message, problem)
    import httpx

    return httpx.URL(address)


def shown_address(address: str | httpx.URL) -> str:
    """An address fit for a message: without user, password, query and fragment, and not overly long.

    Whatever stands before the last `@` is left out, wherever that is: a password may hold any sign.
    """
    scheme, slashes, rest = str(address).partition("://")
    if not slashes:
        scheme, rest = "", scheme
    shown = rest.rpartition("@")[2].partition("#")[0].partition("?")[0]
    return one_line(f"{scheme}{slashes}{shown}", _MAX_SHOWN_CHARS)


def host_and_port(url: httpx.URL) -> str:
    """The host with its port where one is given, an IPv6 address in brackets."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return one_line(f"{host}:{url.port}" if url.port else host, _MAX_SHOWN_CHARS)
