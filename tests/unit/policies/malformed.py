"""Rules and packs that are wrong by construction, each kind of wrong under its own name, from a seed alone."""

import json
import random
from collections.abc import Callable, Iterator

from quarterdeck.analysis.rule_syntax import DEEPEST, MOST_NODES
from quarterdeck.analysis.rule_tokens import LONGEST_RULE
from quarterdeck.domain.fact_catalogue import FACTS, FactType

PACK = """\
quarterdeck_policies: 1
pack: security
title: Security
policies:
  - id: SEC-01
    title: TLS to partners
    statement: Partner endpoints use TLS 1.2 or newer.
    scope: {{kinds: [integration], tiers: [1, 2]}}
    rule: {rule}
    severity: high
    evidence:
      - {{kind: certificate, lifetime: 24h}}
    owner: Security
    actions: [notify_owner]
    controls: {{pci_dss_4: 4.2.1}}
"""
SOUND_RULE = "tls.version >= 1.2"
SOUND_PACK = PACK.format(rule=SOUND_RULE)
_WHOLE = [spec.name for spec in FACTS.values() if spec.type in {FactType.WHOLE, FactType.DAYS_UNTIL}]
_NUMBERS = [spec.name for spec in FACTS.values() if spec.type is FactType.NUMBER]
_FLAGS = [spec.name for spec in FACTS.values() if spec.type is FactType.FLAG]
_LETTERS = "abcdefghijklmnopqrstuvwxyz_"

Chance = random.Random
Maker = Callable[[Chance], str]


def _word(chance: Chance) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(chance.randint(1, 12)))


def _sound(chance: Chance) -> str:
    """A rule that holds together, of one to four terms."""
    terms = [
        f"{chance.choice(_NUMBERS)} {chance.choice(['<', '>=', '=='])} {chance.uniform(0, 99):.2f}",
        f"{chance.choice(_WHOLE)} != {chance.randint(0, 999)}",
        f"!{chance.choice(_FLAGS)}",
        f"size(data.classes) > {chance.randint(0, 5)}",
    ]
    return f" {chance.choice(['&&', '||'])} ".join(chance.sample(terms, chance.randint(1, 4)))


def _spoiled(chance: Chance) -> str:
    """A character that no rule may hold, at a place outside of texts."""
    rule, at = _sound(chance), chance.random()
    place = int(at * len(rule))
    return rule[:place] + chance.choice("@#$;`~^%&\x00\x1b\u202e\u2603\ud800'\"") + " " + rule[place:]


