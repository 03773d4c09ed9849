"""What judging costs: 200 policies over 5,000 entities, one fact that changed, the matrix of a past day.

`full_seconds`: every rule of every policy on every entity, into verdicts that reach to the end of time, as the
collector does it; the verdicts are counted and not written (`full_cpu_seconds`: how much of that was spent in the
processor, which tells a busy machine from a slow program). `incremental_ms`: one new piece of evidence about one of
them, its verdicts, and both durable in a store. `matrix_ms`: the longest of reading the verdicts of each of 90 past
days from a store in which every control has changed through all of them, with the demo bank's policies and as many
entities.
"""

import gc
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from quarterdeck.analysis.evidence_timelines import Records
from quarterdeck.analysis.judged_policies import JudgedPolicy, PolicySet
from quarterdeck.analysis.verdicts import VerdictSpan, verdicts
from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import (
    ControlKey,
    EvidenceKind,
    EvidenceNeed,
    Policy,
    PolicyVersion,
    Scope,
    Severity,
    Verdict,
)
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.services.policy_packs import shipped_packs
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import FOREVER

POLICIES = 200
ENTITIES = 5_000
BANK_ENTITIES = 22
DAYS = 90
CHANGES_A_DAY = 0.3
PATIENCE_SECONDS = 120.0
NOW = datetime(2026, 11, 24, 12, 32, tzinfo=UTC)
_RULES: tuple[tuple[str, tuple[EvidenceKind, ...]], ...] = (
    ("tls.version >= 1.2 && tls.verified", (EvidenceKind.CERTIFICATE,)),
    ("tls.version >= 1.2 && tls.days_left >= {bound}", (EvidenceKind.CERTIFICATE,)),
    ("owner.declared && contract.declared", (EvidenceKind.DECLARATION,)),
    ("freshness.fresh", (EvidenceKind.FRESHNESS,)),
    ("availability.percent >= objective.percent", (EvidenceKind.AVAILABILITY, EvidenceKind.DECLARATION)),
    ("encryption.undeclared_links == 0 || entity.tier > 2", (EvidenceKind.DECLARATION,)),
    ("data.classes.all(c, c in ['account', 'payment', 'payee'])", (EvidenceKind.DECLARATION,)),
    ("data.retention_days > 0 && data.retention_days <= {bound}00", (EvidenceKind.DECLARATION,)),
)
_LIFETIMES = {
    EvidenceKind.CERTIFICATE: 86_400.0,
    EvidenceKind.DECLARATION: 365 * 86_400.0,
    EvidenceKind.FRESHNESS: 86_400.0,
    EvidenceKind.AVAILABILITY: 259_200.0,
}


