"""How truly one failure is named as one root: `python -m tests.bench.roots [--seed N]`.

On a generated estate of 300 entities each of 100 is killed in turn, and then 100 times two that have nothing to do with
each other. What the entities measure is judged as the collector judges it, and rolled up, every half minute for five
minutes and once more after ten; some were degraded before, one source fails throughout. The collector
pauses once or twice around each kill, for half a minute to three, and some sources tell late; without that with
`--all-collected`. `one_root_percent` is of how many kills exactly the killed entity, and nothing else, stands without a
reason elsewhere at the end, whether failed, silent or merely degraded; `two_roots_percent` of how many pairs both are
named. `followers_as_roots` counts followers named as roots at the end, `on_the_way_percent` of how many looks before it
there was one. The last line is one JSON object.
"""

import argparse
import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quarterdeck.analysis.rollup.conditions import Own
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.estate import Entity, EntityVersion, Origin
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.services.entity_courses import EntityCourse, course_of
from quarterdeck.services.evidence import Evidence, judged_now
from tests.bench.roots_estate import (
    ALL_COLLECTED,
    BEFORE_SECONDS,
    Collecting,
    Symptom,
    Trouble,
    World,
    flawed_collecting,
    tracks_of,
    troubles,
    world,
)

KILLS = 100
LOOKS_SECONDS = (*range(30, 301, 30), 420, 600)
WINDOW_MS = 600_000
START_MS = 1_790_000_000_000
HOUR_SECONDS = 3600.0
FELT_SECONDS = 300.0
"""So long after a pause all are judged still: at least one look then lies behind whatever was late."""
BEFORE_ALL_SECONDS = 130.0
"""How long before a kill all is looked at first: before any pause of the collector."""
HUNDRED = 100.0
TROUBLED = {HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE, HealthState.STALE}


def main() -> None:
    """Kill, look, print the figures."""
    parser = argparse.ArgumentParser(description="How truly one failure is named as one root.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all-collected", action="store_true", help="no gap in what is collected, no late source")
    parser.add_argument("--verbose", action="store_true", help="tell of every kill that was not named alone")
    options = parser.parse_args()
    bench = Bench(random.Random(options.seed), is_verbose=options.verbose, is_flawed=not options.all_collected)
    figures = bench.one_by_one() | bench.two_by_two()
    for name, value in figures.items():
        print(f"{name:28} {value:8.1f}")
    print(json.dumps(figures))


@dataclass(frozen=True, slots=True)
class Look:
    """Who stood without a reason elsewhere at one moment, and was fine before."""

    named: frozenset[str]
    followers: int


@dataclass(frozen=True, slots=True)
class Watch:
    """One kill as it is seen: the seed of its noise, and how it was collected."""

    seed: float
    collecting: Collecting


