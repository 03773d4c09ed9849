"""One HTTP client for all connectors, with every limit a hostile or broken server makes necessary.

No proxy or credentials from the environment, redirects only within the origin, the whole exchange bounded in time,
the body bounded in size before and after decompression. Reasons: a redirect resends custom headers, a byte every
0.4 s never trips a read timeout, and a small gzip body can unpack to gigabytes.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self, cast

import httpx

from quarterdeck.sdk.addresses import host_and_port, http_address_problem, parse_http_address, shown_address
from quarterdeck.sdk.errors import ConnectorError, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.http_faults import explain_http_error, refuse_bad_status, status_words
from quarterdeck.sdk.texts import one_line, size_words
from quarterdeck.sdk.tls import TlsPolicy

DEFAULT_MAX_BYTES = 16 * 1024 * 1024
DEFAULT_DEADLINE_SECONDS = 10.0
MAX_REDIRECTS = 5
_GZIP = 16 + zlib.MAX_WBITS
_UNPACK_STEP_BYTES = 256 * 1024
_PIECES_PER_TURN = 32
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD = frozenset({307, 308})
_DEFAULT_HEADERS = {"accept": "*/*", "accept-encoding": "gzip", "user-agent": "Quarterdeck"}

Trace = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""Told of each step of an exchange by its name (`connection.connect_tcp.complete`, …) and what belongs to it."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A complete reply: status code, headers with lower-case names, decoded body, and the address that gave it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower-case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def status_words(self) -> str:
        """The status code with its name: `HTTP 503 Service Unavailable`."""
        return status_words(self.status)

    def text(self) -> str:
        """The body as UTF-8 text; undecodable bytes become the replacement character."""
        return self.body.decode("utf-8", "replace")

    def body_words(self) -> str:
        """What the body is, for a message: `a web page (text/html, 4 kB)`."""
        size = size_words(len(self.body))
        kind = one_line(self.content_type, 60)
        if not self.body:
            return "nothing (an empty body)"
        start = self.body[:200].lstrip().lower()
        if kind == "text/html" or start.startswith((b"<!doctype html", b"<html")):
            return f"a web page ({kind or 'no type given'}, {size})"
        return f"{kind or 'data of no given type'} ({size})"

    def refuse_bad_status(self) -> None:
        """Raise Denied for 401 and 403, UnexpectedReply for everything else outside 200 to 299."""
        url = httpx.URL(self.url)
        refuse_bad_status(self.status, host_and_port(url), url.path)


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Bounds of one exchange: seconds from the first byte sent to the last received, and bytes of body."""

    deadline_seconds: float = DEFAULT_DEADLINE_SECONDS
    max_bytes: int = DEFAULT_MAX_BYTES


@dataclass(frozen=True, slots=True)
class Wire:
    """How one exchange goes over the network, for those who measure it.

    `ip` connects to this address while the request still names the host; `trace` is told of every step; without
    `follow` a redirect is the reply.
    """

    ip: str = ""
    trace: Trace | None = None
    follow: bool = True


class HttpFactory(Protocol):
    """Makes a client with the console's limits; `tls` says how certificates are judged."""

    def __call__(self, *, tls: TlsPolicy | None = None) -> BoundedHttp: ...


class HttpClients:
    """The HttpFactory of a running program; reading the machine's authorities takes 40 ms, so it is done once."""

    def __init__(self) -> None:
        self._system_context: ssl.SSLContext | None = None

    def __call__(self, *, tls: TlsPolicy | None = None) -> BoundedHttp:
        """A client; use it as an async context manager."""
        return BoundedHttp(tls=tls, contexts=self._context)

    def _context(self, policy: TlsPolicy) -> ssl.SSLContext:
        if policy != TlsPolicy():
            return policy.context()
        if self._system_context is None:
            self._system_context = policy.context()
        return self._system_context


@dataclass(slots=True)
class _Transports:
    """Made when first needed: most sources speak plain HTTP and never pay for a TLS context."""

    fixed: httpx.AsyncBaseTransport | None
    tls_context: Callable[[], ssl.SSLContext]
    made: dict[str, httpx.AsyncBaseTransport] = field(default_factory=dict[str, httpx.AsyncBaseTransport])

    def for_scheme(self, scheme: str) -> httpx.AsyncBaseTransport:
        if self.fixed:
            return self.fixed
        if scheme not in self.made:
            context = self.tls_context() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self.made[scheme] = httpx.AsyncHTTPTransport(verify=context, trust_env=False)
        return self.made[scheme]

    async def aclose(self) -> None:
        for transport in self.made.values():
            await transport.aclose()