RULES: dict[str, Maker] = {
    "unknown fact": lambda chance: f"{_word(chance)}.{_word(chance)}_x > 1",
    "unknown member": lambda chance: f"tls.{_word(chance)}_x > 1 || {_sound(chance)}",
    "group alone": lambda chance: f"{chance.choice(['tls', 'data', 'owner'])} == 1",
    "number against text": lambda chance: f'{chance.choice(_NUMBERS)} >= "{_word(chance)}"',
    "flag compared": lambda chance: f"{chance.choice(_FLAGS)} < true",
    "flag added": lambda chance: f"{chance.choice(_FLAGS)} + 1 > 0",
    "mixed sum": lambda chance: f"{chance.choice(_WHOLE)} + 1.5 > 2.0",
    "no verdict": lambda chance: f"{chance.choice(_NUMBERS)} * {chance.uniform(1, 9):.3f}",
    "no fact": lambda chance: f"{chance.randint(1, 9)} < {chance.randint(1, 9)}",
    "dangling sign": lambda chance: f"{_sound(chance)} {chance.choice(['&&', '||', '+', '>', '.', ',', '?'])}",
    "leading sign": lambda chance: f"{chance.choice(['&&', '||', '>=', '.', ',', ')', ']'])} {_sound(chance)}",
    "open bracket": lambda chance: "(" * chance.randint(1, DEEPEST) + _sound(chance),
    "closed too often": lambda chance: _sound(chance) + ")" * chance.randint(1, 99),
    "chained": lambda chance: f"1 < {chance.choice(_WHOLE)} < {chance.randint(2, 99)}",
    "assignment": lambda chance: f"{chance.choice(_FLAGS)} = true",
    "unknown function": lambda chance: f"{_word(chance)}_f({_sound(chance)})",
    "regular expression": lambda chance: f"entity.domain.matches('({_word(chance)}+)+$')",
    "nested search": lambda _: "data.classes.all(a, data.classes.exists(b, a == b))",
    "search of a number": lambda chance: f"{chance.choice(_NUMBERS)}.all(a, a > 1)",
    "search without a name": lambda _: "data.classes.all('a', true)",
    "mixed list": lambda chance: f"entity.domain in ['{_word(chance)}', {chance.randint(0, 9)}]",
    "too deep": lambda chance: "(" * (DEEPEST + chance.randint(1, 400)) + "tls.verified",
    "too many signs": lambda chance: "!" * (DEEPEST + chance.randint(2, 900)) + "tls.verified",
    "too many parts": lambda chance: " && ".join(["tls.verified"] * min(150, MOST_NODES // 2 + chance.randint(1, 9))),
    "too long": lambda chance: f"tls.verified {'|| tls.verified ' * (LONGEST_RULE // 10 + chance.randint(1, 999))}",
    "text without end": lambda chance: f"entity.domain == '{_word(chance)}",
    "number too large": lambda chance: f"tls.days_left < {10 ** chance.randint(17, 300)}",
    "number without end": lambda chance: f"tls.version < 1e{chance.randint(400, 999)}",
    "spoiled": _spoiled,
    "nothing": lambda chance: " \t\n" * chance.randint(0, 9) + chance.choice(["", "// a remark"]),
}


def _without(chance: Chance) -> str:
    key = chance.choice(["quarterdeck_policies", "pack", "title", "    rule", "  - id", "    severity", "    owner"])
    return "".join(line for line in SOUND_PACK.splitlines(keepends=True) if not line.startswith(f"{key}:"))


def _replaced(old: str, makers: list[Maker]) -> Maker:
    return lambda chance: SOUND_PACK.replace(old, chance.choice(makers)(chance), 1)


def _bytes(chance: Chance) -> str:
    place = chance.randrange(len(SOUND_PACK))
    return SOUND_PACK[:place] + "\udcff\udcfe" + SOUND_PACK[place:]


PACKS: dict[str, Maker] = {
    "without a key": _without,
    "no severity": _replaced("high", [lambda chance: f"{_word(chance)}_x"]),
    "no lifetime": _replaced(
        "24h", [lambda _: "-1h", lambda _: "9999d", lambda _: "soon", lambda _: "1s", lambda _: ""]
    ),
    "no evidence": _replaced(
        "certificate", [lambda chance: f"{_word(chance)}_x", lambda _: "freshness", lambda _: "decision"]
    ),
    "no kind": _replaced("integration]", [lambda chance: f"{_word(chance)}_x]", lambda _: "integration, integration]"]),
    "no tier": _replaced("[1, 2]", [lambda _: "[0]", lambda _: "[1, 5]", lambda _: "one", lambda _: "[-1]"]),
    "no flag": _replaced("tiers: [1, 2]", [lambda _: "with_partner: perhaps", lambda _: "with_partner: [true]"]),
    "no action": _replaced("notify_owner", [lambda chance: f"{_word(chance)}_x"]),
    "no framework": _replaced("pci_dss_4", [lambda chance: f"{_word(chance)}_x"]),
    "no number": _replaced("4.2.1", [lambda _: '"4.2.1;"', lambda _: '","', lambda _: '"<b>"']),
    "no id": _replaced("SEC-01", [_word, lambda _: "", lambda _: "[SEC-01]"]),
    "unknown key": lambda chance: SOUND_PACK + f"    {_word(chance)}_x: 1\n",
    "key twice": lambda _: SOUND_PACK + "    owner: Somebody else\n",
    "policy twice": lambda _: SOUND_PACK + SOUND_PACK.partition("policies:\n")[2],
    "other format": _replaced("policies: 1", [lambda _: "policies: 2", lambda _: "policies: one"]),
    "no list": lambda _: SOUND_PACK.partition("policies:\n")[0] + "policies: 7\n",
    "alias": lambda chance: "a: &a [x]\n" + "b: *a\n" * chance.randint(1, 50) + SOUND_PACK,
    "tag": _replaced("Security\n", [lambda _: "!!python/object:os.system x\n"]),
    "deep": lambda chance: SOUND_PACK + "x: " + "[" * chance.randint(17, 400),
    "flow without end": lambda chance: SOUND_PACK + "x: {" + _word(chance),
    "tab": lambda _: SOUND_PACK.replace("    title", "\ttitle"),
    "quote without end": _replaced("TLS to", [lambda _: '"TLS to']),
    "no text": _bytes,
    "invisible": _replaced("TLS to", [lambda _: "TLS\u202e to", lambda _: "TLS\u2028to"]),
    "second document": lambda _: SOUND_PACK + "---\n" + SOUND_PACK,
    "nothing": lambda chance: "\n" * chance.randint(0, 9) + chance.choice(["", "# a remark", "[]", "7", "~"]),
}


def malformed_rules(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Names of what is wrong with rules, and the rules."""
    yield from _made(RULES, seed, count)


def malformed_packs(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Names of what is wrong with packs, and the packs as they lie in files; some have a rule that is wrong."""
    chance = random.Random(seed)
    rules = malformed_rules(seed + 1, count)
    for name, text in _made(PACKS, seed, count):
        if chance.random() < 0.3:
            wrong, rule = next(rules)
            yield wrong, PACK.format(rule=json.dumps(rule)).encode("utf-8", "surrogateescape")
        else:
            yield name, text.encode("utf-8", "surrogateescape")


def _made(makers: dict[str, Maker], seed: int, count: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(seed)
    names = list(makers)
    for number in range(count):
        name = names[number % len(names)]
        yield name, makers[name](chance)
