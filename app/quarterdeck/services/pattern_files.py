"""Patterns as files: read, and refused whole with their line before anything is held against them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind, RelationKind
from quarterdeck.domain.patterns import Objectives, Pattern, RequiredRelation, RequiredSignal, Way
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.documents.section import LONGEST_PROSE, Section, did_you_mean, written
from quarterdeck.sdk.documents.tree import DocumentFault, DocumentFaults, Mapping, Node, quoted
from quarterdeck.sdk.documents.yaml_text import read_yaml
from quarterdeck.sdk.local_files import read_regular_file
from quarterdeck.services.resources import resource_path

FORMAT = 1
"""The number after `quarterdeck_pattern:` that this console reads."""

LARGEST_BYTES = 64 * 1024
MOST_DEMANDS = 100
_MOST_RELATIONS = 1_000
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_FACT = re.compile(r"[a-z][a-z0-9_.-]{0,79}", re.ASCII)
_POLICY_ID = re.compile(r"[A-Z][A-Z0-9]{0,9}-[0-9]{1,4}", re.ASCII)
_STATISTIC = re.compile(r"(?:p[0-9]{1,2}|mean|max)?", re.ASCII)
_SHORTEST_SECONDS, _LONGEST_SECONDS = 1.0, 400 * 86_400.0
_KEYS = (
    *("quarterdeck_pattern", "id", "title", "statement", "kind"),
    *("relations", "signals", "objectives", "freshness", "facts", "policies"),
)
_NEXT_STEP = "Correct the file; until then nothing is held against it."
Choice = TypeVar("Choice", bound=StrEnum)


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


def pattern_paths(folder: Path) -> list[Path]:
    """The files of the patterns that the program carries, and those in a folder, which need not be there."""
    own = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return [*sorted(resource_path("patterns").glob("*.yaml")), *own]


def read_pattern(path: Path) -> Pattern:
    """The pattern of a file. Raises OperatorError for one that cannot be read or taken."""
    return parse_pattern(read_regular_file(path, LARGEST_BYTES).data, path.name)


def patterns_of(paths: Sequence[Path]) -> tuple[Pattern, ...]:
    """The patterns of some files. Raises OperatorError for one that is not taken, or when two share an id."""
    found: dict[str, tuple[Pattern, str]] = {}
    for path in paths:
        pattern = read_pattern(path)
        if pattern.id in found:
            words = f"the pattern {pattern.id} stands in {found[pattern.id][1]} already."
            raise InvalidPattern(path.name, [DocumentFault(1, words)])
        found[pattern.id] = pattern, path.name
    return tuple(pattern for pattern, _ in found.values())


def parse_pattern(data: bytes, name: str) -> Pattern:
    """The pattern a file holds. Raises InvalidPattern."""
    faults = DocumentFaults()
    with faults:
        pattern = _pattern(read_yaml(_text(data), faults), faults)
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


def _pattern(node: Node, faults: DocumentFaults) -> Pattern:
    if written(node, "quarterdeck_pattern") != str(FORMAT):
        raise DocumentFault(node.line, f"a pattern says quarterdeck_pattern: {FORMAT} at its top.")
    section = Section(node, "a pattern", _KEYS, faults)
    pattern = Pattern(
        id=section.name("id", _ID.fullmatch, "account_integration"),
        title=section.text("title", required=True),
        kind=section.choice("kind", EntityKind) or EntityKind.INTEGRATION,
        statement=section.text("statement", longest=LONGEST_PROSE, breaks=True),
        relations=_relations(section),
        signals=_signals(section),
        objectives=_objectives(node, faults),
        freshness_seconds=section.duration("freshness", _SHORTEST_SECONDS, _LONGEST_SECONDS),
        facts=section.words("facts", _FACT),
        policies=section.words("policies", _POLICY_ID),
    )
    if not 0 < pattern.demand_count <= MOST_DEMANDS:
        faults.add(section.fault(f"a pattern demands 1 to {MOST_DEMANDS} things, not {pattern.demand_count:,}."))
    return pattern


def _relations(parent: Section) -> tuple[RequiredRelation, ...]:
    found: list[RequiredRelation] = []
    for node in parent.listing("relations"):
        with parent.faults:
            found.append(_relation(node, parent.faults))
    return tuple(found)


def _relation(node: Node, faults: DocumentFaults) -> RequiredRelation:
    keys = ("kind", Way.FROM.value, Way.TO.value, "at_least", "at_most", "facts")
    section = Section(node, "a required relation", keys, faults)
    kind = section.choice("kind", RelationKind) or RelationKind.EXTERNAL_INTERNAL
    ways = [way for way in Way if written(node, way)]
    if len(ways) != 1:
        raise section.fault("a required relation says either from or to, with a kind of entity.")
    other = section.choice(ways[0], EntityKind) or EntityKind.SERVICE
    least = _whole(section, "at_least")
    most = _whole(section, "at_most")
    at_least = 1 if least is None else least
    if most is not None and most < at_least:
        faults.add(section.fault(f"at_most is {most}, less than at_least, which is {at_least}.", "at_most"))
    if not at_least and most is None:
        faults.add(section.fault("at_least: 0 without at_most demands nothing.", "at_least"))
    return RequiredRelation(kind, ways[0], other, at_least, most, section.words("facts", _FACT))


def _whole(section: Section, key: str) -> int | None:
    number = section.number(key, 0, _MOST_RELATIONS)
    if number is not None and number != int(number):
        section.faults.add(section.fault(f"{key} is {number:g}; it is a whole number.", key))
    return None if number is None else int(number)


def _signals(parent: Section) -> tuple[RequiredSignal, ...]:
    found: dict[RequiredSignal, None] = {}
    for node in parent.listing("signals"):
        with parent.faults:
            section = Section(node, "a required signal", ("meaning", "statistic"), parent.faults)
            meaning = section.choice("meaning", Meaning) or Meaning.OTHER
            statistic = section.text("statistic")
            if not _STATISTIC.fullmatch(statistic):
                words = f"{quoted(statistic)} is no statistic; one looks like p95, mean or max."
                parent.faults.add(section.fault(words, "statistic"))
            signal = RequiredSignal(meaning, statistic)
            if signal in found:
                parent.faults.add(section.fault("a signal is required once."))
            found[signal] = None
    return tuple(found)


def _objectives(node: Node, faults: DocumentFaults) -> Objectives:
    entries = node.entries if isinstance(node, Mapping) else ()
    told = next((entry.node for entry in entries if entry.key == "objectives"), None)
    if told is None:
        return Objectives()
    with faults:
        section = Section(told, "the objectives", ("availability_percent", "bounded"), faults)
        return Objectives(section.number("availability_percent", 0, 100), _choices(section, "bounded", Meaning))
    return Objectives()


def _choices(section: Section, key: str, kinds: type[Choice]) -> tuple[Choice, ...]:
    known = {kind.value: kind for kind in kinds}
    found = section.words(key, _FACT)
    for word in found:
        if word not in known:
            hint = did_you_mean(word, tuple(known), section.faults)
            section.faults.add(section.fault(f"{quoted(word)} is none of {', '.join(known)}.{hint}", key))
    return tuple(known[word] for word in found if word in known)
