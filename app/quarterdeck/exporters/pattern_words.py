"""Patterns for the terminal and as JSON: the files at hand, how everything stands, what a new file would find."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import StringIO

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.patterns import Finding, Standing, Verification
from quarterdeck.exporters.terminal import plain
from quarterdeck.sdk.texts import counted
from quarterdeck.services.pattern_shelf import KnownPattern, Patterns
from quarterdeck.services.patterns import HeldEntity, PatternPreview, PatternReport

_WIDTH = 132
_LONGEST = 1_000
_STANDINGS = {
    Standing.CONFORMS: "conforms",
    Standing.DEVIATES: "deviates",
    Standing.UNKNOWN: "not known",
    None: "no pattern",
}
_OF_SEVERAL = {Standing.CONFORMS: "conform", Standing.DEVIATES: "deviate", None: "without a pattern"}
_ORDER = (Standing.DEVIATES, Standing.UNKNOWN, None, Standing.CONFORMS)


def listed_text(patterns: Patterns, named: Mapping[str, int]) -> str:
    """A table of the patterns at hand with how many entities name each, and what is wrong with files left out."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Pattern", "Title", "For", "Demands", "Named by", "File"):
        grid.add_column(title, no_wrap=True, justify="right" if title in {"Demands", "Named by"} else "left")
    for each in patterns.known:
        pattern = each.pattern
        grid.add_row(
            pattern.id,
            plain(pattern.title, 44),
            pattern.kind.value.replace("_", " "),
            str(pattern.demand_count),
            str(named.get(pattern.id, 0)),
            plain(each.path.name, 60),
        )
    return "\n".join((_rendered(grid), *_faults(patterns.faults)))


def listed_json(patterns: Patterns, named: Mapping[str, int]) -> str:
    """The same for scripts."""
    told = [
        _pattern_object(each) | {"named_by": named.get(each.pattern.id, 0), "file": str(each.path)}
        for each in patterns.known
    ]
    return json.dumps({"patterns": told, "faults": list(patterns.faults)}, indent=2)


def standing_text(report: PatternReport, verdict: Standing) -> str:
    """A line for each entity, the deviating first, with what deviates and what is not known below it."""
    lines = _held_lines(report.held, report.at) or ["There is no integration. `quarterdeck apply FILE` declares one."]
    counts = Counter(each.standing for each in report.held)
    told = ", ".join(_counted(counts[each], each) for each in _ORDER if each in counts)
    total = f"{_STANDINGS[verdict].capitalize()}: {counted(len(report.held), 'entity', 'entities')}"
    return "\n".join((*lines, *_faults(report.faults), f"{total}: {told}." if told else f"{total}."))


def standing_json(report: PatternReport, verdict: Standing) -> str:
    """The same for scripts; instants in ISO 8601, UTC."""
    document = {
        "at": report.at.isoformat(),
        "verdict": verdict.value,
        "silent_since": _instant(report.silent_since_at),
        "entities": [_held_object(each) for each in report.held],
        "faults": list(report.faults),
    }
    return json.dumps(document, indent=2)


def _counted(count: int, standing: Standing | None) -> str:
    if count == 1 or standing not in _OF_SEVERAL:
        return f"{count} {_STANDINGS[standing]}"
    return f"{count} {_OF_SEVERAL[standing]}"


def preview_text(preview: PatternPreview, file: str, at: datetime) -> str:
    """What a pattern demands and would find; nothing was changed for it."""
    pattern = preview.pattern
    head = f"{file}: {pattern.title}, {counted(pattern.demand_count, 'demand')}."
    kind = pattern.kind.value.replace("_", " ")
    if not preview.held:
        return plain(f"{head} There is no {kind} to hold it against.", _LONGEST).plain
    noun = counted(len(preview.held), "entity", "entities")
    whom = (
        f"{noun} {'names' if len(preview.held) == 1 else 'name'} it:"
        if preview.is_named
        else f"Nothing names it yet; held against every {kind}, it would find:"
    )
    return "\n".join((plain(f"{head} {whom}", _LONGEST).plain, *_held_lines(preview.held, at)))


def preview_object(preview: PatternPreview, file: str) -> dict[str, object]:
    """The same as an object for JSON."""
    held = [_held_object(each) for each in preview.held]
    return {"file": file, "pattern": preview.pattern.id, "is_named": preview.is_named, "entities": held, "faults": []}


def _held_lines(held: Sequence[HeldEntity], at: datetime) -> list[str]:
    lines: list[str] = []
    for each in sorted(held, key=lambda one: (_ORDER.index(one.standing), one.entity.key)):
        titles = ", ".join(one.title or one.pattern_id for one in each.verifications)
        standing = _STANDINGS[each.standing]
        told = f"{each.entity.name} ({each.entity.key}): {standing}"
        lines.append(plain(f"{told}, {titles}" if titles else told, _LONGEST).plain)
        lines += [f"  {_finding_words(finding, at)}" for finding in each.deviations]
        lines += [f"  {_finding_words(finding, at)} (not known)" for finding in each.unknowns]
    return lines


def _finding_words(finding: Finding, at: datetime) -> str:
    words = f"requires {finding.required}; seen: {finding.seen}"
    if finding.since_at is not None:
        words += f", since {duration_words((at - finding.since_at).total_seconds())}"
    return plain(words, _LONGEST).plain


def _faults(faults: Sequence[str]) -> list[str]:
    return [plain(f"Left out: {fault}", _LONGEST).plain for fault in faults]


def _pattern_object(each: KnownPattern) -> dict[str, object]:
    pattern = each.pattern
    return {
        "id": pattern.id,
        "title": pattern.title,
        "kind": pattern.kind.value,
        "statement": pattern.statement,
        "demands": pattern.demand_count,
    }


def _held_object(held: HeldEntity) -> dict[str, object]:
    return {
        "key": held.entity.key,
        "name": held.entity.name,
        "standing": held.standing.value if held.standing is not None else None,
        "since": _instant(held.since_at),
        "patterns": [_verification_object(each) for each in held.verifications],
    }


def _verification_object(each: Verification) -> dict[str, object]:
    return {
        "pattern": each.pattern_id,
        "title": each.title,
        "standing": each.standing.value,
        "demands": each.demand_count,
        "deviations": [_finding_object(finding) for finding in each.deviations],
        "unknown": [_finding_object(finding) for finding in each.unknowns],
    }


def _finding_object(finding: Finding) -> dict[str, object]:
    return {
        "demand": finding.demand.value,
        "required": finding.required,
        "seen": finding.seen,
        "since": _instant(finding.since_at),
        "entities": list(finding.entity_keys),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _rendered(grid: Table) -> str:
    page = StringIO()
    Console(file=page, width=_WIDTH, no_color=True, highlight=False, markup=False).print(grid)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())
