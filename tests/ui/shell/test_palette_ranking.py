"""Which items fit what was typed, best first, and which letters are shown bold."""

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.shell.palette_paint import pieces
from quarterdeck.ui.shell.palette_ranking import PaletteIndex, PaletteItem

ITEMS = (
    PaletteItem("processor", "PayHub processor", "integration", HealthState.DOWN),
    PaletteItem("payhub", "PayHub", "partner", HealthState.HEALTHY),
    PaletteItem("db", "payments-db", "component", HealthState.HEALTHY),
    PaletteItem("gateway", "SMS gateway", "integration", HealthState.HEALTHY),
    PaletteItem("files", "Settlement files", "integration", HealthState.MAINTENANCE),
    PaletteItem("action", "Open PayHub runbook", "command", bias=1),
    PaletteItem("six", "Last 6 hours", "range", bias=1),
)


def keys(query: str) -> list[str]:
    return [ranked.item.key for ranked in PaletteIndex(ITEMS).rank(query, 10)]


def bold(query: str) -> str:
    ranked = PaletteIndex(ITEMS).rank(query, 1)[0]
    return "".join(f"[{text}]" if matched else text for text, matched in pieces(ranked.item.text, ranked.spans))


def test_names_that_begin_like_it_come_first_the_worse_before_the_better() -> None:
    assert keys("payh")[:3] == ["processor", "payhub", "action"]


def test_matched_letters_are_told() -> None:
    assert bold("payh") == "[PayH]ub processor"
    assert bold("hours 6") == "Last [6] [hours]"


def test_words_may_come_in_any_order() -> None:
    assert keys("files settlement")[0] == "files"


def test_first_letters_of_words_are_enough() -> None:
    assert keys("sg")[0] == "gateway"
    assert bold("sg") == "[S]MS [g]ateway"


def test_a_slip_of_the_finger_still_finds() -> None:
    assert keys("settlemnt")[0] == "files"
    assert keys("payhbu")[0] in {"payhub", "processor"}


def test_the_kind_narrows() -> None:
    assert keys("partner pay")[0] == "payhub"


def test_upper_and_lower_case_are_alike() -> None:
    assert keys("SMS GATE") == keys("sms gate")


def test_nothing_typed_shows_what_wants_attention_first() -> None:
    assert keys("")[0] == "processor"
    assert set(keys("")) == {item.key for item in ITEMS}


def test_what_fits_nothing_finds_nothing() -> None:
    assert keys("zzzz") == []


def test_no_more_than_asked_are_found() -> None:
    assert len(PaletteIndex(ITEMS).rank("a", 2)) == 2


@given(st.text(max_size=12), st.lists(st.text(max_size=30), max_size=8))
def test_whatever_is_typed_the_pieces_are_the_whole_text(query: str, texts: list[str]) -> None:
    items = [PaletteItem(str(number), text, "kind") for number, text in enumerate(texts)]
    for ranked in PaletteIndex(items).rank(query, 20):
        assert "".join(piece for piece, _ in pieces(ranked.item.text, ranked.spans)) == ranked.item.text
