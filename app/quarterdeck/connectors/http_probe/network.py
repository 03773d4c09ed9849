"""Names to addresses, ports that open, handshakes: the steps below HTTP, each timed."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace

from quarterdeck.connectors.http_probe.certificate import TlsSession, read_certificate
from quarterdeck.connectors.http_probe.parse import HostPort
from quarterdeck.connectors.http_probe.probe import Finding, Stopwatch, duration_ms, failed, passed
from quarterdeck.connectors.http_probe.settings import ProbeSettings
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.http_faults import causes_of, explain_http_error, explain_lookup_error, explain_tls_error
from quarterdeck.sdk.texts import one_line
from quarterdeck.sdk.tls import TlsPolicy

MAX_ADDRESSES = 3
_MAX_GREETING_BYTES = 4096
_OUR_OWN_ERRORS = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EMFILE, errno.ENFILE})

Lookup = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""Turns a host and port into IP addresses, as text, in the order to try them; raises socket.gaierror."""


class OwnFault(Unreachable):
    """This machine could not even ask; that says nothing about the target."""


@dataclass(slots=True)
class Peer:
    """An open connection to one of the target's addresses."""

    ip: str
    socket: socket.socket
    is_handed_over: bool = False

    def close(self) -> None:
        """Close the connection, unless a TLS transport owns it by now."""
        if not self.is_handed_over:
            self.socket.close()


async def system_lookup(host: str, port: int) -> tuple[str, ...]:
    """By the operating system: its hosts file, its DNS. Raises socket.gaierror."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as fault:
        raise socket.gaierror(socket.EAI_NONAME, "not a name") from fault
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


async def resolve(target: HostPort, lookup: Lookup, watch: Stopwatch) -> tuple[str, ...]:
    """The addresses of a target; a literal address needs no looking up.

    Raises socket.gaierror when there is no such name, OwnFault when this machine's DNS does not answer.
    """
    try:
        return (str(ipaddress.ip_address(target.host)),)
    except ValueError:
        pass
    try:
        with watch.phase("resolve"):
            return (await lookup(target.host, target.port))[:MAX_ADDRESSES]
    except socket.gaierror as fault:
        if fault.errno == socket.EAI_AGAIN:
            explained = explain_lookup_error(fault, target.host)
            raise OwnFault(explained.message, explained.next_step) from fault
        raise


def refuse_own_fault(fault: BaseException, target: HostPort) -> None:
    """Raise OwnFault when the fault is this machine's: it has no network, or no sockets left."""
    for cause in causes_of(fault):
        if isinstance(cause, OSError) and cause.errno in _OUR_OWN_ERRORS:
            message = f"This machine has no way to {target.host}: {one_line(cause.strerror or 'no network', 80)}."
            raise OwnFault(message, "Check the network of this machine; it says nothing about the target.") from fault


@contextlib.asynccontextmanager
async def connected(addresses: tuple[str, ...], target: HostPort, watch: Stopwatch) -> AsyncGenerator[Peer]:
    """A connection to the first address that takes it. Raises OSError, OwnFault when this machine is at fault."""
    fault: OSError = ConnectionRefusedError(errno.ECONNREFUSED, "no address")
    for ip in addresses:
        peer = Peer(ip, socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM))
        try:
            peer.socket.setblocking(False)
            with watch.phase("connect"):
                await asyncio.get_running_loop().sock_connect(peer.socket, (ip, target.port))
            yield peer
            return
        except OSError as refusal:
            if "connect" in watch.seconds:
                raise
            fault = refusal
        finally:
            peer.close()
    refuse_own_fault(fault, target)
    raise fault


async def probe_tcp(settings: ProbeSettings, lookup: Lookup, watch: Stopwatch) -> Finding:
    """Whether a port opens and, when asked, whether it greets as expected."""
    target = settings.target
    addresses = await resolve(target, lookup, watch)
    async with connected(addresses, target, watch) as peer:
        if not settings.contains:
            return passed(f"{target} opens.", {"ip": peer.ip})
        with watch.phase("first_byte"):
            greeting = await _greeting(peer.socket, settings.contains)
    shown = one_line(greeting, 80)
    facts = {"ip": peer.ip, "greeting": shown}
    if settings.contains in greeting:
        return passed(f"{target} greets as expected.", facts)
    return failed(f"{target} opens, but greets with “{shown}”.", facts)


async def probe_tls(settings: ProbeSettings, lookup: Lookup, watch: Stopwatch) -> Finding:
    """A handshake, and the certificate shown in it."""
    target = settings.target
    name = settings.server_name or target.host
    context = settings.tls.context()
    addresses = await resolve(target, lookup, watch)
    try:
        async with connected(addresses, target, watch) as peer:
            with watch.phase("tls"):
                session = await _handshake(peer, context, name)
    except ssl.SSLError as fault:
        words, step = explain_tls_error(fault)
        shown = await certificate_shown(addresses[0], target, name) if settings.tls.verify else None
        finding = failed(f"No secure connection to {target}: {words}.", {"advice": step}, is_answered=False)
        return finding_with(finding, shown)
    finding = passed(f"{target} speaks {session.version}.", {"ip": peer.ip})
    return finding_with(finding, session)


def finding_with(finding: Finding, session: TlsSession | None) -> Finding:
    """A finding with the certificate of a session, if it showed one."""
    certificate = read_certificate(session) if session and session.der else None
    return replace(finding, certificate=certificate)


async def certificate_shown(ip: str, target: HostPort, name: str) -> TlsSession | None:
    """The session of a second handshake that accepts any certificate, to tell what was wrong with it."""
    try:
        async with connected((ip,), target, Stopwatch(asyncio.get_running_loop().time)) as peer:
            return await _handshake(peer, TlsPolicy(verify=False).context(), name)
    except (OSError, OwnFault):
        return None


def session_of(tls: ssl.SSLObject | ssl.SSLSocket, *, is_verified: bool) -> TlsSession:
    """What a finished handshake left."""
    cipher = tls.cipher()
    return TlsSession(
        tls.getpeercert(binary_form=True) or b"", tls.version() or "", cipher[0] if cipher else "", is_verified
    )


def told_in_words(fault: OSError, target: HostPort) -> str:
    """A failed connection as a sentence."""
    if isinstance(fault, socket.gaierror):
        return explain_lookup_error(fault, target.host).message
    return explain_http_error(fault, str(target)).message


def answered_in(summary: str, watch: Stopwatch) -> str:
    """A sentence with how long the whole took."""
    return f"{summary.rstrip('.')} in {duration_ms(watch.seconds.get('whole', 0.0))}."


async def _handshake(peer: Peer, context: ssl.SSLContext, name: str) -> TlsSession:
    peer.is_handed_over = True
    _, writer = await asyncio.open_connection(sock=peer.socket, ssl=context, server_hostname=name)
    tls = writer.get_extra_info("ssl_object")
    try:
        return session_of(tls, is_verified=context.verify_mode is ssl.CERT_REQUIRED)
    finally:
        writer.transport.abort()


async def _greeting(peer: socket.socket, wanted: str) -> str:
    greeting = b""
    while len(greeting) < _MAX_GREETING_BYTES and wanted.encode() not in greeting:
        piece = await asyncio.get_running_loop().sock_recv(peer, 1024)
        if not piece:
            break
        greeting += piece
    return greeting.decode("utf-8", "replace")
