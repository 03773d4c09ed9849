"""The colours can be read by everyone, on every ground they are used on."""

import itertools

import numpy as np
import pytest

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import mark_path, state_colour
from quarterdeck.ui.theme.tokens import DARK, LIGHT, Tokens, Tone, contrast

THEMES = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0
LEAST_DISTANCE = 10.0

# Machado, Oliveira, Fernandes 2009: simulation of colour vision deficiency, severity 1.0, on linear RGB.
VISIONS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def grounds(tokens: Tokens) -> tuple[str, ...]:
    return (tokens.window, tokens.surface, tokens.raised, tokens.hover, tokens.accent_ground)


@THEMES
@pytest.mark.parametrize("tone", [Tone.TEXT, Tone.SECONDARY, Tone.TERTIARY, Tone.UNKNOWN])
def test_words_are_readable_on_every_ground(tokens: Tokens, tone: Tone) -> None:
    assert min(contrast(tokens.tone(tone), ground) for ground in grounds(tokens)) >= TEXT_CONTRAST


@THEMES
@pytest.mark.parametrize("tone", [Tone.HEALTHY, Tone.DEGRADED, Tone.DOWN, Tone.MAINTENANCE, Tone.ACCENT])
def test_coloured_words_are_readable_on_cards_and_on_their_own_ground(tokens: Tokens, tone: Tone) -> None:
    places = (tokens.window, tokens.raised, tokens.accent_ground, tokens.ground(tone))
    assert min(contrast(tokens.tone(tone), ground) for ground in places) >= TEXT_CONTRAST


@THEMES
def test_the_primary_button_is_readable(tokens: Tokens) -> None:
    assert contrast(tokens.on_accent, tokens.accent) >= TEXT_CONTRAST
    assert contrast(tokens.on_accent, tokens.accent_hover) >= TEXT_CONTRAST


@THEMES
@pytest.mark.parametrize("state", list(HealthState))
def test_state_marks_stand_out_on_every_ground(tokens: Tokens, state: HealthState) -> None:
    assert min(contrast(state_colour(tokens, state), ground) for ground in grounds(tokens)) >= MARK_CONTRAST


@THEMES
def test_lines_of_charts_stand_out_on_their_card(tokens: Tokens) -> None:
    assert min(contrast(colour, tokens.raised) for colour in tokens.series) >= TEXT_CONTRAST


@THEMES
@pytest.mark.parametrize("vision", list(VISIONS))
def test_lines_of_charts_stay_apart_for_the_colour_blind(tokens: Tokens, vision: str) -> None:
    seen = [lab(np.array(VISIONS[vision]) @ linear(colour)) for colour in tokens.series]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) >= LEAST_DISTANCE


def test_every_state_that_shares_a_colour_has_a_shape_of_its_own() -> None:
    shapes = {state: mark_path(state) for state in HealthState}
    alike = {frozenset((a, b)) for a, b in itertools.combinations(HealthState, 2) if shapes[a] == shapes[b]}
    filled_or_hatched_otherwise = {
        frozenset((HealthState.HEALTHY, HealthState.UNKNOWN)),
        frozenset((HealthState.HEALTHY, HealthState.STALE)),
        frozenset((HealthState.UNKNOWN, HealthState.STALE)),
        frozenset((HealthState.DOWN, HealthState.UNREACHABLE)),
    }
    assert alike == filled_or_hatched_otherwise


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratios = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
