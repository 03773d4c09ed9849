"""Rules: what is taken means to the evaluator what the checker said; nothing reaches it unchecked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.rules import RuleFault, check_rule, compile_rule, context_of
from quarterdeck.domain.evidence_records import FactValue
from quarterdeck.domain.fact_catalogue import FACTS, FactType

VALUES: dict[FactType, FactValue] = {
    FactType.TEXT: "bill_pay",
    FactType.TEXTS: ("account", "payment"),
    FactType.WHOLE: 3,
    FactType.NUMBER: 1.3,
    FactType.FLAG: True,
    FactType.DAYS_UNTIL: 30,
    FactType.DAYS_SINCE: 12,
}
ALL_FACTS = {name: VALUES[spec.type] for name, spec in FACTS.items()}

WHOLES = st.one_of(
    st.integers(0, 10**9).map(str), st.sampled_from(["tls.days_left", "entity.tier", "size(data.classes)"])
)
NUMBERS = st.one_of(
    st.floats(0.01, 1e6).map(lambda n: f"{n:.3f}"), st.sampled_from(["tls.version", "objective.percent"])
)
TEXTS = st.one_of(
    st.from_regex(r"[ -~]{0,8}", fullmatch=True).map(repr), st.sampled_from(["entity.domain", "entity.kind"])
)
ORDERS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def _binary(
    signs: st.SearchStrategy[str], left: st.SearchStrategy[str], right: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    return st.tuples(left, signs, right).map(lambda part: f"({part[0]} {part[1]} {part[2]})")


SUMS = st.one_of(WHOLES, _binary(st.sampled_from(["+", "-", "*"]), WHOLES, WHOLES), WHOLES.map(lambda one: f"-{one}"))
ATOMS = st.one_of(
    st.sampled_from(["tls.verified", "owner.declared", "has(tls.version)", "true", "false"]),
    _binary(ORDERS, SUMS, NUMBERS),
    _binary(ORDERS, NUMBERS, SUMS),
    _binary(ORDERS, TEXTS, TEXTS),
    _binary(st.just("in"), TEXTS, st.sampled_from(["data.classes", "['a', 'b']", "[]"])),
    st.tuples(st.sampled_from(["all", "exists"]), ORDERS, TEXTS).map(
        lambda part: f"data.classes.{part[0]}(c, c {part[1]} {part[2]})"
    ),
    TEXTS.map(lambda text: f"entity.domain.startsWith({text})"),
)
FLAGS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        _binary(st.sampled_from(["&&", "||", "==", "!="]), inner, inner),
        inner.map(lambda one: f"!{one}"),
        st.tuples(inner, inner, inner).map(lambda part: f"({part[0]} ? {part[1]} : {part[2]})"),
    ),
    max_leaves=12,
)


def fault_of(rule: str) -> RuleFault | None:
    """What is wrong with a rule, if anything is."""
    try:
        check_rule(rule)
    except RuleFault as fault:
        return fault
    return None


def refusal(rule: str) -> RuleFault:
    with pytest.raises(RuleFault) as refused:
        compile_rule(rule)
    return refused.value


@settings(deadline=None, max_examples=300)
@given(FLAGS)
def test_what_the_checker_takes_is_true_or_false_to_the_evaluator(flag: str) -> None:
    rule = f"tls.verified && {flag}"
    fault = fault_of(rule)
    if fault is None:
        assert isinstance(compile_rule(rule).holds(context_of(ALL_FACTS)), bool), rule
    else:
        assert "at most" in fault.words or "inside one another" in fault.words, (rule, fault.words)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused_with_a_place(text: str) -> None:
    fault = fault_of(text)
    assert fault is None or (fault.line >= 1 and fault.column >= 1 and fault.words)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from([*"()[],.!?:<>=+-*&|", "tls.version", "1", "'a'", " ", "in", "all", "has", "size"]), max_size=60
    )
)
def test_any_order_of_words_is_taken_or_refused(parts: list[str]) -> None:
    fault = fault_of("".join(parts))
    assert fault is None or fault.words.endswith(".")


def test_a_fault_names_the_line_and_the_column_of_what_is_wrong() -> None:
    fault = refusal("tls.verified\n  && tls.versio > 1.2")
    assert (fault.line, fault.column) == (2, 6)
    assert "tls.version" in fault.words


def test_a_rule_that_is_no_verdict_is_told_so() -> None:
    assert refusal("tls.version + 1.0").words == "A rule is true or false; this one is a number."


def test_a_fact_that_is_missing_leaves_the_rule_without_an_answer() -> None:
    rule = compile_rule("tls.version >= 1.2")
    assert rule.holds(context_of({}, ["tls"])) is None


def test_a_missing_fact_does_not_matter_where_the_rest_decides() -> None:
    rule = compile_rule("tls.version >= 1.2 || tls.verified")
    assert rule.holds(context_of({"tls.verified": True}, ["tls"])) is True


def test_a_fact_can_be_asked_for_without_being_needed() -> None:
    shape = check_rule("!has(tls.version) || tls.version >= 1.2")
    assert (shape.needed, shape.asked) == (("tls.version",), ("tls.version",))
    assert compile_rule("!has(tls.version) || tls.verified").holds(context_of({}, ["tls"])) is True


def test_a_search_through_a_list_is_priced_by_its_length() -> None:
    assert check_rule("data.classes.all(c, c != '')").cost > check_rule("size(data.classes) > 1").cost + 100
