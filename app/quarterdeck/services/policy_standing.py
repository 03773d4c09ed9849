"""How every policy stands at a moment, and whether files of policies hold together: what the terminal tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import PolicyVersion, Verdict
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.policy_packs import InvalidPolicies, packs_of


@dataclass(frozen=True, slots=True)
class CheckedPack:
    """A file of policies: how many it holds, or what is wrong with it, a sentence each."""

    path: Path
    policies: int
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingPolicy:
    """A version of a policy in force, and how many of its controls have which verdict."""

    version: PolicyVersion
    counts: Mapping[Verdict, int]


def checked_packs(paths: Sequence[Path]) -> tuple[CheckedPack, ...]:
    """Each file by itself, and then all of them together: two may hold the same policy."""
    checked = tuple(_checked(path) for path in paths)
    if any(each.faults for each in checked):
        return checked
    try:
        packs_of(paths)
    except InvalidPolicies as fault:
        return (*checked[:-1], CheckedPack(checked[-1].path, checked[-1].policies, fault.faults))
    return checked


def standing_policies(records: ComplianceRecords, at: datetime) -> tuple[StandingPolicy, ...]:
    """Every policy in force at a moment, by pack and number."""
    counts: dict[tuple[str, int], Counter[Verdict]] = defaultdict(Counter)
    for interval in records.verdicts_at(at):
        counts[interval.control.policy_id, interval.control.version][interval.verdict] += 1
    in_force = [
        version
        for version in records.policy_versions()
        if version.valid_from_at <= at and (version.valid_to_at is None or at < version.valid_to_at)
    ]
    ordered = sorted(in_force, key=lambda version: (version.policy.pack, version.policy.id))
    return tuple(StandingPolicy(each, counts[each.policy.id, each.version]) for each in ordered)


def _checked(path: Path) -> CheckedPack:
    try:
        (pack,) = packs_of([path])
    except InvalidPolicies as fault:
        return CheckedPack(path, 0, fault.faults)
    except OperatorError as fault:
        return CheckedPack(path, 0, (fault.message,))
    return CheckedPack(path, len(pack.policies))
