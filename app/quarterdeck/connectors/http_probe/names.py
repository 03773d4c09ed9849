"""The probe over DNS: what a name server answers, and whether that is what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quarterdeck.connectors.http_probe.probe import Finding, Stopwatch, failed, passed
from quarterdeck.connectors.http_probe.settings import ProbeSettings
from quarterdeck.sdk.errors import Misconfigured, Unreachable
from quarterdeck.sdk.texts import one_line

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver
    from dns.resolver import Answer

_MAX_ANSWERS = 20
_MAX_ANSWER_CHARS = 200


async def probe_dns(settings: ProbeSettings, watch: Stopwatch) -> Finding:
    """Look the name up, at the given server or at those of this machine.

    Raises Misconfigured when this machine knows no server, Unreachable when none of its own answers.
    """
    import dns.exception
    import dns.resolver

    name, record = settings.address.rstrip(".") + ".", settings.record_type
    resolver = _resolver(settings)
    try:
        with watch.phase("resolve"):
            answer = await resolver.resolve(name, record, lifetime=settings.timeout_seconds, search=False)
    except dns.resolver.NXDOMAIN:
        return failed(f"DNS knows no name {settings.address}.", {"record_type": record})
    except dns.resolver.NoAnswer:
        return failed(f"DNS has no {record} record for {settings.address}.", {"record_type": record})
    except (dns.resolver.NoNameservers, dns.exception.Timeout) as fault:
        return _unanswered(settings, fault)
    except dns.exception.DNSException as fault:
        return failed(f"DNS answered something unreadable for {settings.address}.", {"fault": type(fault).__name__})
    return _judge(settings, answer)


def _resolver(settings: ProbeSettings) -> Resolver:
    import dns.asyncresolver
    import dns.resolver

    if settings.dns_server is not None:
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = [settings.dns_server.host]
        resolver.port = settings.dns_server.port
        return resolver
    try:
        return dns.asyncresolver.Resolver()
    except dns.resolver.NoResolverConfiguration as fault:
        message = "This machine has no DNS server configured."
        raise Misconfigured(message, "Give a DNS server in the settings of the probe.") from fault


def _unanswered(settings: ProbeSettings, fault: Exception) -> Finding:
    import dns.exception

    if settings.dns_server is None:
        message = f"The DNS servers of this machine do not answer for {settings.address}."
        raise Unreachable(message, "Check the DNS and the network of this machine.") from fault
    if isinstance(fault, dns.exception.Timeout):
        return failed(f"The DNS server {settings.dns_server} does not answer.", is_answered=False)
    return failed(f"The DNS server {settings.dns_server} fails to answer for {settings.address}.")


def _judge(settings: ProbeSettings, answer: Answer) -> Finding:
    found = sorted(one_line(str(record).rstrip("."), _MAX_ANSWER_CHARS) for record in answer)[:_MAX_ANSWERS]
    missing = [
        wanted for wanted in settings.expected_answers if wanted.rstrip(".").lower() not in map(str.lower, found)
    ]
    facts = {"answers": " ".join(found), "record_type": settings.record_type}
    if answer.rrset is not None:
        facts["ttl_seconds"] = str(answer.rrset.ttl)
    shown = one_line(", ".join(found), 120)
    if missing:
        wanted = one_line(missing[0], 80)
        return failed(f"{settings.address} is {shown}; {wanted} is not among the answers.", facts)
    return passed(f"{settings.address} is {shown}.", facts)
