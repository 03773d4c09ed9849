"""Who plays in the simulated bank: integrations, services, components and what is usual for each of them.

Names, owners and bounds are declared in the estate's document; here stands only what the numbers are made from.
"""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck.domain.series import Meaning


@dataclass(frozen=True, slots=True)
class IntegrationSpec:
    """An integration in a busy hour: requests a second, median response in seconds, percentiles as multiples of it.

    `errors` is the usual share of failed requests, `unrest` the spread of the response time's logarithm.
    """

    key: str
    domain: str
    rate: float
    median_seconds: float
    p95_factor: float
    p99_factor: float
    errors: float
    unrest: float = 0.09


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """A service in a busy hour; `uses` says which share of its work waits for and fails with which integration.

    `busy` is the share of its capacity that is used in that hour.
    """

    key: str
    domain: str
    rate: float
    median_seconds: float
    errors: float
    busy: float
    uses: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class LoadSignal:
    """A component's signal that follows its load: `scale * (floor + gain * load)`, with noise and bursts on top.

    Load is 1 in a busy hour; the part in brackets stays inside 0.01 to `ceiling`.
    """

    meaning: Meaning
    floor: float
    gain: float
    noise: float = 0.03
    scale: float = 1.0
    burst: float = 0.0
    ceiling: float = 0.97


@dataclass(frozen=True, slots=True)
class StorageSignal:
    """A share of storage in use that grows from `low` to `high` over `days` and is then cleared."""

    low: float
    high: float
    days: float


@dataclass(frozen=True, slots=True)
class ComponentSpec:
    """A component, the services whose load it bears with their shares (adding up to one), and its signals."""

    key: str
    serves: tuple[tuple[str, float], ...]
    signals: tuple[LoadSignal, ...]
    storage: StorageSignal | None = None


@dataclass(frozen=True, slots=True)
class EventSpec:
    """A type of business event and how many occur a second in a busy hour."""

    key: str
    domain: str
    rate: float


INTEGRATIONS = (
    IntegrationSpec("integration/core-accounts", "account", 640, 0.031, 2.4, 4.2, 0.0002),
    IntegrationSpec("integration/account-aggregation", "account", 312, 0.41, 2.25, 3.6, 0.0011, 0.11),
    IntegrationSpec("integration/statements", "account", 28, 0.052, 2.5, 4.4, 0.0001),
    IntegrationSpec("integration/open-banking-api", "account", 205, 0.039, 2.4, 4.5, 0.0010),
    IntegrationSpec("integration/payee-directory", "bill_pay", 88, 0.021, 2.4, 4.0, 0.0001),
    IntegrationSpec("integration/payhub-processor", "bill_pay", 194, 0.142, 2.2, 3.6, 0.0012, 0.10),
    IntegrationSpec("integration/settlement-files", "bill_pay", 6.4, 0.38, 2.3, 3.9, 0.0004),
    IntegrationSpec("integration/payment-scheduling", "bill_pay", 71, 0.017, 2.4, 4.3, 0.0001),
    IntegrationSpec("integration/notification-dispatcher", "notification", 332, 0.047, 2.5, 4.6, 0.0009),
    IntegrationSpec("integration/sms-gateway", "notification", 120, 0.093, 2.3, 3.9, 0.0006, 0.10),
    IntegrationSpec("integration/email-relay", "notification", 180, 0.025, 2.4, 4.4, 0.0002),
    IntegrationSpec("integration/push", "notification", 240, 0.061, 2.3, 3.8, 0.0007),
)

SERVICES = (
    ServiceSpec("service/current-account", "account", 640, 0.024, 0.0002, 0.58, (("integration/core-accounts", 0.35),)),
    ServiceSpec("service/position-keeping", "account", 480, 0.018, 0.0001, 0.52, (("integration/core-accounts", 0.3),)),
    ServiceSpec(
        "service/customer-position",
        "account",
        310,
        0.046,
        0.0004,
        0.49,
        (("integration/account-aggregation", 0.16), ("integration/core-accounts", 0.2)),
    ),
    ServiceSpec(
        "service/financial-gateway",
        "account",
        520,
        0.029,
        0.0005,
        0.55,
        (("integration/account-aggregation", 0.05), ("integration/open-banking-api", 0.5)),
    ),
    ServiceSpec(
        "service/payment-order-initiation",
        "bill_pay",
        312,
        0.068,
        0.0006,
        0.61,
        (("integration/payhub-processor", 0.1), ("integration/payee-directory", 0.4)),
    ),
    ServiceSpec(
        "service/payment-rail",
        "bill_pay",
        201,
        0.055,
        0.0004,
        0.57,
        (("integration/payhub-processor", 0.03), ("integration/settlement-files", 0.05)),
    ),
    ServiceSpec(
        "service/standing-order", "bill_pay", 71, 0.033, 0.0002, 0.38, (("integration/payment-scheduling", 0.6),)
    ),
    ServiceSpec(
        "service/direct-debit",
        "bill_pay",
        64,
        0.041,
        0.0003,
        0.41,
        (("integration/payment-scheduling", 0.3), ("integration/settlement-files", 0.04)),
    ),
    ServiceSpec("service/fraud-evaluation", "bill_pay", 316, 0.012, 0.0001, 0.46),
    ServiceSpec(
        "service/correspondence",
        "notification",
        332,
        0.036,
        0.0005,
        0.47,
        (("integration/notification-dispatcher", 0.2), ("integration/sms-gateway", 0.1)),
    ),
)

