"""Messages of integrations whose true patterns are known: generated from templates, and lines of real programs."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

TEMPLATES = (
    "payment {id} rejected by partner {partner}: HTTP {code}",
    "payment {id} accepted by partner {partner} in {ms} ms",
    "timeout after {s} s calling {url}",
    "connection to {ip} refused",
    "connection to {host} reset by peer",
    "retry {n} of {n} for message {uuid}",
    "giving up on message {uuid} after {n} attempts",
    "account {account} not found",
    "account {account} locked by user {user}",
    "balance of account {account} is stale, last refresh {time}",
    "token for client {user} expired at {time}",
    "token for client {user} refreshed",
    "consent {id} of customer {user} revoked",
    "queue {queue} depth {n} above limit {n}",
    "queue {queue} drained",
    "consumer {host} joined group {queue} with {n} partitions",
    "consumer {host} left group {queue}",
    "certificate of {host} expires in {n} days",
    "TLS handshake with {host} failed: {reason}",
    "DNS lookup of {host} failed",
    "batch {id} finished: {n} records, {n} errors",
    "batch {id} started",
    "file {path} could not be read: {reason}",
    "file {path} written, {size}",
    "disk {path} is {percent} full",
    "slow query took {ms} ms: SELECT * FROM {table} WHERE id = {n}",
    "deadlock detected on table {table}, transaction {id} rolled back",
    "cache miss for key {key}",
    "cache evicted {n} entries in {ms} ms",
    "notification {uuid} sent to {mail}",
    "notification {uuid} to {mail} bounced: {reason}",
    "user {user} logged in from {ip}",
    "user {user} failed to log in from {ip}: {reason}",
    "schema version {n} expected but {n} found",
    "rate limit of {n} requests per minute reached for partner {partner}",
    "circuit breaker for {partner} opened",
    "circuit breaker for {partner} closed",
    "health check of {host} answered {code} in {ms} ms",
    "reconciliation found {n} differences of {amount} EUR",
    "transfer of {amount} EUR from {account} to {account} posted",
)

REAL = (
    ("nagios4/nagios.log", "Nagios 4", "start"),
    ("nagios4/nagios.log", "Local time is", "local time"),
    ("nagios4/nagios.log", "LOG VERSION", "version"),
    ("nagios4/nagios.log", "qh: Socket", "socket"),
    ("nagios4/nagios.log", "qh: core query", "core handler"),
    ("nagios4/nagios.log", "qh: echo service", "echo handler"),
    ("nagios4/nagios.log", "qh: help for", "help handler"),
    ("nagios4/nagios.log", "wproc: Successfully", "manager"),
    ("nagios4/nagios.log", "wproc: Registry", "registry"),
    ("nagios4/nagios.log", "Error: Could not", "definition"),
    ("nagios4/nagios.log", "Bailing out", "bailing out"),
    ("nagios4/nagios.log", "Warning: Nothing", "nothing specified"),
    ("nagios4/nagios.log", "Successfully launched", "launched"),
    ("nagios4/nagios.log", "core-bank;ach-tcp", "service alert, connection"),
    ("nagios4/nagios.log", "core-bank;load", "service alert, load"),
    ("rsyslog/impstats.jsonl", '"dynstats"', "statistics, named only"),
    ("rsyslog/impstats.jsonl", '"percentile"', "statistics, named only"),
    ("rsyslog/impstats.jsonl", '"core.action"', "statistics of actions"),
    ("rsyslog/impstats.jsonl", '"core.queue"', "statistics of queues"),
)
"""Which lines of a file, known by a part of them, are of one pattern. Other lines are not labelled and not scored."""

_WORDS = {
    "partner": ("northwind", "clearpay", "acme bank", "first mutual", "ledgerly"),
    "host": ("core-bank", "payments.example.com", "ach01.example.com", "db-3", "mq.internal"),
    "user": ("anna", "bogdan", "client-77", "svc_reports", "m.keller"),
    "queue": ("payments.in", "notify", "orders-eu", "balance_updates"),
    "reason": ("permission denied", "unknown authority", "mailbox full", "wrong password", "no such file"),
    "table": ("accounts", "payments", "standing_orders", "consents"),
    "path": ("/var/lib/bank/in/ach-3.csv", "/srv/data", "/opt/app/out/2026/report.pdf", "/mnt/archive"),
    "url": ("https://api.partner.example/v2/accounts", "http://10.0.0.7:8080/balance?id=9"),
    "mail": ("anna@example.com", "ops.team@bank.example", "no-reply@example.org"),
}


def generated_messages(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Messages with the template that each was made from, the frequent ones far more often than the rare."""
    rng = np.random.default_rng(seed)
    weights = 1.0 / np.arange(1, len(TEMPLATES) + 1)
    order = rng.permutation(len(TEMPLATES))
    for number in rng.choice(order, count, p=weights / weights.sum()).tolist():
        yield _filled(TEMPLATES[number], rng), TEMPLATES[number]


def real_messages(folder: Path) -> Iterator[tuple[str, str]]:
    """Lines of the recorded files that are labelled, with their label."""
    for name in sorted({name for name, _, _ in REAL}):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            label = next((label for file, part, label in REAL if file == name and part in line), None)
            if label is not None:
                yield line, f"{name} {label}"


def _filled(template: str, rng: np.random.Generator) -> str:
    text = template
    while "{" in text:
        begin, end = text.index("{"), text.index("}")
        text = text[:begin] + _value(text[begin + 1 : end], rng) + text[end + 1 :]
    return text


def _value(kind: str, rng: np.random.Generator) -> str:
    if kind in _WORDS:
        return str(rng.choice(_WORDS[kind]))
    digits = rng.bytes(16).hex()
    number = int(rng.integers(0, 100_000))
    made = {
        "id": f"PAY-{number}",
        "uuid": f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}",
        "code": str(rng.choice([400, 401, 404, 429, 500, 502, 503])),
        "ip": f"10.{number % 250}.{number % 199}.{number % 97}:{1024 + number % 9000}",
        "account": f"DE{number:020d}",
        "time": f"2026-11-{1 + number % 28:02d}T{number % 24:02d}:{number % 60:02d}:00Z",
        "amount": f"{number / 100:.2f}",
        "percent": f"{number % 100}%",
        "size": f"{number % 900} MB",
        "key": f"balance:{number}",
    }
    return made.get(kind, str(number % 1000))
