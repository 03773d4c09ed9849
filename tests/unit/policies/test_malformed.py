"""Whatever is wrong with a rule or a pack, it is refused with a reason, at once."""

import random
import time
from collections.abc import Iterator

import pytest

from quarterdeck.analysis.rules import RuleFault, compile_rule, context_of
from quarterdeck.services.policy_packs import InvalidPolicies, parse_pack, shipped_paths
from tests.unit.policies.malformed import PACKS, RULES, SOUND_PACK, SOUND_RULE, malformed_packs, malformed_rules

AT_MOST_SECONDS = 2.0


def rule_refusal(rule: str) -> str:
    """Why a rule is refused; raises AssertionError when it is taken or the reason is none."""
    began = time.perf_counter()
    with pytest.raises(RuleFault) as refused:
        compile_rule(rule)
    assert time.perf_counter() - began < AT_MOST_SECONDS
    assert refused.value.line >= 1
    assert refused.value.column >= 1
    assert refused.value.words.endswith(".")
    return refused.value.words


def pack_refusal(data: bytes) -> str:
    """Why a pack is refused; raises AssertionError when it is taken or the reason names no place."""
    began = time.perf_counter()
    with pytest.raises(InvalidPolicies) as refused:
        parse_pack(data, "security.yaml")
    assert time.perf_counter() - began < AT_MOST_SECONDS
    assert refused.value.message.startswith(f"security.yaml, line {refused.value.line}")
    return refused.value.message


def test_what_the_malformed_are_made_from_is_sound() -> None:
    assert compile_rule(SOUND_RULE).shape.needed == ("tls.version",)
    assert parse_pack(SOUND_PACK.encode(), "security.yaml").policies[0].id == "SEC-01"


@pytest.mark.parametrize("wrong", list(RULES))
def test_every_kind_of_wrong_rule_is_refused_with_a_reason(wrong: str) -> None:
    refusals = [rule_refusal(rule) for name, rule in malformed_rules(7, 5 * len(RULES)) if name == wrong]
    assert len(refusals) == 5


@pytest.mark.parametrize("wrong", list(PACKS))
def test_every_kind_of_wrong_pack_is_refused_with_a_place(wrong: str) -> None:
    found = [pack_refusal(data) for name, data in malformed_packs(7, 8 * len(PACKS)) if name == wrong]
    assert found


@pytest.mark.slow
def test_ten_thousand_malformed_files_and_rules_are_each_refused_with_a_reason() -> None:
    refusals = [rule_refusal(rule) for _, rule in malformed_rules(11, 7_000)]
    refusals += [pack_refusal(data) for _, data in malformed_packs(13, 3_000)]
    assert len(refusals) == 10_000
    assert all(refusals)


def spoiled_files(seed: int, count: int) -> Iterator[bytes]:
    """Files that ship with pieces taken out, put twice, moved or overwritten at random; some may still be sound."""
    chance = random.Random(seed)
    shipped = [path.read_bytes() for path in shipped_paths()]
    for _ in range(count):
        data = bytearray(chance.choice(shipped))
        for _ in range(chance.randint(1, 4)):
            at, other = chance.randrange(len(data)), chance.randrange(len(data))
            piece = data[at : at + chance.randint(1, 60)]
            data[at : at + len(piece) * chance.randint(0, 1)] = chance.choice(
                [b"", bytes(piece) * 2, bytes([chance.randrange(256)]), data[other : other + 40]]
            )
        yield bytes(data)


def test_a_shipped_file_spoiled_at_random_is_taken_or_refused_with_a_place_and_at_once() -> None:
    refused = 0
    for data in spoiled_files(17, 150):
        began = time.perf_counter()
        try:
            parse_pack(data, "security.yaml")
        except InvalidPolicies as fault:
            refused += fault.message.startswith(f"security.yaml, line {fault.line}")
        assert time.perf_counter() - began < AT_MOST_SECONDS
    assert refused > 75


def test_the_dearest_rule_that_is_taken_ends_at_once() -> None:
    term = " || ".join(f"data.classes.exists(c, c == '{letter}')" for letter in "abcdefgh")
    rule = compile_rule(term)
    context = context_of({"data.classes": tuple(f"class-{number}" for number in range(5_000))})
    began = time.perf_counter()
    assert rule.holds(context) is False
    assert time.perf_counter() - began < AT_MOST_SECONDS
