"""Broken and hostile estate documents, each with the line and the reason that its refusal must tell."""

from collections.abc import Iterator
from dataclasses import dataclass

HEAD = "quarterdeck: 1\nname: doc\n"
ENTITY = "entities:\n  - key: service/a\n    kind: service\n    name: A\n"
TWO = (
    HEAD + "entities:\n  - {key: service/a, kind: service, name: A}\n  - {key: component/b, kind: component, name: B}\n"
)
TOML = 'quarterdeck = 1\nname = "doc"\n'


@dataclass(frozen=True)
class Broken:
    """A document that must be refused: at which line, and with which words. `line` 0 stands for the whole document."""

    name: str
    data: bytes
    line: int
    words: str
    ending: str = ".yaml"


def corpus() -> tuple[Broken, ...]:
    """All of them, in a fixed order."""
    return (
        *_forms(),
        *_slips(),
        *_hidden_characters(),
        *_wrong_types(),
        *_wrong_values(),
        *_wrong_relations(),
        *_wrong_rules(),
        *_wrong_objectives(),
        *_wrong_connections(),
        *_toml(),
    )


def _yaml(name: str, text: str, line: int, words: str) -> Broken:
    return Broken(name, text.encode(), line, words)


def _forms() -> Iterator[Broken]:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    yield _yaml("alias bomb", HEAD + bomb, 3, "anchors and aliases")
    yield _yaml("one alias", HEAD + "title: x\nentities: *x\n", 4, "")
    yield _yaml("anchor alone", HEAD + "title: &x y\n", 3, "anchors and aliases")
    yield _yaml("merge of an anchor", HEAD + "x: &x {a: 1}\nentities: [{<<: *x}]\n", 3, "anchors and aliases")
    yield _yaml("anchor to itself", HEAD + "x: &x [*x]\n", 3, "anchors and aliases")
    yield _yaml("python tag", HEAD + "title: !!python/object/apply:os.system [x]\n", 3, "tags (!) are not read")
    yield _yaml("own tag", HEAD + "title: !secret x\n", 3, "tags (!) are not read")
    yield _yaml("binary tag", HEAD + "title: !!binary aGk=\n", 3, "tags (!) are not read")
    yield _yaml("two documents", HEAD + "---\n" + HEAD, 3, "a second document begins here")
    yield _yaml("deep lists", HEAD + "title: " + "[" * 5000, 3, "levels lie inside one another")
    yield _yaml("deep sets", HEAD + "title: " + "{a: " * 5000, 3, "levels lie inside one another")
    deep = "".join(f"{' ' * depth}a:\n" for depth in range(40))
    yield _yaml("deep indentation", HEAD + deep, 19, "levels lie inside one another")
    yield _yaml("tab as indentation", HEAD + "entities:\n\t- key: service/a\n", 4, "this is not YAML")
    yield _yaml("tab before a key", HEAD + "\ttitle: x\n", 3, "this is not YAML")
    yield _yaml("indentation that falls back", HEAD + "entities:\n   - key: a\n  - key: b\n", 5, "this is not YAML")
    yield _yaml("nothing", "", 1, "the document is empty")
    yield _yaml("a comment only", "# nothing\n", 1, "the document is empty")
    yield _yaml("a word only", "hello\n", 1, "must be a set of keys and values")
    yield _yaml("a list only", "- a\n- b\n", 1, "must be a set of keys and values")
    yield _yaml("another version of YAML", "%YAML 9.9\n---\n" + HEAD, 1, "this is not YAML")
    yield _yaml("many values", HEAD + "title: [" + "0," * 200_001 + "]\n", 3, "more than 200,000 values")
    yield Broken("larger than allowed", b"#" * (8 * 1024 * 1024 + 1), 0, "larger than 8 MiB")


def _slips() -> Iterator[Broken]:
    yield _yaml("bracket left open", HEAD + "entities: [\n", 4, "this is not YAML")
    yield _yaml("brace left open", HEAD + "entities: {a: 1\n", 4, "this is not YAML")
    yield _yaml("quote left open", HEAD + "title: 'x\n", 4, "this is not YAML")
    yield _yaml("two values of one key", HEAD + "title: a: b\n", 3, "this is not YAML")
    yield _yaml("a reserved letter", HEAD + "title: @x\n", 3, "this is not YAML")
    yield _yaml("a backtick", HEAD + "title: `x`\n", 3, "this is not YAML")
    yield _yaml("an unknown escape", HEAD + 'title: "\\q"\n', 3, "this is not YAML")
    yield _yaml("a list as key", HEAD + "? [a]\n: b\n", 3, "a key must be a simple word")
    yield _yaml("a set as key", HEAD + "{a: b}: c\n", 3, "a key must be a simple word")
    yield _yaml("a key twice", HEAD + "title: a\ntitle: b\n", 4, "stands a second time; first in line 3")
    yield _yaml("an entity's key twice", HEAD + ENTITY + "    name: B\n", 7, "stands a second time")