class BoundedHttp:
    """An HTTP client that cannot be held, flooded or led astray. Use it as an async context manager."""

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        tls: TlsPolicy | None = None,
        limits: HttpLimits | None = None,
        contexts: Callable[[TlsPolicy], ssl.SSLContext] = TlsPolicy.context,
    ) -> None:
        policy = tls or TlsPolicy()
        self._limits = limits or HttpLimits()
        self._transports = _Transports(transport, lambda: contexts(policy))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transports.aclose()

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        limits: HttpLimits | None = None,
    ) -> HttpReply:
        """GET an address. Raises Unreachable, UnexpectedReply or Misconfigured; any status code is a reply."""
        return await self.send("GET", url, params=params, headers=headers, limits=limits)

    async def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        limits: HttpLimits | None = None,
        wire: Wire | None = None,
    ) -> HttpReply:
        """Send a request, with a form body if given, and read the whole reply within the limits.

        Raises Unreachable, UnexpectedReply or Misconfigured; any status code is a reply.
        """
        bounds = limits or self._limits
        address = parse_http_address(url)
        if params:
            address = address.copy_merge_params(dict(params))
        request = _request(method, address, headers or {}, form)
        host = host_and_port(address)
        try:
            async with asyncio.timeout(bounds.deadline_seconds):
                return await self._exchange(request, bounds, wire or Wire())
        except TimeoutError as fault:
            message = f"{host} did not finish its answer within {bounds.deadline_seconds:g} s."
            raise Unreachable(message, "See whether it is overloaded, or allow it more time.") from fault

    async def _exchange(self, request: httpx.Request, bounds: HttpLimits, wire: Wire) -> HttpReply:
        for _ in range(MAX_REDIRECTS + 1):
            reply = await self._one(request, bounds, wire)
            if not wire.follow or not is_redirect(reply):
                return reply
            request = _following(request, reply)
        message = f"{host_and_port(request.url)} redirects in circles."
        raise UnexpectedReply(message, "Give the final address.")

    async def _one(self, request: httpx.Request, bounds: HttpLimits, wire: Wire) -> HttpReply:
        host = host_and_port(request.url)
        socket = _Socket(wire.trace)
        try:
            transport = self._transports.for_scheme(request.url.scheme)
            response = await socket.guarded(transport.handle_async_request(_over(request, bounds, wire, socket.trace)))
            try:
                body = await _read_bounded(response, request, bounds.max_bytes)
            finally:
                await response.aclose()
        except ConnectorError:
            raise
        except httpx.LocalProtocolError as fault:
            raise explain_http_error(fault, host) from None  # its text would show the header, which may be a secret
        except (httpx.HTTPError, OSError, UnicodeError) as fault:
            raise explain_http_error(fault, host) from fault
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpReply(response.status_code, headers, body, str(request.url))


def is_redirect(reply: HttpReply) -> bool:
    """Whether a reply sends the client elsewhere."""
    return reply.status in _REDIRECTS and "location" in reply.headers


def redirect_target(reply: HttpReply) -> httpx.URL:
    """Where a redirect leads. Raises UnexpectedReply when that is no address or not one of http or https."""
    here = httpx.URL(reply.url)
    try:
        there = here.join(reply.headers.get("location", ""))
    except (httpx.InvalidURL, UnicodeError, ValueError) as fault:
        message = f"{host_and_port(here)} redirects to something that is not an address."
        raise UnexpectedReply(message, "Give the final address.") from fault
    if http_address_problem(str(there)):
        message = f"{host_and_port(here)} redirects to {shown_address(there)}, which is not followed."
        raise UnexpectedReply(message, "Give the final address.")
    return there


def same_origin(here: httpx.URL, there: httpx.URL) -> bool:
    """Whether credentials for one address may go to the other: same scheme, host and port, or its step up to https."""
    if here.host != there.host:
        return False
    upgrade = here.scheme == "http" and there.scheme == "https" and here.port is None and there.port is None
    return upgrade or (here.scheme == there.scheme and here.port == there.port)


def _request(method: str, url: httpx.URL, headers: Mapping[str, str], form: Mapping[str, str] | None) -> httpx.Request:
    try:
        return httpx.Request(method, url, headers=_DEFAULT_HEADERS | dict(headers), data=form)
    except UnicodeError:
        message = f"{host_and_port(url)} was not asked: a token or header has characters that cannot be sent."
        raise Misconfigured(message, "Check it for letters with accents and for other signs.") from None


