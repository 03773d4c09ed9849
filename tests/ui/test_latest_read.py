"""One read at a time: what a person chose goes first, refreshes wait and only the newest is kept."""

from collections.abc import Callable

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from tests.support.backgrounds import HeldBackground

Told = list[str]


def read(name: str, told: Told) -> Read[str]:
    return Read(lambda: name, told.append, lambda error: told.append(error.message))


def failing(told: Told) -> Read[str]:
    def work() -> str:
        raise OperatorError("Locked.", "Wait.")

    return Read(work, told.append, lambda error: told.append(error.message))


def made() -> tuple[HeldBackground, LatestRead[str], Told]:
    background = HeldBackground()
    return background, LatestRead(background, "page"), []


def test_a_chosen_read_drops_the_one_under_way() -> None:
    background, reads, told = made()
    reads.take_over(read("first", told))
    reads.take_over(read("second", told))
    background.finish()
    assert told == ["second"]


def test_a_refresh_waits_for_the_read_under_way_and_the_newest_of_several_is_kept() -> None:
    background, reads, told = made()
    for name in ("first", "second", "third"):
        reads.follow(read(name, told))
    assert len(background.waiting) == 1
    background.finish()
    assert told == ["first", "third"]


def test_a_chosen_read_takes_the_place_of_a_refresh_that_waits() -> None:
    background, reads, told = made()
    reads.follow(read("first", told))
    reads.follow(read("refresh", told))
    reads.take_over(read("chosen", told))
    background.finish()
    assert told == ["chosen"]


def test_a_failed_read_lets_the_next_one_go_on() -> None:
    background, reads, told = made()
    reads.follow(failing(told))
    reads.follow(read("next", told))
    background.finish()
    assert told == ["Locked.", "next"]


def test_a_read_that_was_asked_for_while_a_result_is_taken_is_done() -> None:
    background, reads, told = made()

    def again(name: str) -> None:
        told.append(name)
        if name == "first":
            reads.follow(read("second", told))

    reads.follow(Read(lambda: "first", again, _unexpected()))
    background.finish()
    assert told == ["first", "second"]


def _unexpected() -> Callable[[OperatorError], None]:
    def fail(error: OperatorError) -> None:
        raise AssertionError(error)

    return fail


def test_nothing_comes_of_reads_that_were_dropped() -> None:
    background, reads, told = made()
    reads.drop()
    reads.follow(read("under way", told))
    reads.follow(read("waits", told))
    assert reads.is_active
    reads.drop()
    background.finish()
    assert (told, reads.is_active) == ([], False)