def _hidden_characters() -> Iterator[Broken]:
    yield Broken("Latin 1", HEAD.encode() + b"title: caf\xe9\n", 3, "not UTF-8 text")
    yield Broken("UTF-16", (HEAD + "title: x\n").encode("utf-16"), 1, "not UTF-8 text")
    yield Broken("overlong", HEAD.encode() + b"title: \xc0\x80\n", 3, "not UTF-8 text")
    yield Broken("half a character", HEAD.encode() + b"title: \xe2\x82", 3, "not UTF-8 text")
    for name, letter in (("NUL", "\x00"), ("bell", "\x07"), ("escape", "\x1b"), ("delete", "\x7f")):
        yield _yaml(f"{name} as it is", HEAD + f"title: a{letter}b\n", 1, "this is not YAML")
    for name, escape in (
        ("NUL", "\\0"),
        ("escape", "\\e"),
        ("direction mark", "\\u202e"),
        ("isolate", "\\u2066"),
        ("byte order mark", "\\ufeff"),
        ("line separator", "\\u2028"),
        ("lone surrogate", "\\ud800"),
    ):
        yield _yaml(f"{name} by escape", HEAD + f'title: "a{escape}b"\n', 3, "")


def _wrong_types() -> Iterator[Broken]:
    for field in ("key", "kind", "name", "domain", "owner", "tier", "description", "freshness"):
        for word, value in (("list", "[a]"), ("set", "{a: b}")):
            lines = {"key": "service/a", "kind": "service", "name": "A"} | {field: value}
            text = HEAD + "entities:\n  - " + "\n    ".join(f"{key}: {told}" for key, told in lines.items()) + "\n"
            yield _yaml(f"{field} as a {word}", text, 4 + list(lines).index(field), "must be a single value")
    for field in ("expectations", "health", "objectives"):
        for word, value in (("word", "x"), ("set", "{a: b}"), ("number", "7")):
            yield _yaml(f"{field} as a {word}", HEAD + ENTITY + f"    {field}: {value}\n", 7, f"{field} must be a list")
    for word, value in (("word", "x"), ("list", "[a]")):
        yield _yaml(f"facts as a {word}", HEAD + ENTITY + f"    facts: {value}\n", 7, "facts must be a set of names")
    yield _yaml("a fact as a list", HEAD + ENTITY + "    facts: {a: [b]}\n", 7, "must be a single value")
    for field in ("entities", "relations", "connections"):
        yield _yaml(f"{field} as a set", HEAD + f"{field}: {{a: b}}\n", 3, f"{field} must be a list")
        yield _yaml(f"{field} of words", HEAD + f"{field}: [a]\n", 3, "must be a set of keys and values")
    many = ", ".join(f"k{number}: v" for number in range(65))
    yield _yaml("65 facts", HEAD + ENTITY + f"    facts: {{{many}}}\n", 7, "more than 64 names")
    yield _yaml("a fact's long name", HEAD + ENTITY + f"    facts: {{{'k' * 81}: v}}\n", 7, "at most 80")
    yield _yaml("a long fact", HEAD + ENTITY + f"    facts: {{k: {'v' * 1001}}}\n", 7, "at most 1,000")
    yield _yaml("a long name", HEAD + ENTITY.replace("name: A", "name: " + "A" * 201), 6, "at most 200")
    yield _yaml("a long description", HEAD + ENTITY + "    description: " + "d" * 4001 + "\n", 7, "at most 4,000")


