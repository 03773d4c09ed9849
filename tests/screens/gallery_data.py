"""Made-up content for the gallery: the numbers and words of the design's drawings, always the same."""

import numpy as np

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.charts.line_data import Band, FloatArray, LineData, Span
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import (
    ActionCells,
    ColumnSpec,
    NumberCells,
    RowGroup,
    SparkCells,
    StateCells,
    TableData,
    TagCells,
    TextCells,
)
from quarterdeck.ui.widgets.coverage_bars import CoverageKind, CoveragePart, CoverageRow
from quarterdeck.ui.widgets.field_specs import Choice, FieldKind, FieldSpec
from quarterdeck.ui.widgets.figures import Figure

NOON_S = 1795521600.0
"""24 November 2026, 12:00 UTC."""
START_S, END_S = NOON_S - 6 * 3600 + 1800, NOON_S + 1800

HEALTHY, DEGRADED, DOWN = HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN
MAINTENANCE, UNKNOWN, STALE = HealthState.MAINTENANCE, HealthState.UNKNOWN, HealthState.STALE
UNREACHABLE = HealthState.UNREACHABLE

FIGURES = (
    Figure("healthy", "Integrations healthy", "42", "of 47"),
    Figure("incidents", "Open incidents", "2", "1 critical", Tone.DOWN),
    Figure("budget", "Error budget left, 30 d", "61%", "−8 today"),
    Figure("requests", "Requests", "1,284", "per second"),
    Figure("controls", "Controls satisfied", "94%", "4 findings"),
    Figure("exhaustion", "Next exhaustion", "9 d", "ledger-db storage", Tone.DEGRADED),
)

ATTENTION_COLUMNS = (
    ColumnSpec("state"),
    ColumnSpec("name", is_strong=True),
    ColumnSpec("sentence", stretch=1, tone=Tone.SECONDARY),
    ColumnSpec("age", is_right=True, tone=Tone.TERTIARY, width=80),
    ColumnSpec("incident", width=80),
    ColumnSpec("action", width=114),
)
ATTENTION = TableData(
    ids=("payhub", "aggregation", "dispatcher", "ledger", "policy"),
    cells=(
        StateCells((DOWN, DEGRADED, DEGRADED, DEGRADED, DEGRADED)),
        TextCells(
            (
                "Bill Pay → PayHub processor",
                "Account aggregation",
                "Notification dispatcher",
                "ledger-db storage",
                "Policy DG-04 · PII export retention",
            )
        ),
        TextCells(
            (
                "Submit step failing: 38% of payments rejected with HTTP 503 since 12:18",
                "p95 latency 2.9 s, 3.1× its usual Tuesday level; upstream of 4 services",
                "412 payment events have no notification after 60 s (pattern: event → notification)",
                "Full in 9 days at the current trend (80% interval: 7–12 days)",
                "3 integrations keep exports longer than 30 days; evidence 2 h old",
            )
        ),
        TextCells(("14 min", "31 min", "12 min", "2 h", "1 d")),
        TagCells(("INC-208", "INC-207", "", "", "")),
        ActionCells(("Acknowledge", "Triage", "Open flow", "Plan", "Review")),
    ),
)

INTEGRATION_COLUMNS = (
    ColumnSpec("state"),
    ColumnSpec("name", "Integration", is_strong=True, width=150),
    ColumnSpec("partner", "Partner", tone=Tone.SECONDARY, width=132),
    ColumnSpec("why", "State", stretch=1, tone=Tone.SECONDARY),
    ColumnSpec("available", "Available, 30 d"),
    ColumnSpec("p95", "p95", width=76),
    ColumnSpec("errors", "Errors", width=68),
    ColumnSpec("rate", "Per second", width=90),
    ColumnSpec("trend", "6 h", width=104, is_sortable=False),
    ColumnSpec("claimed", "Claimed", width=110),
    ColumnSpec("age", "Data age", is_right=True, tone=Tone.TERTIARY),
)


