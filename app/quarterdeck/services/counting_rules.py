"""How ledgers may be counted otherwise, as it is said: `unknown=bad`, `maintenance=counted`, and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.objective_ledger import USUAL_RULE, CountingRule, Standing

RULE_CHOICES = (
    "unknown=apart",
    "unknown=bad",
    "unknown=excluded",
    "maintenance=excluded",
    "maintenance=counted",
    "degraded=good",
    "degraded=bad",
    "corrections=followed",
    "corrections=ignored",
)
"""Everything that can be said of a rule; the first of each name is usual."""

_UNKNOWN = {"apart": Standing.UNKNOWN, "bad": Standing.BAD, "excluded": Standing.EXCLUDED}
_UNKNOWN_WORDS = {
    Standing.BAD: "unmeasured time counted as bad",
    Standing.EXCLUDED: "unmeasured time left out",
}


def read_rule(said: Iterable[str]) -> CountingRule:
    """The rule that parts such as `unknown=bad` make together. Raises OperatorError for any other."""
    rule = USUAL_RULE
    for part in said:
        if part not in RULE_CHOICES:
            raise OperatorError(f"There is no rule {part!r}.", f"Say one of {', '.join(RULE_CHOICES)}.")
        name, _, value = part.partition("=")
        if name == "unknown":
            rule = replace(rule, unknown=_UNKNOWN[value])
        elif name == "maintenance":
            rule = replace(rule, excludes_maintenance=value == "excluded")
        elif name == "degraded":
            rule = replace(rule, degraded_is_bad=value == "bad")
        else:
            rule = replace(rule, follows_corrections=value == "followed")
    return rule


def rule_words(rule: CountingRule) -> str:
    """What a rule does otherwise than the usual one; of that one what it does."""
    told = [_UNKNOWN_WORDS[rule.unknown]] if rule.unknown in _UNKNOWN_WORDS else []
    told += [] if rule.excludes_maintenance else ["planned maintenance counted as measured"]
    told += ["degraded counted as bad"] if rule.degraded_is_bad else []
    told += [] if rule.follows_corrections else ["without corrections"]
    return ", ".join(told) or "maintenance left out, unmeasured time apart, corrections followed"
