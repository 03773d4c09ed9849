"""Patterns as files: read, and refused whole with their line before anything is held against them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.patterns import Pattern
from quarterdeck.domain.policies import Policy
from quarterdeck.sdk.documents.section import LONGEST_PROSE, Section, did_you_mean, written
from quarterdeck.sdk.documents.tree import DocumentFault, DocumentFaults, Node, Scalar, quoted
from quarterdeck.sdk.documents.yaml_text import read_yaml
from quarterdeck.sdk.local_files import read_regular_file
from quarterdeck.services.pattern_demands import FACT_NAME, read_objectives, read_relations, read_signals
from quarterdeck.services.resources import resource_path

FORMAT = 1
"""The number after `quarterdeck_pattern:` that this console reads."""

LARGEST_BYTES = 64 * 1024
MOST_DEMANDS = 100
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_POLICY_ID = re.compile(r"[A-Z][A-Z0-9]{0,9}-[0-9]{1,4}", re.ASCII)
_BARE_NUMBER = re.compile(r"[0-9.]+", re.ASCII)
_SHORTEST_SECONDS, _LONGEST_SECONDS = 1.0, 400 * 86_400.0
_KEYS = (
    *("quarterdeck_pattern", "id", "title", "statement", "kind"),
    *("relations", "signals", "objectives", "freshness", "facts", "policies"),
)
_NEXT_STEP = "Correct the file; until then nothing is held against it."


class InvalidPattern(OperatorError):
    """A file that does not hold together; `faults` are all of them, a sentence each with file and line.

    `line` is that of the first.
    """

    def __init__(self, name: str, found: Sequence[DocumentFault]) -> None:
        ordered = sorted(found, key=lambda fault: fault.line)
        self.line = ordered[0].line
        self.faults = tuple(f"{name}, line {fault.line}: {fault.words}" for fault in ordered)
        more = len(ordered) - 1
        also = "" if not more else f" There {'is 1 more fault' if more == 1 else f'are {more:,} more faults'}."
        super().__init__(f"{self.faults[0]}{also}", _NEXT_STEP)


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a file of a pattern is held against when it is read.

    `policies` are the kinds of entities that each policy judges, by its id, empty for all; None where policies are not
    looked at. `taken` are the files in which the patterns stand that are there already, by id.
    """

    policies: Mapping[str, tuple[EntityKind, ...]] | None = None
    taken: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, policies: Iterable[Policy], taken: Mapping[str, str]) -> AtHand:
        """Beside these policies, and these files by the ids of their patterns."""
        return cls({policy.id: policy.scope.kinds for policy in policies}, taken)


_ALONE = AtHand()


def pattern_paths(folder: Path) -> list[Path]:
    """The files of the patterns that the program carries, and those in a folder, which need not be there."""
    own = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return [*sorted(resource_path("patterns").glob("*.yaml")), *own]


def read_pattern(path: Path, beside: AtHand = _ALONE) -> Pattern:
    """The pattern of a file. Raises OperatorError for one that cannot be read or taken."""
    return parse_pattern(read_regular_file(path, LARGEST_BYTES).data, path.name, beside)


def patterns_of(paths: Sequence[Path]) -> tuple[Pattern, ...]:
    """The patterns of some files. Raises OperatorError for one that is not taken, or when two share an id."""
    found: list[Pattern] = []
    taken: dict[str, str] = {}
    for path in paths:
        pattern = read_pattern(path, AtHand(taken=taken))
        taken[pattern.id] = path.name
        found.append(pattern)
    return tuple(found)


def parse_pattern(data: bytes, name: str, beside: AtHand = _ALONE) -> Pattern:
    """The pattern a file holds. Raises InvalidPattern."""
    faults = DocumentFaults()
    with faults:
        pattern = _pattern(read_yaml(_text(data), faults), faults, beside)
        if not faults.found:
            return pattern
    raise InvalidPattern(name, faults.found)


def _text(data: bytes) -> str:
    if len(data) > LARGEST_BYTES:
        raise DocumentFault(1, f"the file is larger than {LARGEST_BYTES // 1024} KiB.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise DocumentFault(data.count(b"\n", 0, fault.start) + 1, "this is not UTF-8 text.") from fault


def _pattern(node: Node, faults: DocumentFaults, beside: AtHand) -> Pattern:
    if written(node, "quarterdeck_pattern") != str(FORMAT):
        raise DocumentFault(node.line, f"a pattern says quarterdeck_pattern: {FORMAT} at its top.")
    section = Section(node, "a pattern", _KEYS, faults)
    kind = section.choice("kind", EntityKind)
    pattern = Pattern(
        id=section.name("id", _ID.fullmatch, "account_integration"),
        title=section.text("title", required=True),
        kind=kind or EntityKind.INTEGRATION,
        statement=section.text("statement", longest=LONGEST_PROSE, breaks=True),
        relations=read_relations(section, kind),
        signals=read_signals(section, kind),
        objectives=read_objectives(section, kind),
        freshness_seconds=_freshness(section),
        facts=section.words("facts", FACT_NAME),
        policies=section.words("policies", _POLICY_ID),
    )
    if not 0 < pattern.demand_count <= MOST_DEMANDS:
        faults.add(section.fault(f"a pattern demands 1 to {MOST_DEMANDS} things, not {pattern.demand_count:,}."))
    if pattern.id in beside.taken:
        faults.add(section.fault(f"the pattern {pattern.id} stands in {beside.taken[pattern.id]} already.", "id"))
    if beside.policies is not None and pattern.policies:
        _note_policies(section, kind, beside.policies)
    return pattern


def _freshness(section: Section) -> float | None:
    told = written(section.node, "freshness")
    if _BARE_NUMBER.fullmatch(told):
        words = f"freshness is {quoted(told)} without a unit; it looks like {told}s, {told}min, {told}h or {told}d."
        section.faults.add(section.fault(words, "freshness"))
        return None
    return section.duration("freshness", _SHORTEST_SECONDS, _LONGEST_SECONDS)


def _note_policies(section: Section, kind: EntityKind | None, policies: Mapping[str, tuple[EntityKind, ...]]) -> None:
    """Note policies that nobody judges, or not of entities of the pattern's kind."""
    for node in section.listing("policies"):
        policy_id = node.text if isinstance(node, Scalar) else ""
        if not _POLICY_ID.fullmatch(policy_id):
            continue
        if policy_id not in policies:
            hint = did_you_mean(policy_id, tuple(policies), section.faults)
            known = hint or f" There are {', '.join(sorted(policies))}."
            section.faults.add(DocumentFault(node, f"there is no policy {policy_id}.{known}"))
        elif kind is not None and policies[policy_id] and kind not in policies[policy_id]:
            kinds = " or ".join(policies[policy_id])
            words = f"the policy {policy_id} judges entities of kind {kinds}, never {kind}."
            section.faults.add(DocumentFault(node, words))