NAN = float("nan")
INTEGRATIONS = (
    ("Core accounts", "Core banking", HEALTHY, "healthy · 6 d", 99.98, 0.084, 0.0002, 640, HEALTHY, "2 s"),
    ("Aggregation", "Aggregator A", DEGRADED, "p95 2.9 s, 3.1× usual", 99.21, 2.9, 0.004, 312, HEALTHY, "4 s"),
    ("Statements", "Document store", HEALTHY, "healthy · 41 d", 100.0, 0.131, 0.0, 28, HEALTHY, "3 s"),
    ("Open banking API", "Third parties", HEALTHY, "healthy · 9 d", 99.95, 0.096, 0.001, 205, None, "2 s"),
    ("Payee directory", "Core banking", HEALTHY, "healthy · 12 d", 99.99, 0.052, 0.0001, 88, HEALTHY, "2 s"),
    ("PayHub processor", "PayHub", DOWN, "38% of submissions get HTTP 503", 97.42, 1.9, 0.38, 194, DEGRADED, "2 s"),
    ("Settlement files", "ACH operator", MAINTENANCE, "until 14:00", 99.9, NAN, NAN, NAN, HEALTHY, "6 min"),
    ("Scheduling", "internal", HEALTHY, "healthy · 40 d", 99.97, 0.041, 0.0, 71, None, "2 s"),
    ("Dispatcher", "internal", DEGRADED, "412 events without notification", 99.64, 0.131, 0.004, 332, None, "2 s"),
    ("SMS gateway", "SMS carrier", HEALTHY, "healthy · 3 d", 99.93, 0.22, 0.0005, 120, HEALTHY, "5 s"),
    ("Push", "Push provider", STALE, "no fresh data since 11:58", NAN, NAN, NAN, NAN, HEALTHY, "22 min"),
    ("Voice", "Voice carrier", UNREACHABLE, "unreachable: SMS carrier is down", NAN, NAN, NAN, NAN, None, "40 s"),
    ("Letters", "Print shop", UNKNOWN, "no data yet", NAN, NAN, NAN, NAN, None, "—"),
)


