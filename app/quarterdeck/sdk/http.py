"""One HTTP client for all connectors, with every limit a hostile or broken server makes necessary.

No proxy or credentials from the environment, redirects only within the origin, the whole exchange bounded in time,
the body bounded in size before and after decompression. Reasons: a redirect resends custom headers, a byte every
0.4 s never trips a read timeout, and a small gzip body can unpack to gigabytes.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from quarterdeck.sdk.errors import ConnectorError, Misconfigured, UnexpectedReply, Unreachable

DEFAULT_MAX_BYTES = 16 * 1024 * 1024
DEFAULT_DEADLINE_SECONDS = 10.0
MAX_REDIRECTS = 5
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


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

    def text(self) -> str:
        """The body as UTF-8 text; undecodable bytes become the replacement character."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Bounds of one exchange: seconds from the first byte sent to the last received, and bytes of body."""

    deadline_seconds: float = DEFAULT_DEADLINE_SECONDS
    max_bytes: int = DEFAULT_MAX_BYTES


class BoundedHttp:
    """An HTTP client that cannot be held, flooded or led astray. Use it as an async context manager."""

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: ssl.SSLContext | bool = True,
        limits: HttpLimits | None = None,
    ) -> None:
        self._limits = limits or HttpLimits()
        self._client = httpx.AsyncClient(
            transport=transport,
            verify=verify,
            trust_env=False,
            follow_redirects=False,
            timeout=DEFAULT_DEADLINE_SECONDS,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

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
    ) -> HttpReply:
        """Send a request, with a form body if given, and read the whole reply within the limits."""
        bounds = limits or self._limits
        try:
            request = self._client.build_request(
                method,
                url,
                params=httpx.QueryParams(params) if params else None,
                headers=headers,
                data=form,
                timeout=bounds.deadline_seconds,
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as fault:
            message = f"The address {url} is not one that can be asked."
            raise Misconfigured(message, "Give an address that starts with http:// or https://.") from fault
        try:
            return await asyncio.wait_for(self._exchange(request, bounds), bounds.deadline_seconds)
        except TimeoutError as fault:
            message = f"{_host(request)} did not finish its answer within {bounds.deadline_seconds:g} s."
            raise Unreachable(message, "See whether it is overloaded, or allow it more time.") from fault

    async def _exchange(self, request: httpx.Request, bounds: HttpLimits) -> HttpReply:
        for _ in range(MAX_REDIRECTS + 1):
            reply, following = await self._one(request, bounds)
            if following is None:
                return reply
            _refuse_other_origin(request, following)
            request = following
        message = f"{_host(request)} redirects in circles."
        raise UnexpectedReply(message, "Give the final address.")

    async def _one(self, request: httpx.Request, bounds: HttpLimits) -> tuple[HttpReply, httpx.Request | None]:
        try:
            response = await self._client.send(request, stream=True)
            try:
                following = response.next_request
                body = b"" if following else await _read_bounded(response, bounds.max_bytes)
            finally:
                await response.aclose()
        except httpx.HTTPError as fault:
            raise explain_http_error(fault, _host(request)) from fault
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpReply(response.status_code, headers, body, str(request.url)), following


async def _read_bounded(response: httpx.Response, max_bytes: int) -> bytes:
    host = response.request.url.host
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "deflate", "x-gzip"}:
        message = f"{host} answers in the encoding {encoding[:40]}, which was not asked for."
        raise UnexpectedReply(message, "Turn off that encoding at the source.")
    unpack = None if encoding in {"identity", ""} else zlib.decompressobj(_GZIP_OR_ZLIB)
    body = bytearray()
    async for piece in response.aiter_raw():
        try:
            body += unpack.decompress(piece, max_bytes + 1 - len(body)) if unpack else piece
        except zlib.error as fault:
            message = f"{host} says its answer is compressed, but it cannot be unpacked."
            raise UnexpectedReply(message, "See what stands between this machine and the source.") from fault
        if len(body) > max_bytes:
            message = f"{host} sends more than {max_bytes / 1e6:.0f} MB; the rest was not read."
            raise UnexpectedReply(message, "Narrow what is asked for, or raise the limit.")
    if unpack and not unpack.eof:
        message = f"{host} cut its answer short."
        raise UnexpectedReply(message, "Try again; if it stays, look at the source's log.")
    return bytes(body)


def _refuse_other_origin(request: httpx.Request, following: httpx.Request) -> None:
    here, there = request.url, following.url
    same_host = here.host == there.host
    upgrade = here.scheme == "http" and there.scheme == "https" and same_host
    if upgrade or (same_host and here.scheme == there.scheme and here.port == there.port):
        return
    message = f"{here.host} redirects to {there.scheme}://{there.host}, another place."
    raise UnexpectedReply(message, "If that is right, give that address in the settings.")


def _host(request: httpx.Request) -> str:
    port = f":{request.url.port}" if request.url.port else ""
    return f"{request.url.host}{port}"


def explain_http_error(fault: httpx.HTTPError, host: str) -> ConnectorError:
    """The connector error for a failed exchange, in words, with the next step."""
    text = str(fault).lower()
    if isinstance(fault, httpx.ConnectError):
        return _explain_connect(text, host)
    if isinstance(fault, httpx.RemoteProtocolError | httpx.LocalProtocolError):
        message = f"{host} answered with something that is not HTTP."
        return UnexpectedReply(message, "See whether the address and port are those of the right service.")
    if isinstance(fault, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return Unreachable(f"{host} broke off the connection.", "See whether it restarted; it is tried again.")
    return Unreachable(f"{host} could not be asked: {type(fault).__name__}.", "It is tried again by itself.")


def _explain_connect(text: str, host: str) -> ConnectorError:
    if "certificate" in text or "ssl" in text or "tls" in text:
        reason = "its certificate is not trusted here" if "certificate" in text else "the TLS handshake failed"
        return Unreachable(f"No secure connection to {host}: {reason}.", "Check the certificate and its authority.")
    if "name or service not known" in text or "name resolution" in text or "no address" in text or "nodename" in text:
        return Unreachable(f"No such host: {host}.", "Check the name, or the DNS of this machine.")
    if "refused" in text or "all connection attempts failed" in text:
        return Unreachable(f"Connection refused by {host}.", "See whether the service runs and listens there.")
    return Unreachable(f"No connection to {host}.", "See whether the network and the service are up.")