def _wrong_values() -> Iterator[Broken]:
    yield _yaml("no format", "name: doc\n", 1, "says quarterdeck: 1 at its top")
    yield _yaml("a later format", "quarterdeck: 2\nname: doc\n", 1, "this console reads format 1")
    yield _yaml("no name", "quarterdeck: 1\n", 1, "needs a name")
    yield _yaml("a name with capitals", "quarterdeck: 1\nname: Doc\n", 2, "cannot be a name")
    yield _yaml("a key that nothing knows", HEAD + "entitys: []\n", 3, "Did you mean “entities”?")
    yield _yaml("since no day", HEAD + "since: yesterday\n", 3, "a date looks like")
    yield _yaml("since a 13th month", HEAD + "since: 2026-13-01\n", 3, "a date looks like")
    yield _yaml("no key", HEAD + "entities:\n  - {kind: service, name: A}\n", 4, "needs a key")
    yield _yaml("a key of no kind", HEAD + ENTITY.replace("service/a", "a"), 4, "cannot be a key")
    yield _yaml("a key of another kind", HEAD + ENTITY.replace("service/a", "partner/a"), 4, "must begin with its kind")
    yield _yaml("a key that climbs", HEAD + ENTITY.replace("service/a", "service/../x"), 4, "cannot be a key")
    yield _yaml("a kind that is none", HEAD + ENTITY.replace("kind: service", "kind: servce"), 5, "Did you mean")
    yield _yaml("an empty name", HEAD + ENTITY.replace("name: A", "name: ''"), 6, "needs a name")
    yield _yaml("tier nought", HEAD + ENTITY + "    tier: 0\n", 7, "it lies between 1 and 4")
    yield _yaml("tier one and a half", HEAD + ENTITY + "    tier: 1.5\n", 7, "tier is a whole number")
    yield _yaml("tier in words", HEAD + ENTITY + "    tier: high\n", 7, "tier is not a number")
    yield _yaml("freshness without unit", HEAD + ENTITY + "    freshness: soon\n", 7, "freshness cannot be")
    yield _yaml("freshness in months", HEAD + ENTITY + "    freshness: 3m\n", 7, "write min for minutes")
    yield _yaml("freshness of years", HEAD + ENTITY + "    freshness: 9000d\n", 7, "it lies between")
    yield _yaml("an entity twice", HEAD + ENTITY + ENTITY.removeprefix("entities:\n"), 7, "declared a second time")
    expects = HEAD + ENTITY + "    expectations: [{expectation}]\n"
    for name, told, words in (
        ("without bound", "{meaning: storage}", "an expectation needs a bound"),
        ("of no meaning", "{meaning: speed, down_above: 1}", "is no meaning of an expectation"),
        ("of no statistic", "{meaning: storage, statistic: p42, down_above: 1}", "is no statistic"),
        ("crossed", "{meaning: storage, degraded_above: 2, down_above: 1}", "down is the worse of the two"),
        ("in words", "{meaning: storage, down_above: much}", "down_above is not a number"),
        ("beyond bounds", "{meaning: storage, down_above: 1e300}", "it lies between"),
        ("twice", "{meaning: storage, down_above: 1}, {meaning: storage, down_above: 2}", "a second expectation"),
    ):
        yield _yaml(f"an expectation {name}", expects.replace("{expectation}", told), 7, words)


def _wrong_relations() -> Iterator[Broken]:
    for name, told, words in (
        ("without kind", "{from: service/a, to: component/b}", "needs a kind"),
        ("of no kind", "{kind: depends, from: service/a, to: component/b}", "is no kind of a relation"),
        ("from nowhere", "{kind: service_component, from: service/x, to: component/b}", "which no entity declares"),
        ("to nowhere", "{kind: service_component, from: service/a, to: component/x}", "which no entity declares"),
        ("to itself", "{kind: service_component, from: service/a, to: service/a}", "to itself"),
        ("misplaced", "{kind: external_internal, from: service/a, to: component/b}", "cannot stand there"),
        ("backwards", "{kind: event_notification, from: component/b, to: service/a}", "cannot stand there"),
        ("without end", "{kind: service_component, from: service/a}", "needs a to"),
        ("with an odd key", "{kind: service_component, from: service/a, to: component/b, via: x}", "is not a key of"),
    ):
        yield _yaml(f"a relation {name}", TWO + f"relations:\n  - {told}\n", 7, words)
    once = "  - {kind: service_component, from: service/a, to: component/b}\n"
    yield _yaml("a relation twice", TWO + "relations:\n" + once + once, 8, "declared a second time")