def integrations() -> TableData:
    """The table of `integrations.png`."""
    names, partners, states, words, available, p95, errors, rates, claims, ages = (
        list(column) for column in zip(*INTEGRATIONS, strict=True)
    )
    tones = {DEGRADED: Tone.DEGRADED, DOWN: Tone.DOWN, MAINTENANCE: Tone.MAINTENANCE, HEALTHY: Tone.SECONDARY}
    lines = [walk(number, 64) for number in range(len(INTEGRATIONS))]
    lines[10] = np.where(np.arange(64) > 40, np.nan, lines[10])
    lines[12] = np.full(64, np.nan)
    claimed_words = ["—" if claim is None else "up" if claim is HEALTHY else "degraded" for claim in claims]
    return TableData(
        ids=names,
        cells=(
            StateCells(states),
            TextCells(names),
            TextCells(partners),
            TextCells(words, [tones.get(state, Tone.TERTIARY) for state in states]),
            NumberCells(np.array(available), lambda value: f"{value:.2f}%"),
            NumberCells(np.array(p95), lambda value: f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"),
            NumberCells(np.array(errors), lambda value: f"{value:.0%}" if value > 0.1 else f"{value * 100:.2f}%"),
            NumberCells(np.array(rates, dtype=np.float64), lambda value: f"{value:,.0f}"),
            SparkCells(lines, [tones[s] if s in {DOWN, DEGRADED} else Tone.TERTIARY for s in states]),
            StateCells(claims, claimed_words),
            TextCells(ages),
        ),
        groups=(
            RowGroup("Account", "12 integrations · 1 degraded"),
            RowGroup("Bill Pay", "9 integrations · 1 down, 1 in maintenance"),
            RowGroup("Notification", "8 integrations · 1 degraded, 1 without data"),
        ),
        group_of=np.array([0] * 4 + [1] * 4 + [2] * 5),
    )


CONNECTION_COLUMNS = (
    ColumnSpec("state"),
    ColumnSpec("name", "Connection", is_strong=True),
    ColumnSpec("kind", "Kind", tone=Tone.SECONDARY),
    ColumnSpec("polls", "Polls", tone=Tone.SECONDARY),
    ColumnSpec("last", "Last good", is_right=True, width=72),
    ColumnSpec("series", "Series", width=62),
    ColumnSpec("gaps", "Gaps, 24 h", is_right=True, width=66),
    ColumnSpec("words", "In words", stretch=1, tone=Tone.SECONDARY, wraps=True),
)
CONNECTIONS = TableData(
    ids=("machine", "metrics", "payhub", "exporter", "events", "status", "push"),
    cells=(
        StateCells((HEALTHY, HEALTHY, DOWN, HEALTHY, DEGRADED, HEALTHY, UNKNOWN)),
        TextCells(
            (
                "This machine",
                "Bank metrics",
                "PayHub probe",
                "Payments exporter",
                "Business events",
                "PayHub status page",
                "Push provider",
            )
        ),
        TextCells(
            ("this_machine", "prometheus", "http_probe", "openmetrics", "event_feed", "status_page", "http_probe")
        ),
        TextCells(tuple(f"every {seconds} s" for seconds in (5, 15, 10, 15, 5, 60, 30))),
        TextCells(("2 s", "4 s", "3 s", "9 s", "41 s", "18 s", "22 min")),
        NumberCells(np.array([58, 1204, 6, 312, NAN, NAN, 2]), lambda value: f"{value:,.0f}"),
        TextCells(
            ("0", "0", "—", "0", "1 gap", "0", "1 gap"),
            (*[Tone.TERTIARY] * 4, Tone.DEGRADED, Tone.TERTIARY, Tone.DEGRADED),
        ),
        TextCells(
            (
                "—",
                "back-filled 90 d",
                "HTTP 503 from the partner: the probe itself is fine",
                "—",
                "late since 12:20; 38,112 events to catch up, 2 min left",
                "—",
                "no answer since 11:58: connection refused by 10.20.4.7:443",
            )
        ),
    ),
)

_WHOLE = CoveragePart(0, 24, CoverageKind.RECEIVED)
COVERAGE = tuple(
    CoverageRow(name, parts, words)
    for name, parts, words in (
        ("This machine", (_WHOLE,), "all received"),
        ("Bank metrics", (_WHOLE,), "all received"),
        ("PayHub probe", (_WHOLE,), "all received"),
        (
            "Business events",
            (
                CoveragePart(0, 7, CoverageKind.RECEIVED),
                CoveragePart(8, 22.9, CoverageKind.RECEIVED),
                CoveragePart(22.9, 24, CoverageKind.LATE, "late since 12:20"),
            ),
            "a gap from 07:00 to 08:00, late since 12:20",
        ),
        (
            "Push provider",
            (
                CoveragePart(0, 21.6, CoverageKind.RECEIVED),
                CoveragePart(21.6, 24, CoverageKind.MISSING, "nothing since 11:58"),
            ),
            "nothing since 11:58",
        ),
    )
)

FIELDS = (
    FieldSpec("address", "Address", "Nothing is sent until you press Test.", is_required=True),
    FieldSpec("token", "Token", "Kept in the keyring of this computer, never in the store.", is_secret=True),
    FieldSpec("match", "Take series matching", "1,204 series match; the limit is 5,000.", placeholder='{job="…"}'),
    FieldSpec(
        "history",
        "History",
        "About 31 M samples, 16 MB, 3 min in the background.",
        FieldKind.DURATION,
        default=90 * 86400,
        maximum=366 * 86400,
    ),
    FieldSpec(
        "interval",
        "Ask",
        kind=FieldKind.CHOICE,
        choices=(Choice("5", "every 5 seconds"), Choice("15", "every 15 seconds")),
        default="15",
    ),
    FieldSpec("discover", "Discover integrations by label", kind=FieldKind.FLAG, default=True),
    FieldSpec("headers", "Headers", "One a line.", FieldKind.MULTILINE, is_advanced=True),
)
FIELD_VALUES = {
    "address": "https://metrics.bank.example",
    "token": "a-secret-token",
    "match": '{job=~"payments|accounts"}',
}


def walk(seed: int, count: int, *, around: float = 1.0, spread: float = 0.1) -> FloatArray:
    """A believable series: slow waves and heavy-tailed noise around a level."""
    random = np.random.default_rng(seed)
    drift = np.cumsum(random.normal(0, spread / 3, count))
    drift -= np.linspace(drift[0], drift[-1], count)
    return around * (1 + drift + random.standard_t(4, count) * spread / 3)


def performance(kind: str) -> tuple[LineData, ...]:
    """The three services of `performance.png`: `latency`, `throughput` or `errors`."""
    count = 480
    times = np.linspace(START_S, END_S, count)
    is_incident = (times > NOON_S - 3600) & (times < NOON_S + 300)
    levels = {
        "latency": ("s", (0.18, 0.1, 0.14), (0.42, 0.0, 0.06)),
        "throughput": ("1/s", (320.0, 650.0, 340.0), (-90.0, 0.0, -30.0)),
        "errors": ("ratio", (0.003, 0.001, 0.004), (0.031, 0.0, 0.0)),
    }
    unit, around, effect = levels[kind]
    lines: list[LineData] = []
    for number, name in enumerate(("payments-api", "accounts-api", "dispatcher")):
        value = np.abs(walk(number + 7, count, around=around[number]) + np.where(is_incident, effect[number], 0.0))
        spread = np.abs(walk(number + 70, count, around=around[number] * 0.04))
        lines.append(LineData(name, unit, times, value - spread, value + spread, value))
    return tuple(lines)


def expected(lines: tuple[LineData, ...]) -> Band:
    """A band around the usual level of the first line."""
    times = lines[0].times_s
    usual = float(np.median(lines[0].value)) * (1 + 0.1 * np.sin((times - START_S) / 6000))
    return Band(times, usual * 0.55, usual * 1.25)


SPANS = (Span(NOON_S - 3600, NOON_S + 300, "INC-208"), Span(NOON_S - 9000, NOON_S - 9000, "deploy 4.18.2", Tone.ACCENT))