class Bench:
    """One estate under many kills."""

    def __init__(self, chance: random.Random, *, is_verbose: bool, is_flawed: bool) -> None:
        self._chance = chance
        self._is_verbose = is_verbose
        self._is_flawed = is_flawed
        self._world: World = world(chance)
        self._graph = DependencyGraph.of(self._world.entities, self._world.relations)
        self._courses = {entity.key: _course(entity) for entity in self._world.entities}
        self._before = self._troubled_before()

    def one_by_one(self) -> dict[str, float]:
        """Kill each of a hundred alone."""
        victims = self._chance.sample([key for key in self._courses if key not in self._before], KILLS)
        exact = followers_named = behind = looks = early = 0
        for victim in victims:
            seen = self._watch({victim: 0.0})
            exact += seen[-1].named == {victim}
            followers_named += len(seen[-1].named - {victim})
            behind += seen[-1].followers
            looks += len(seen) - 1
            early += sum(bool(look.named - {victim}) for look in seen[:-1])
            if self._is_verbose and seen[-1].named != {victim}:
                print(f"{victim}: {', '.join(sorted(seen[-1].named)) or 'nobody'}")
        return {
            "one_root_percent": HUNDRED * exact / KILLS,
            "followers": float(behind),
            "followers_as_roots": float(followers_named),
            "on_the_way_percent": HUNDRED * early / looks,
        }

    def two_by_two(self) -> dict[str, float]:
        """Kill a hundred pairs, none of which stands behind the other."""
        both = exact = 0
        for _ in range(KILLS):
            pair = self._independent_pair()
            named = self._watch(dict(zip(pair, (0.0, self._chance.uniform(0, 60)), strict=True)))[-1].named
            both += set(pair) <= named
            exact += set(pair) == named
            if self._is_verbose and not set(pair) <= named:
                print(f"{' and '.join(pair)}: {', '.join(sorted(named)) or 'nobody'}")
        return {"two_roots_percent": HUNDRED * both / KILLS, "two_roots_alone_percent": HUNDRED * exact / KILLS}

    def _independent_pair(self) -> tuple[str, str]:
        fine = [key for key in self._courses if key not in self._before]
        while True:
            one, other = self._chance.sample(fine, 2)
            if other not in self._world.behind(one) and one not in self._world.behind(other):
                return one, other

    def _troubled_before(self) -> dict[str, Trouble]:
        """Some are degraded for long, and some had their source fail in the minutes before."""
        keys = self._chance.sample(sorted(self._courses), 12)
        degraded = {key: Trouble(-HOUR_SECONDS, Symptom.SATURATED) for key in keys[:6]}
        return degraded | {
            key: Trouble(-BEFORE_ALL_SECONDS - self._chance.uniform(200, 700), Symptom.SILENT) for key in keys[6:]
        }

    def _watch(self, killed: Mapping[str, float]) -> list[Look]:
        """Kill, and look again and again who is named."""
        shown = self._before | troubles(self._world, killed, self._chance)
        seed = self._chance.random()
        collecting = flawed_collecting(self._world, self._chance) if self._is_flawed else ALL_COLLECTED
        watch = Watch(seed, collecting)
        owns = {key: self._own(key, self._before.get(key), -BEFORE_ALL_SECONDS, watch) for key in self._courses}
        rollup = Rollup(self._graph)
        rollup.judge_all(owns, START_MS - int(BEFORE_ALL_SECONDS * 1000))
        before = _without_reason(rollup)
        looks: list[Look] = []
        for seconds in LOOKS_SECONDS:
            if collecting.gap_at(float(seconds)) is not None:
                continue  # nobody collects, so nothing is judged
            now = {
                key: self._own(key, shown.get(key), float(seconds), watch)
                for key in self._judged(shown, collecting, seconds)
            }
            rollup.change(now, START_MS + seconds * 1000)
            explained = sum(bool(rollup.effective(key).because) for key in self._graph.keys)
            looks.append(Look(frozenset(_without_reason(rollup) - before), explained))
        return looks

    def _judged(self, shown: Mapping[str, Trouble], collecting: Collecting, seconds: float) -> Iterable[str]:
        """Who may be in another state than before: all while a pause of the collector is felt."""
        is_felt = any(begin <= seconds < end + FELT_SECONDS for begin, end in collecting.gaps)
        return self._courses if is_felt else shown

    def _own(self, key: str, trouble: Trouble | None, seconds: float, watch: Watch) -> Own:
        """What an entity's samples make of it, as the collector judges it."""
        course = self._courses[key]
        chance = random.Random(f"{watch.seed}{key}")
        tracks = tracks_of(course.latest, trouble, START_MS, seconds, chance, collecting=watch.collecting)
        now_ms = START_MS + int(seconds * 1000)
        found = judged_now(course, Evidence(tracks, ()), (now_ms - WINDOW_MS, now_ms), seen_before=True).intervals[-1]
        source_failed = key in self._before and self._before[key].symptom is Symptom.SILENT
        return Own(found.state, to_ms(found.from_at), source_failed=source_failed)


def _course(entity: Entity) -> EntityCourse:
    since_at = from_ms(START_MS - 10 * BEFORE_SECONDS * 1000)
    course = course_of([EntityVersion(entity, Origin.DECLARED, "bench", since_at)])
    if course is None:
        raise LookupError(entity.key)
    return course


def _without_reason(rollup: Rollup) -> set[str]:
    found = {key: rollup.effective(key) for key in rollup.graph.keys if rollup.state(key) in TROUBLED}
    return {key for key, effective in found.items() if not effective.because}


if __name__ == "__main__":
    main()
