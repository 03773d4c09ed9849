"""A process that is asked to end does so in time, whatever holds it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

HELD = """
import asyncio, threading
from quarterdeck.services.endings import end_in_time

async def main():
    stop = asyncio.Event()
    end_in_time(stop, patience_seconds=0.2)
    hold = asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
    print("held", flush=True)
    await stop.wait()

asyncio.run(main())
"""
FREE = HELD.replace("hold = asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)", "pass")
SLOW = HELD.replace("patience_seconds=0.2", "patience_seconds=600")


def ended(script: str, *signals: signal.Signals) -> int:
    """The exit code after the signals, each sent once the process lives."""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            for number in signals[:-1]:
                process.send_signal(number)
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(1)
            process.send_signal(signals[-1])
            return process.wait(30)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_process_ends_in_good_order_when_it_is_asked_to(number: signal.Signals) -> None:
    assert ended(FREE, number) == 0


def test_a_thread_that_nothing_can_interrupt_does_not_hold_the_end() -> None:
    assert ended(HELD, signal.SIGTERM) == 0


def test_who_asks_a_second_time_does_not_wait() -> None:
    assert ended(SLOW, signal.SIGINT, signal.SIGINT) == 130
