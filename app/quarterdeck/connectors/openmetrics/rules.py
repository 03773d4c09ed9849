"""What a metric means, written as rules a person can read: `what is measured => what it means`.

    orders_open                              => queue_depth
    pool_used / pool_size                    => saturation by pool
    1 - disk_free_bytes / disk_size_bytes    => storage by mountpoint as disk_used
    http_requests_total{route="/pay"}        => throughput for service/payments-api
    pay_seconds                              => response_time:p95
    days_until(certificate_end_seconds)      => expiry

Names and label values may hold `*` for anything; `!=` in braces leaves out. Counters stand for their rate a second,
histograms for what was observed between two scrapes. `by` keeps these labels apart and adds up over all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from quarterdeck.domain.facts import Facts
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.validation import is_entity_key

MAX_RULES = 200
_SELECTOR = r"[A-Za-z_:*?][A-Za-z0-9_:*?]*(?:\{(?:[^\"{}]|\"(?:[^\"\\]|\\.)*\")*\})?"
_EXPRESSION = re.compile(
    rf"(?P<rest>1\s*-\s*)?(?:(?P<function>days_until|age)\(\s*(?P<inner>{_SELECTOR})\s*\)|(?P<left>{_SELECTOR}))"
    rf"(?:\s*(?P<operator>[/-])\s*(?P<right>{_SELECTOR}))?(?:\s*\*\s*(?P<factor>[0-9.eE+-]+))?"
)
_MATCHER = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=|!=)\s*"((?:[^"\\]|\\.)*)"\s*')
_STATISTICS = frozenset({"", "p50", "p95", "p99", "mean", "max"})
_UNITS = {
    Meaning.RESPONSE_TIME: "s",
    Meaning.THROUGHPUT: "1/s",
    Meaning.ERROR_RATE: "ratio",
    Meaning.SATURATION: "ratio",
    Meaning.AVAILABILITY: "ratio",
    Meaning.STORAGE: "ratio",
    Meaning.PROCESSING: "ratio",
    Meaning.MEMORY: "By",
    Meaning.NETWORK: "By/s",
    Meaning.QUEUE_DEPTH: "1",
    Meaning.FRESHNESS: "s",
    Meaning.EXPIRY: "d",
}


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one label: its value fits the pattern, or must not."""

    label: str
    pattern: str
    is_negated: bool


@dataclass(frozen=True, slots=True)
class Selector:
    """Which metrics: a name pattern and conditions on labels."""

    name: str
    matchers: tuple[Matcher, ...] = ()

    @property
    def is_pattern(self) -> bool:
        """Whether the name stands for several."""
        return "*" in self.name or "?" in self.name

    def selects(self, labels: Facts) -> bool:
        """Whether a metric of the name with these labels is meant."""
        values = dict(labels)
        return all(
            fnmatchcase(values.get(matcher.label, ""), matcher.pattern) is not matcher.is_negated
            for matcher in self.matchers
        )

    def names_among(self, names: Iterable[str]) -> list[str]:
        """The names that are meant, in the order given."""
        return [name for name in names if fnmatchcase(name, self.name)]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `left`, or `left operator right`, or one minus that, times a factor, and what it means."""

    left: Selector
    meaning: Meaning
    statistic: str = ""
    right: Selector | None = None
    operator: str = ""
    is_rest: bool = False
    function: str = ""
    factor: float = 1.0
    by: tuple[str, ...] = ()
    entity_key: str = ""
    name: str = ""

    @property
    def unit(self) -> str:
        """The unit of what the rule yields; empty when the metric's own unit stays."""
        return _UNITS.get(self.meaning, "")


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Rules from lines; empty lines and lines that start with # are skipped. Raises ValueError naming the line."""
    rules: list[Rule] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            rules.append(_rule(line))
        except ValueError as fault:
            message = f"line {number}: {fault}"
            raise ValueError(message) from fault
    if len(rules) > MAX_RULES:
        message = f"there are {len(rules)} rules, at most {MAX_RULES} can be"
        raise ValueError(message)
    return tuple(rules)


def _rule(line: str) -> Rule:
    measured, arrow, meant = line.partition("=>")
    found = _EXPRESSION.fullmatch(measured.strip())
    if not arrow or not found:
        message = "write it as: metric => meaning"
        raise ValueError(message)
    if found["rest"] and found["operator"] != "/":
        message = "1 - goes with a division, as in 1 - free / size"
        raise ValueError(message)
    meaning, statistic, options = _meant(meant.split())
    return Rule(
        left=_selector(found["inner"] or found["left"]),
        meaning=meaning,
        statistic=statistic,
        right=_selector(found["right"]) if found["right"] else None,
        operator=found["operator"] or "",
        is_rest=bool(found["rest"]),
        function=found["function"] or "",
        factor=float(found["factor"] or 1.0),
        by=tuple(part.strip() for part in options.get("by", "").split(",") if part.strip()),
        entity_key=options.get("for", ""),
        name=options.get("as", ""),
    )


def _meant(words: list[str]) -> tuple[Meaning, str, dict[str, str]]:
    if not words or len(words) % 2 == 0:
        message = "after => stand a meaning and, if need be, by, for or as with one word each"
        raise ValueError(message)
    meaning, _, statistic = words[0].partition(":")
    if meaning not in set(Meaning) or statistic not in _STATISTICS:
        message = f"{words[0]} is not a meaning; {', '.join(Meaning)} are"
        raise ValueError(message)
    options = dict(zip(words[1::2], words[2::2], strict=True))
    if not options.keys() <= {"by", "for", "as"}:
        message = f"{next(iter(options.keys() - {'by', 'for', 'as'}))} is not one of by, for, as"
        raise ValueError(message)
    if "for" in options and not is_entity_key(options["for"]):
        message = f"{options['for']} is not an entity, such as service/payments-api"
        raise ValueError(message)
    return Meaning(meaning), statistic, options


def _selector(text: str) -> Selector:
    name, brace, rest = text.partition("{")
    if not brace:
        return Selector(name)
    matchers: list[Matcher] = []
    position, inside = 0, rest.removesuffix("}")
    while position < len(inside):
        found = _MATCHER.match(inside, position)
        if not found:
            message = f'in braces stand label="value", not {inside[position:]}'
            raise ValueError(message)
        value = re.sub(r"\\(.)", r"\1", found[3])
        matchers.append(Matcher(found[1], value, found[2] == "!="))
        position = found.end() + 1
    return Selector(name, tuple(matchers))