def policies() -> PolicySet:
    """As many different policies as are judged, over all kinds of evidence."""
    made: list[JudgedPolicy] = []
    for number in range(POLICIES):
        rule, kinds = _RULES[number % len(_RULES)]
        needs = tuple(EvidenceNeed(kind, _LIFETIMES[kind] * (1 + number // 8 % 2)) for kind in kinds)
        text = rule.format(bound=10 + number % 40)
        policy = Policy(f"P-{number}", "bench", "t", "s", Scope(), text, Severity.LOW, needs, "o")
        made.append(JudgedPolicy.of(PolicyVersion(policy, 1, datetime(1970, 1, 1, tzinfo=UTC))))
    return PolicySet.of(made)


def evidence_about(number: int, chance: random.Random) -> dict[EvidenceKind, list[EvidenceRecord]]:
    """Evidence of every kind about one entity, received within the last hour, with facts of its own."""
    at = NOW - timedelta(seconds=chance.uniform(1, 3_600))
    told: dict[EvidenceKind, dict[str, FactValue]] = {
        EvidenceKind.DECLARATION: {
            "entity.kind": "service",
            "entity.domain": chance.choice(["account", "bill_pay", "notification"]),
            "entity.tier": chance.randint(1, 4),
            "owner.declared": chance.random() < 0.9,
            "contract.declared": chance.random() < 0.9,
            "encryption.undeclared_links": int(chance.random() < 0.2),
            "data.classes": tuple(chance.sample(["account", "payment", "payee", "contact"], 2)),
            "data.retention_days": chance.randint(0, 4_000),
            "objective.percent": chance.choice([99.0, 99.5, 99.9]),
        },
        EvidenceKind.CERTIFICATE: {
            "tls.version": chance.choice([1.1, 1.2, 1.3]),
            "tls.days_left": to_ms(NOW + timedelta(days=chance.uniform(-5, 200))),
            "tls.verified": chance.random() < 0.95,
        },
        EvidenceKind.FRESHNESS: {"freshness.fresh": chance.random() < 0.97},
        EvidenceKind.AVAILABILITY: {"availability.percent": round(chance.uniform(98.5, 100), 4)},
    }
    return {
        kind: [_record(kind, f"service/number-{number}", content, at, place)]
        for place, (kind, content) in enumerate(told.items(), 4 * number + 1)
    }


def _record(
    kind: EvidenceKind, entity_key: str, content: dict[str, FactValue], at: datetime, number: int
) -> EvidenceRecord:
    told = tuple(sorted(content.items()))
    return EvidenceRecord(kind, entity_key, "What was seen.", "bench", "all", at, None, at, 1, (), told, number)


def measure_full(
    known: PolicySet, entities: list[dict[EvidenceKind, list[EvidenceRecord]]]
) -> tuple[float, float, int]:
    """Seconds and processor seconds of judging everything once, and how many verdicts there are."""
    gc.collect()
    began, spent = time.perf_counter(), time.process_time()
    count = sum(len(spans) for records in entities for spans in verdicts(known, records, to_ms(NOW)))
    return time.perf_counter() - began, time.process_time() - spent, count


def measure_incremental(store: SqlStore, known: PolicySet, records: dict[EvidenceKind, list[EvidenceRecord]]) -> float:
    """Milliseconds from one changed fact to its durable verdicts; the median of several changes."""
    _write(store, known, records, to_ms(NOW))
    taken: list[float] = []
    for turn in range(1, 12):
        last = records[EvidenceKind.CERTIFICATE][-1]
        content = dict(last.content) | {"tls.version": 1.1 if turn % 2 else 1.3}
        at = NOW + timedelta(minutes=turn)
        draft = replace(last, content=tuple(sorted(content.items())), effective_from_at=at, received_at=at, id=0)
        began = time.perf_counter()
        stored = store.compliance.add_evidence([draft]).result(PATIENCE_SECONDS)
        records[EvidenceKind.CERTIFICATE] += stored
        _write(store, known, records, to_ms(at))
        taken.append(1_000 * (time.perf_counter() - began))
    return sorted(taken)[len(taken) // 2]


def _write(store: SqlStore, known: PolicySet, records: Records, begins_ms: int) -> None:
    key = records[EvidenceKind.DECLARATION][0].entity_key
    changes = [
        VerdictChange(ControlKey(policy.version.policy.id, 1, key), begins_ms, spans)
        for policy, spans in zip(known.policies, verdicts(known, records, begins_ms), strict=True)
    ]
    store.compliance.change_verdicts(changes).result(PATIENCE_SECONDS)


def fill_history(store: SqlStore, chance: random.Random) -> int:
    """Verdicts of the bank's size that changed through all of 90 days; how many intervals there are."""
    ids = [policy.id for pack in shipped_packs() for policy in pack.policies]
    begins_ms = to_ms(NOW - timedelta(days=DAYS))
    count = 0
    for entity in range(BANK_ENTITIES):
        changes: list[VerdictChange] = []
        for policy_id in ids:
            edges = sorted(chance.sample(range(begins_ms, to_ms(NOW)), int(DAYS * CHANGES_A_DAY)))
            over = zip([begins_ms, *edges], [*edges, FOREVER], strict=True)
            spans = [
                VerdictSpan(start, end, (Verdict.SATISFIED, Verdict.NOT_SATISFIED)[number % 2], "TLS version 1.1", (1,))
                for number, (start, end) in enumerate(over)
            ]
            count += len(spans)
            changes.append(VerdictChange(ControlKey(policy_id, 1, f"service/{entity}"), begins_ms, tuple(spans)))
        store.compliance.change_verdicts(changes).result(PATIENCE_SECONDS)
    return count


def measure_matrix(store: SqlStore) -> float:
    """Milliseconds of the slowest of 90 past days, each read cold of caches of this program."""
    slowest = 0.0
    for day in range(DAYS):
        slowest = max(slowest, _ms(lambda day=day: store.compliance.verdicts_at(NOW - timedelta(days=day, hours=3))))
    return slowest


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1_000 * (time.perf_counter() - began)


def main() -> None:
    """Measure, and print one JSON object as the last line."""
    chance = random.Random(20_261_124)
    known = policies()
    entities = [evidence_about(number, chance) for number in range(ENTITIES)]
    full_seconds, full_cpu_seconds, verdict_count = measure_full(known, entities)
    print(
        f"{POLICIES} policies x {ENTITIES:,} entities: {verdict_count:,} verdicts in {full_seconds:.2f} s", flush=True
    )
    with TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "console.db"))
        try:
            incremental_ms = measure_incremental(store, known, entities[7])
            intervals = fill_history(store, chance)
            matrix_ms = measure_matrix(store)
        finally:
            store.close()
    measured = {
        "policies": POLICIES,
        "entities": ENTITIES,
        "verdicts": verdict_count,
        "full_seconds": round(full_seconds, 3),
        "full_cpu_seconds": round(full_cpu_seconds, 3),
        "incremental_ms": round(incremental_ms, 1),
        "matrix_intervals": intervals,
        "matrix_ms": round(matrix_ms, 1),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    sys.exit(main())
