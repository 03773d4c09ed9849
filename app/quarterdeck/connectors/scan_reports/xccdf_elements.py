"""XCCDF 1.1 and 1.2 (NIST IR 7275) as far as it is read: results of tests, wherever in a document they stand.

OpenSCAP writes a test's result by itself, at the end of a benchmark, or in an asset report (ARF 1.1) behind the
content it was made with; the titles of the rules are taken from that content where it is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quarterdeck.sdk.errors import UnexpectedReply

MAX_RESULTS = 20_000
MAX_RULES = 50_000
MAX_TESTS = 1_000
_MAX_TEXT_CHARS = 2_000
_NAMESPACES = ("{http://checklists.nist.gov/xccdf/1.2}", "{http://checklists.nist.gov/xccdf/1.1}")
_TOO_MUCH = "See whether it is the report of one run."
_SCANNER = "urn:xccdf:fact:scanner:"


@dataclass(slots=True)
class RuleResult:
    """What became of one rule: the word that the standard has for it, and of what the rule was held against."""

    rule: str
    severity: str
    result: str = ""
    instances: list[str] = field(default_factory=list[str])
    checks: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Score:
    """A score as it was told, with the most it could be and the address of the model it was reckoned by."""

    system: str
    maximum: str
    value: str


@dataclass(slots=True)
class TestResult:
    """One run; what is not told is empty."""

    __test__ = False

    started: str
    ended: str
    tester: str
    benchmark: str = ""
    profile: str = ""
    target: str = ""
    scanner: dict[str, str] = field(default_factory=dict[str, str])
    results: list[RuleResult] = field(default_factory=list[RuleResult])
    scores: list[Score] = field(default_factory=list[Score])


class XccdfListener:
    """Gathers the results of tests from a document's elements, and the titles and severities of its rules."""

    def __init__(self, shown: str) -> None:
        self.root = ""
        self.tests: list[TestResult] = []
        self.titles: dict[str, str] = {}
        self.severities: dict[str, str] = {}
        self._shown = shown
        self._path: list[str] = []
        self._rule = ""
        self._test: TestResult | None = None
        self._attributes: Mapping[str, str] = {}
        self._text: list[str] = []
        self._text_depth = 0
        self._room = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.root = self.root or tag
        name = _local(tag)
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if not name or self._text_depth:
            return
        if (parent, name) in _TEXTS and (self._test is not None or parent == "Rule"):
            self._text, self._text_depth, self._room = [], len(self._path), _MAX_TEXT_CHARS
            self._attributes = attributes
        elif self._test is not None:
            self._inside(self._test, parent, name, attributes)
        elif name == "TestResult":
            self._begin_test(attributes)
        elif name == "Rule":
            self._begin_rule(attributes)

    def data(self, text: str) -> None:
        if self._text_depth and self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def end(self) -> None:
        if self._text_depth == len(self._path):
            self._take("".join(self._text).strip())
            self._text_depth = 0
        if self._path.pop() == "TestResult":
            self._test = None

    def _begin_test(self, attributes: Mapping[str, str]) -> None:
        self._test = TestResult(
            started=attributes.get("start-time", ""),
            ended=attributes.get("end-time", ""),
            tester=attributes.get("test-system", ""),
        )
        self.tests.append(self._test)
        self._refuse_over(len(self.tests), MAX_TESTS, "runs")

    def _begin_rule(self, attributes: Mapping[str, str]) -> None:
        self._rule = attributes.get("id", "")
        self.severities[self._rule] = attributes.get("severity", "")
        self._refuse_over(len(self.severities), MAX_RULES, "rules")

    def _inside(self, test: TestResult, parent: str, name: str, attributes: Mapping[str, str]) -> None:
        if (parent, name) == ("TestResult", "rule-result"):
            test.results.append(RuleResult(attributes.get("idref", ""), attributes.get("severity", "")))
            self._refuse_over(len(test.results), MAX_RESULTS, "results")
        elif (parent, name) == ("TestResult", "benchmark"):
            test.benchmark = attributes.get("id") or attributes.get("href", "")
        elif (parent, name) == ("TestResult", "profile"):
            test.profile = attributes.get("idref", "")
        elif (parent, name) == ("check", "check-content-ref") and test.results:
            test.results[-1].checks.append(attributes.get("name", ""))
        elif name == "TestResult":
            message = f"The report {self._shown} is not XCCDF: a run stands within another."
            raise UnexpectedReply(message, "See where it comes from.")

    def _take(self, text: str) -> None:
        """Put a text that came to its end where it belongs."""
        name = self._path[-1]
        if name == "title":
            self.titles[self._rule] = text
        elif self._test is not None and name in {"result", "instance"}:
            self._take_of_rule(self._test, name, text)
        elif self._test is not None:
            self._take_of_test(self._test, name, text)

    def _take_of_rule(self, test: TestResult, name: str, text: str) -> None:
        if name == "result":
            test.results[-1].result = text
        else:
            test.results[-1].instances.append(text)

    def _take_of_test(self, test: TestResult, name: str, text: str) -> None:
        told = self._attributes
        if name == "score":
            test.scores.append(Score(told.get("system", ""), told.get("maximum", ""), text))
        elif name == "target":
            test.target = test.target or text
        elif told.get("name", "").startswith(_SCANNER):
            test.scanner[told["name"].removeprefix(_SCANNER)] = text

    def _refuse_over(self, count: int, most: int, what: str) -> None:
        if count > most:
            raise UnexpectedReply(f"The report {self._shown} tells of more than {most:,} {what}.", _TOO_MUCH)


_TEXTS = frozenset(
    {
        ("Rule", "title"),
        ("rule-result", "result"),
        ("rule-result", "instance"),
        ("TestResult", "score"),
        ("TestResult", "target"),
        ("target-facts", "fact"),
    }
)
"""The elements whose text is taken, each with what it stands in."""


def _local(tag: str) -> str:
    """The name of an element of XCCDF; empty for any other."""
    for namespace in _NAMESPACES:
        if tag.startswith(namespace):
            return tag[len(namespace) :]
    return ""
