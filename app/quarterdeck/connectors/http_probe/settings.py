"""A probe's settings, judged and read."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

import httpx

from quarterdeck.connectors.http_probe.parse import (
    HostPort,
    JsonRule,
    is_host,
    parse_host_port,
    parse_json_rules,
    parse_statuses,
)
from quarterdeck.sdk.access import credential_headers, tls_policy
from quarterdeck.sdk.addresses import http_address_problem
from quarterdeck.sdk.connector import ConnectionSettings, SettingProblem
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.http import HttpLimits
from quarterdeck.sdk.tls import TlsPolicy
from quarterdeck.sdk.validation import entity_problems, header_problems, is_entity_key

DNS_PORT = 53
TLS_PORT = 443
_MEGABYTE = 1_000_000
_HOST_PORT_WORDS = "Write it as host:port, such as mail.example:25 or [2001:db8::1]:443."

Kind = Literal["http", "tls", "tcp", "dns"]


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """Everything a probe is told, in its own types."""

    kind: Kind
    address: str
    entity_key: str
    check_name: str
    method: str
    statuses: tuple[range, ...]
    statuses_text: str
    contains: str
    lacks: str
    json_rules: tuple[JsonRule, ...]
    headers: dict[str, str]
    limits: HttpLimits
    tls: TlsPolicy
    server_name: str
    expiry_warning_days: float
    follow_redirects: bool
    record_type: str
    dns_server: HostPort | None
    expected_answers: tuple[str, ...]

    @property
    def timeout_seconds(self) -> float:
        """Seconds for the whole probe."""
        return self.limits.deadline_seconds

    @property
    def target(self) -> HostPort:
        """Host and port of a TLS or TCP probe."""
        return parse_host_port(self.address, TLS_PORT if self.kind == "tls" else None)


def read_settings(settings: ConnectionSettings) -> ProbeSettings:
    """The settings of one probe. Raises Misconfigured with the first problem."""
    for problem in problems_of(settings):
        raise Misconfigured(f"The probe cannot run: {problem.words}", "Correct it in the connection's settings.")
    server = settings.text("dns_server")
    return ProbeSettings(
        kind=cast("Kind", settings.text("kind")),
        address=settings.text("address"),
        entity_key=settings.text("entity"),
        check_name=settings.text("check_name"),
        method=settings.text("method"),
        statuses=parse_statuses(settings.text("expected_status")),
        statuses_text=settings.text("expected_status"),
        contains=settings.text("contains"),
        lacks=settings.text("lacks"),
        json_rules=parse_json_rules(settings.text("json_equals")),
        headers=credential_headers(settings),
        limits=HttpLimits(settings.number("timeout_seconds"), int(settings.number("max_megabytes") * _MEGABYTE)),
        tls=tls_policy(settings),
        server_name=settings.text("server_name"),
        expiry_warning_days=settings.number("expiry_warning_days"),
        follow_redirects=settings.flag("follow_redirects"),
        record_type=settings.text("record_type"),
        dns_server=_server(server) if server else None,
        expected_answers=tuple(settings.text("expected_answers").split()),
    )


def problems_of(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    """What cannot stand in the settings beyond what the manifest judges; nothing is connected to."""
    return (
        *_address_problems(settings),
        *entity_problems(settings),
        *header_problems(settings),
        *_rule(settings, "expected_status", parse_statuses, "Write codes and ranges, such as 200-299, 401."),
        *_rule(settings, "json_equals", parse_json_rules, "Write each line as /place = value, such as /status = ok."),
        *_rule(settings, "dns_server", _server, "Write the address of a DNS server, such as 10.0.0.53."),
        *_rule(settings, "server_name", _host, "Write a host name, such as partner.example."),
    )


def target_noun(entity_key: str) -> str:
    """What to call the target in a sentence: `the partner`, `the service`."""
    kind = entity_key.partition("/")[0].replace("_", " ")
    return f"the {kind}" if is_entity_key(entity_key) else "the target"


def _address_problems(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    address, kind = settings.text("address"), settings.text("kind")
    if not address:
        return ()
    words = ""
    if kind == "http":
        words = http_address_problem(address)
    elif kind == "dns":
        words = "" if is_host(address) else "Write the name to look up, such as partner.example."
    elif kind in {"tcp", "tls"}:
        port = TLS_PORT if kind == "tls" else None
        words = _HOST_PORT_WORDS if _fails(lambda text: parse_host_port(text, port), address) else ""
    return (SettingProblem("address", words),) if words else ()


def _rule(
    settings: ConnectionSettings, key: str, parse: Callable[[str], object], words: str
) -> tuple[SettingProblem, ...]:
    text = settings.text(key)
    return (SettingProblem(key, words),) if text and _fails(parse, text) else ()


def _fails(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return True
    return False


def _host(text: str) -> str:
    if not is_host(text):
        message = "not a host name"
        raise ValueError(message)
    return text


def _server(text: str) -> HostPort:
    if text.count(":") > 1 and not text.startswith("["):
        return HostPort(str(ipaddress.ip_address(text)), DNS_PORT)
    server = parse_host_port(text, DNS_PORT)
    ipaddress.ip_address(server.host)
    return server


def host_of(url: httpx.URL) -> HostPort:
    """Where an address is asked, with the port its scheme implies."""
    return HostPort(url.host, url.port or (TLS_PORT if url.scheme == "https" else 80))