_GIB = float(2**30)


def _processing(floor: float = 0.12, gain: float = 0.42) -> LoadSignal:
    return LoadSignal(Meaning.PROCESSING, floor, gain, burst=0.02)


def _memory(gib: float, floor: float = 0.58, gain: float = 0.12) -> LoadSignal:
    return LoadSignal(Meaning.MEMORY, floor, gain, noise=0.012, scale=gib * _GIB)


def _pool(floor: float = 0.14, gain: float = 0.38) -> LoadSignal:
    return LoadSignal(Meaning.SATURATION, floor, gain, noise=0.025)


def _queue(busy_depth: float, rate: float) -> tuple[LoadSignal, ...]:
    depth = LoadSignal(Meaning.QUEUE_DEPTH, 0.05, 0.6, noise=0.09, scale=busy_depth, burst=0.2, ceiling=6.0)
    return (depth, LoadSignal(Meaning.THROUGHPUT, 0.02, 1.0, noise=0.03, scale=rate, ceiling=4.0))


def _gateway(rate: float) -> tuple[LoadSignal, ...]:
    return (
        _processing(0.10, 0.36),
        _pool(0.10, 0.36),
        LoadSignal(Meaning.THROUGHPUT, 0.02, 1.0, noise=0.03, scale=rate, ceiling=4.0),
    )


def _database(gib: float) -> tuple[LoadSignal, ...]:
    return (_processing(0.16, 0.36), _memory(gib, 0.71, 0.06), _pool())


COMPONENTS = (
    ComponentSpec(
        "component/ledger-db",
        (("service/position-keeping", 0.6), ("service/current-account", 0.4)),
        _database(64),
        StorageSignal(0.55, 0.87, 46),
    ),
    ComponentSpec(
        "component/accounts-db",
        (("service/current-account", 0.7), ("service/financial-gateway", 0.3)),
        _database(48),
        StorageSignal(0.48, 0.66, 120),
    ),
    ComponentSpec(
        "component/customer-db", (("service/customer-position", 1.0),), _database(32), StorageSignal(0.41, 0.58, 150)
    ),
    ComponentSpec(
        "component/payments-db",
        (("service/payment-order-initiation", 0.6), ("service/payment-rail", 0.4)),
        _database(48),
        StorageSignal(0.50, 0.79, 62),
    ),
    ComponentSpec("component/payment-queue", (("service/payment-rail", 1.0),), _queue(140, 196)),
    ComponentSpec("component/notification-queue", (("service/correspondence", 1.0),), _queue(220, 330)),
    ComponentSpec("component/settlement-queue", (("service/direct-debit", 1.0),), _queue(60, 58)),
    ComponentSpec("component/session-cache", (("service/current-account", 1.0),), (_memory(8), _pool(0.30, 0.28))),
    ComponentSpec("component/position-cache", (("service/customer-position", 1.0),), (_memory(16), _pool(0.34, 0.24))),
    ComponentSpec("component/api-gateway", (("service/financial-gateway", 1.0),), _gateway(1284)),
    ComponentSpec(
        "component/partner-gateway",
        (("service/financial-gateway", 0.5), ("service/payment-order-initiation", 0.5)),
        _gateway(702),
    ),
    ComponentSpec(
        "component/core-node-a",
        (("service/current-account", 1.0),),
        (_processing(), _memory(128, 0.62, 0.1)),
        StorageSignal(0.36, 0.52, 90),
    ),
    ComponentSpec(
        "component/core-node-b",
        (("service/position-keeping", 1.0),),
        (_processing(), _memory(128, 0.60, 0.1)),
        StorageSignal(0.35, 0.51, 90),
    ),
    ComponentSpec("component/payments-node-a", (("service/payment-order-initiation", 1.0),), (_processing(),)),
    ComponentSpec("component/payments-node-b", (("service/payment-rail", 1.0),), (_processing(),)),
)

CHANNELS = (
    ("channel/sms", "integration/sms-gateway"),
    ("channel/email", "integration/email-relay"),
    ("channel/push", "integration/push"),
)
"""Each channel with the integration that carries it."""

PAYMENTS_A_SECOND = 0.42
LINKS_A_SECOND = 0.03
REFRESHES_A_SECOND = 0.45

EVENT_TYPES = (
    EventSpec("event_type/payment.submitted", "bill_pay", PAYMENTS_A_SECOND),
    EventSpec("event_type/payment.accepted", "bill_pay", PAYMENTS_A_SECOND * 0.997),
    EventSpec("event_type/payment.rejected", "bill_pay", PAYMENTS_A_SECOND * 0.003),
    EventSpec("event_type/payment.settled", "bill_pay", PAYMENTS_A_SECOND * 0.997),
    EventSpec("event_type/notification.requested", "bill_pay", PAYMENTS_A_SECOND * 0.997),
    EventSpec("event_type/notification.delivered", "bill_pay", PAYMENTS_A_SECOND * 0.995),
    EventSpec("event_type/account.linked", "account", LINKS_A_SECOND),
    EventSpec("event_type/balance.refreshed", "account", REFRESHES_A_SECOND),
)

EXPORTED_ONLY = ("service/fraud-evaluation", "component/payments-node-a", "component/payments-node-b")
"""What the payments exporter tells of, and the metrics server therefore does not."""
