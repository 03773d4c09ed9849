"""What commands print: whatever comes from outside, nothing of it steers the terminal."""

import pytest

from quarterdeck.exporters.printing import complain, tell

HOSTILE = [
    pytest.param("\x1b[31mred\x1b]0;title\x07", id="escapes"),
    pytest.param("\x9b31m\x9d0;title\x9c", id="escapes-of-one-byte"),
    pytest.param("over\rwritten\b\b\x7f\x00", id="overwriting"),
    pytest.param("\u202eeman\u2066", id="direction-marks"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_answer_steers_no_terminal(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(f"before {text} after\nnext")
    said = capsys.readouterr().out
    assert all(letter.isprintable() for letter in said.replace("\n", ""))
    assert said.startswith("before ")
    assert said.endswith(" after\nnext\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_refusal_steers_no_terminal(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    complain(f"before {text} after", "Do this.")
    said = capsys.readouterr().err
    assert all(letter.isprintable() for letter in said.replace("\n", ""))
    assert said.endswith(" after\nDo this.\n")


def test_letters_of_every_script_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    tell("Zürich 東京 ● — “x”")
    assert capsys.readouterr().out == "Zürich 東京 ● — “x”\n"