class _Socket:
    """Closes the bare connection when the exchange ends before it began: httpcore 1.0 forgets it in that case.

    Its `start_tls` closes the stream on errors, but not when it is cancelled during the handshake.
    """

    def __init__(self, trace: Trace | None) -> None:
        self._trace = trace
        self._stream: Any = None

    async def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Keep the bare stream; pass everything on."""
        if name == "connection.connect_tcp.complete":
            self._stream = info.get("return_value")
        if self._trace:
            await self._trace(name, info)

    async def guarded(self, answer: Awaitable[httpx.Response]) -> httpx.Response:
        """The answer; whatever prevents it also closes the connection."""
        try:
            return await answer
        except BaseException:
            if self._stream is not None:
                await self._stream.aclose()
            raise


def _over(request: httpx.Request, bounds: HttpLimits, wire: Wire, trace: Trace) -> httpx.Request:
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), bounds.deadline_seconds)
    extensions: dict[str, Any] = {"timeout": timeouts, "trace": trace}
    url = request.url
    if wire.ip:
        extensions["sni_hostname"] = request.url.host
        url = url.copy_with(host=wire.ip)
    return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)


def _following(request: httpx.Request, reply: HttpReply) -> httpx.Request:
    here, there = request.url, redirect_target(reply)
    if not same_origin(here, there):
        message = f"{host_and_port(here)} redirects to {there.scheme}://{host_and_port(there)}, another place."
        raise UnexpectedReply(message, "If that is right, give that address in the settings.")
    headers = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
    if reply.status in _KEEPS_METHOD:
        return httpx.Request(request.method, there, headers=headers, content=request.content)
    method = "HEAD" if request.method == "HEAD" else "GET"
    return httpx.Request(method, there, headers=headers)


async def _read_bounded(response: httpx.Response, request: httpx.Request, max_bytes: int) -> bytes:
    host = host_and_port(request.url)
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip"}:
        message = f"{host} answers in the encoding {one_line(encoding, 40)}, which was not asked for."
        raise UnexpectedReply(message, "Turn off that encoding at the source.")
    body = _Body(host, max_bytes, packed="gzip" in encoding)
    if request.method != "HEAD":
        body.refuse_announced(response.headers.get("content-length", ""))
    pieces = 0
    async for piece in cast("httpx.AsyncByteStream", response.stream):
        body.add(piece)
        pieces += 1
        if pieces % _PIECES_PER_TURN == 0:
            await asyncio.sleep(0)  # a flood of tiny pieces must not keep the other connections waiting
    return body.whole()


class _Body:
    """A body as it grows, unpacked if need be, refused as soon as it is too large either way."""

    def __init__(self, host: str, max_bytes: int, *, packed: bool) -> None:
        self._host = host
        self._max_bytes = max_bytes
        self._packed = packed
        self._unpack = zlib.decompressobj(_GZIP)
        self._received_bytes = 0
        self._body = bytearray()

    def refuse_announced(self, length: str) -> None:
        """Raise when the length the reply announces is already too much."""
        if length.isascii() and length.isdigit() and len(length) < 20 and int(length) > self._max_bytes:  # noqa: PLR2004 - beyond any real length
            raise self._too_much()

    def add(self, piece: bytes) -> None:
        """Take in a received piece."""
        self._received_bytes += len(piece)
        if self._packed:
            self._add_packed(piece)
        else:
            self._body += piece
        if max(self._received_bytes, len(self._body)) > self._max_bytes:
            raise self._too_much()

    def whole(self) -> bytes:
        """The complete body; raises when a packed one was cut."""
        if self._packed and self._received_bytes and not self._unpack.eof:
            message = f"{self._host} cut its answer short."
            raise UnexpectedReply(message, "Try again; if it stays, look at the source's log.")
        return bytes(self._body)

    def _add_packed(self, piece: bytes) -> None:
        try:
            while len(self._body) <= self._max_bytes:
                chunk = self._unpack.decompress(piece, _UNPACK_STEP_BYTES)
                self._body += chunk
                piece = self._unpack.unused_data if self._unpack.eof else self._unpack.unconsumed_tail
                if self._unpack.eof and piece:
                    self._unpack = zlib.decompressobj(_GZIP)  # a further member of the same file
                elif not piece and len(chunk) < _UNPACK_STEP_BYTES:
                    return
        except zlib.error as fault:
            message = f"{self._host} says its answer is compressed, but it cannot be unpacked."
            raise UnexpectedReply(message, "See what stands between this machine and the source.") from fault

    def _too_much(self) -> UnexpectedReply:
        message = f"{self._host} sends more than {size_words(self._max_bytes)}; the rest was not read."
        return UnexpectedReply(message, "Narrow what is asked for, or raise the limit.")