def _wrong_rules() -> Iterator[Broken]:
    ruled = TWO.replace("name: A}", "name: A, health: [{rule}]}") + (
        "relations:\n  - {kind: service_component, from: service/a, to: component/b}\n"
    )
    for name, told, words in (
        ("of no kind", "{rule: best_of, of: [component/b]}", "is no rule of a health rule"),
        ("of nobody", "{rule: worst_of}", "a health rule needs an of"),
        ("of a stranger", "{rule: worst_of, of: [component/x]}", "no relation says so"),
        ("of itself", "{rule: worst_of, of: [service/a]}", "no relation says so"),
        ("twice of one", "{rule: worst_of, of: [component/b, component/b]}", "named by a rule of this entity already"),
        ("without count", "{rule: at_least, of: [component/b]}", "at_least needs a count"),
        ("beyond its members", "{rule: at_least, count: 2, of: [component/b]}", "it lies between 1 and 1"),
        ("with a weight of nobody", "{rule: weighted, of: [component/b], weights: {component/x: 1}}", "is not in of"),
        ("with no weight", "{rule: weighted, of: [component/b], weights: {component/b: 0}}", "is a number above 0"),
        ("crossed", "{rule: weighted, of: [component/b], down_below: 0.9, degraded_below: 0.1}", "under down_below"),
    ):
        yield _yaml(f"a rule {name}", ruled.replace("{rule}", told, 1), 4, words)
    flood = ", ".join(["{rule: ignore, of: [component/b]}"] * 21)
    yield _yaml("21 rules", ruled.replace("{rule}", flood, 1), 4, "more than 20 rules")


def _wrong_objectives() -> Iterator[Broken]:
    for name, told, words in (
        ("without target", "{name: a, window: 1d, indicator: ratio, raw: x}", "needs a target"),
        ("beyond all", "{name: a, target: 1.1, window: 1d, indicator: ratio, raw: x}", "between 0 and 1"),
        ("over no window", "{name: a, target: 1, indicator: ratio, raw: x}", "needs a window"),
        ("over an odd window", "{name: a, target: 1, window: 1y, indicator: ratio, raw: x}", "window cannot be"),
        ("without indicator", "{name: a, target: 1, window: 1d}", "needs an indicator"),
        ("without query", "{name: a, target: 1, window: 1d, indicator: ratio}", "a ratio has good or bad with total"),
        ("with an odd name", "{name: a/b, target: 1, window: 1d, indicator: ratio, raw: x}", "cannot be a name"),
        (
            "of an odd budget",
            "{name: a, target: 1, window: 1d, indicator: ratio, raw: x, budgeting: y}",
            "no budgeting",
        ),
    ):
        yield _yaml(f"an objective {name}", HEAD + ENTITY + f"    objectives: [{told}]\n", 7, words)


def _wrong_connections() -> Iterator[Broken]:
    for name, told, words in (
        ("without id", "{connector: http_probe, name: P}", "needs an id"),
        ("with an odd id", "{id: a b, connector: http_probe, name: P}", "cannot be an id"),
        ("of an odd connector", "{id: a, connector: Http-Probe, name: P}", "cannot be a connector"),
        ("without name", "{id: a, connector: http_probe}", "needs a name"),
        ("polled never", "{id: a, connector: http_probe, name: P, poll: 0s}", "it lies between 1s and 7d"),
        ("with a set as setting", "{id: a, connector: http_probe, name: P, settings: {a: {b: c}}}", "a single value"),
        ("with an open secret", "{id: a, connector: x, name: P, settings: {token: t}, secrets: [token]}", "written in"),
        ("with an odd secret", "{id: a, connector: x, name: P, secrets: [A-B]}", "a list of different names"),
        ("with a secret twice", "{id: a, connector: x, name: P, secrets: [t, t]}", "a list of different names"),
    ):
        yield _yaml(f"a connection {name}", HEAD + f"connections:\n  - {told}\n", 4, words)
    once = "  - {id: a, connector: http_probe, name: P}\n"
    yield _yaml("a connection twice", HEAD + "connections:\n" + once + once, 5, "declared a second time")


def _toml() -> Iterator[Broken]:
    for name, text, line, words in (
        ("cut off", TOML + "title", 3, "this is not TOML"),
        ("a key twice", TOML + 'title = "a"\ntitle = "b"\n', 4, "this is not TOML"),
        ("a table twice", TOML + "[a]\n[a]\n", 4, "this is not TOML"),
        ("deep lists", TOML + "title = " + "[" * 5000, 1, "too many levels lie inside one another"),
        ("endless dots", TOML + ".".join("a" * 99) + " = 1\n", 3, "more than 32 names are joined by dots"),
        ("digits without end", TOML + "title = " + "9" * 9999, 1, "a number or date in it is out of bounds"),
        ("an infinite number", TOML + "title = inf\n", 3, "a number is out of bounds"),
        ("a bare word", TOML + "title = yes\n", 3, "this is not TOML"),
        ("an odd key", TOML + "entitys = []\n", 3, "Did you mean “entities”?"),
        ("entities as a word", TOML + 'entities = "a"\n', 3, "entities must be a list"),
    ):
        yield Broken(f"TOML: {name}", text.encode(), line, words, ".toml")
