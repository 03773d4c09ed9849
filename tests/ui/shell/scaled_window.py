"""A console in a process of its own, whose scale is set before Qt starts; prints the scale and what is cut off."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from quarterdeck.ui.theme.theme import Theme
from tests.support.consoles import ConsoleBench, FixedClock, make_bank_file, noted_panels, open_bank
from tests.ui.shell.test_sizes import PAYHUB, cut_off


def main(folder: Path) -> None:
    """Open the window at 1280 × 720 in its own pixels, as a screen of 2560 × 1440 at 200% shows it."""
    app = QApplication([])
    clock, bank = FixedClock(), make_bank_file(folder)
    bench = ConsoleBench(Theme(app), noted_panels({}, ["overview"]), lambda: open_bank(bank, clock), clock=clock)
    bench.start()
    bench.console.window.resize(1280, 720)
    bench.console.conductor.select(PAYHUB)
    bench.settle()
    print(bench.console.window.devicePixelRatioF(), cut_off(bench.console.window))  # noqa: T201 - the answer
    bench.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
