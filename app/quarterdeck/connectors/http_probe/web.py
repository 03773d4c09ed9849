"""The probe over HTTP: where the time goes, what comes back, and whether that is what was expected."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from quarterdeck.connectors.http_probe.certificate import TlsSession
from quarterdeck.connectors.http_probe.network import (
    Lookup,
    OwnFault,
    certificate_shown,
    finding_with,
    refuse_own_fault,
    resolve,
    session_of,
)
from quarterdeck.connectors.http_probe.parse import body_fault
from quarterdeck.connectors.http_probe.probe import Finding, Stopwatch, failed, passed
from quarterdeck.connectors.http_probe.settings import ProbeSettings, host_of, target_noun
from quarterdeck.sdk.addresses import host_and_port, shown_address
from quarterdeck.sdk.errors import ConnectorError, Misconfigured, UnexpectedReply
from quarterdeck.sdk.http import (
    MAX_REDIRECTS,
    BoundedHttp,
    HttpReply,
    Wire,
    is_redirect,
    redirect_target,
    same_origin,
)
from quarterdeck.sdk.http_faults import causes_of, explain_lookup_error
from quarterdeck.sdk.texts import one_line, size_words

_SAID_BY_STATUS = {
    401: "{it} does not accept this login",
    403: "{it} does not let this login in",
    404: "{it} has nothing there",
    405: "{it} does not take this method",
    429: "{it} wants to be asked less often",
    500: "{it} fails inside",
    502: "what stands before {it} gets no good answer from behind",
    503: "{it} answers that it is unavailable",
    504: "what stands before {it} gets no answer from behind",
}


@dataclass(slots=True)
class _Watch:
    """Turns the client's trace into phases, and keeps what the handshake showed."""

    stopwatch: Stopwatch
    is_verified: bool
    began: dict[str, float] = field(default_factory=dict[str, float])
    ip: str = ""
    is_connected: bool = False
    session: TlsSession | None = None

    async def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Told by the client of each step."""
        step, _, moment = name.rpartition(".")
        if moment == "started":
            self.began[step] = self.stopwatch.ticks()
        elif moment == "complete":
            self._completed(step, info.get("return_value"))

    def _completed(self, step: str, result: Any) -> None:  # noqa: ANN401 - httpcore hands over untyped things
        if step == "connection.connect_tcp":
            self.is_connected = True
            self.stopwatch.add("connect", self.began[step])
        elif step == "connection.start_tls":
            self.stopwatch.add("tls", self.began[step])
            tls = result.get_extra_info("ssl_object")
            if isinstance(tls, ssl.SSLObject | ssl.SSLSocket):
                self.session = session_of(tls, is_verified=self.is_verified)
        elif step == "http11.receive_response_headers":
            self.stopwatch.add("first_byte", self.began[step])


async def probe_http(settings: ProbeSettings, http: BoundedHttp, lookup: Lookup, stopwatch: Stopwatch) -> Finding:
    """Ask, follow redirects, judge the answer. Raises Misconfigured, and OwnFault when this machine is."""
    url, headers, hops = httpx.URL(settings.address), settings.headers, 0
    watch = _Watch(stopwatch, settings.tls.verify)
    try:
        reply = await _ask(url, headers, settings, http, lookup, watch)
        while settings.follow_redirects and is_redirect(reply):
            hops += 1
            url, headers = _next_hop(reply, headers, hops)
            reply = await _ask(url, headers, settings, http, lookup, watch)
    except (Misconfigured, OwnFault):
        raise
    except ConnectorError as fault:
        refuse_own_fault(fault, host_of(url))
        return await _unanswered(url, fault, watch, settings)
    return finding_with(_judge(reply, settings, hops), watch.session)


async def _ask(  # noqa: PLR0917 - one request needs all of these
    url: httpx.URL,
    headers: Mapping[str, str],
    settings: ProbeSettings,
    http: BoundedHttp,
    lookup: Lookup,
    watch: _Watch,
) -> HttpReply:
    try:
        addresses = await resolve(host_of(url), lookup, watch.stopwatch)
    except socket.gaierror as fault:
        raise explain_lookup_error(fault, url.host) from fault
    for number, ip in enumerate(addresses, 1):
        watch.ip, watch.is_connected = ip, False
        wire = Wire(ip=ip, trace=watch.trace, follow=False)
        try:
            return await http.send(settings.method, str(url), headers=headers, limits=settings.limits, wire=wire)
        except ConnectorError:
            if watch.is_connected or number == len(addresses):
                raise
    message = f"{host_and_port(url)} has no address."
    raise UnexpectedReply(message, "Check its DNS.")


def _next_hop(reply: HttpReply, headers: Mapping[str, str], hops: int) -> tuple[httpx.URL, Mapping[str, str]]:
    here, there = httpx.URL(reply.url), redirect_target(reply)
    if hops > MAX_REDIRECTS:
        message = f"{host_and_port(here)} redirects in circles."
        raise UnexpectedReply(message, "Give the final address.")
    return there, headers if same_origin(here, there) else {}


async def _unanswered(url: httpx.URL, fault: ConnectorError, watch: _Watch, settings: ProbeSettings) -> Finding:
    target, session = host_of(url), watch.session
    if session is None and watch.ip and settings.tls.verify and _is_certificate_fault(fault):
        session = await certificate_shown(watch.ip, target, target.host)
    facts = {"advice": fault.next_step, "address": shown_address(url)}
    finding = failed(fault.message, facts, is_answered=False)
    return finding_with(finding, session)


def _is_certificate_fault(fault: BaseException) -> bool:
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes_of(fault))


def _judge(reply: HttpReply, settings: ProbeSettings, hops: int) -> Finding:
    url = httpx.URL(reply.url)
    where = host_and_port(url)
    facts = {
        "address": shown_address(url),
        "status": str(reply.status),
        "content_type": one_line(reply.content_type, 80),
        "body": size_words(len(reply.body)),
        "redirects": str(hops),
    }
    if not any(reply.status in codes for codes in settings.statuses):
        return _bad_status(reply, where, settings, facts)
    wrong = "" if settings.method == "HEAD" else _body_fault(reply, settings)
    if wrong:
        return failed(f"{reply.status_words} from {where}, but {wrong}.", facts)
    return passed(f"{reply.status_words} from {where}.", facts)


def _body_fault(reply: HttpReply, settings: ProbeSettings) -> str:
    return body_fault(reply.text(), settings.contains, settings.lacks, settings.json_rules)


def _bad_status(reply: HttpReply, where: str, settings: ProbeSettings, facts: dict[str, str]) -> Finding:
    it = target_noun(settings.entity_key)
    expected = f"expected was {one_line(settings.statuses_text, 60)}"
    said = _SAID_BY_STATUS.get(reply.status, expected).format(it=it)
    note = f"HTTP {reply.status} from {it}: the probe itself is fine."
    return failed(f"HTTP {reply.status} from {where}: {said}.", facts, note=note)
