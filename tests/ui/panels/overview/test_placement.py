"""Cards fill the columns there is room for, and never overlap."""

import pytest

from quarterdeck.ui.panels.overview.placement import Box, column_count, page_height, place_sections


def overlap(first: Box, second: Box) -> bool:
    return (
        first.left < second.left + second.width
        and second.left < first.left + first.width
        and first.top < second.top + second.height
        and second.top < first.top + first.height
    )


@pytest.mark.parametrize(("width", "columns"), [(1212, 3), (712, 2), (1692, 4), (340, 1), (100, 1)])
def test_the_width_decides_how_many_columns_there_are(width: int, columns: int) -> None:
    assert column_count(width) == columns


def test_as_many_domains_as_columns_stand_side_by_side() -> None:
    placed = place_sections([4, 4, 4], 1212)
    assert [section.heading.top for section in placed] == [0, 0, 0]
    assert placed[-1].cards[-1].left + placed[-1].cards[-1].width == 1212


def test_one_domain_spreads_over_the_whole_width() -> None:
    cards = place_sections([7], 1212)[0].cards
    assert len({card.left for card in cards}) == 3
    assert [card.top for card in cards[:3]] == [cards[0].top] * 3


def test_the_fuller_of_two_domains_gets_the_third_column() -> None:
    few, many = place_sections([2, 9], 1212)
    assert len({card.left for card in few.cards}) == 1
    assert len({card.left for card in many.cards}) == 2


def test_a_further_domain_stands_under_the_column_that_ends_first() -> None:
    placed = place_sections([5, 1, 4, 3], 1212)
    assert placed[3].heading.left == placed[1].heading.left
    assert placed[3].heading.top > placed[1].bottom


@pytest.mark.parametrize("width", [320, 700, 1212, 2400])
@pytest.mark.parametrize("counts", [[1], [4, 4, 4], [12, 1, 7, 3, 3, 9, 2], [40], []])
def test_nothing_overlaps_and_nothing_sticks_out(width: int, counts: list[int]) -> None:
    placed = place_sections(counts, width)
    boxes = [box for section in placed for box in (section.heading, *section.cards)]
    assert not any(overlap(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :])
    assert all(box.left >= 0 and box.left + box.width <= width for box in boxes)
    assert page_height(placed) == max((box.top + box.height for box in boxes), default=0)


def test_sections_can_begin_further_down_with_higher_cards() -> None:
    (section,) = place_sections([4], 1212, top=300, card_height=82)
    assert (section.heading.top, section.cards[0].height) == (300, 82)
    assert section.cards[3].top - section.cards[0].top > 82
