"""The test kit finds what it is for: connectors planted with one fault each, and one without."""

import asyncio
import socket
import types
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest

from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.connector import CheckReport, ConnectionSettings, ConnectorContext, SettingProblem, Window
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.manifest import Manifest
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.testing import (
    BAD_DAYS,
    MOMENT,
    collect_all,
    context_for,
    judge_bad_days,
    judge_batches,
    judge_cancellation,
    judge_manifest,
    judge_module_state,
    judge_quality,
    judge_refusal,
    judge_validation,
    load_cases,
    quality_scale,
    run_case,
    settings_for,
)
from quarterdeck.sdk.testing.servers import LocalServer

KEYS = ("address", "timeout_seconds")
MANIFEST = Manifest.model_validate(
    {
        "id": "planted",
        "version": "1",
        "sdk": 1,
        "title": "Planted",
        "summary": "Nothing real.",
        "records": ["samples"],
        "settings": [{"key": key, "label": key.capitalize(), "hint": "x"} for key in KEYS],
    }
)
PAGE_DAYS = tuple(day for day in BAD_DAYS if day.name == "sends a web page")
READING = SeriesIdentity("service/a", "reading")


@dataclass(frozen=True, slots=True)
class Planted:
    """A connector that fetches a number; `on_validate` and `keep` let a fault in."""

    on_validate: Callable[[str], None] = lambda _address: None
    explains: bool = True
    patient: bool = False

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        self.on_validate(settings.text("address"))
        return ()

    async def check(self, context: ConnectorContext) -> CheckReport:
        return CheckReport(f"It says {await self._number(context)}.")

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        try:
            number = await self._number(context)
        except asyncio.CancelledError:
            if not self.patient:
                raise
            await asyncio.Event().wait()
            return
        yield Batch(samples=Samples.at(context.now(), {READING: number}), cursor="seen", note="One number.")

    async def _number(self, context: ConnectorContext) -> float:
        async with context.http() as http:
            reply = await http.get(context.settings.text("address"))
        reply.refuse_bad_status()
        try:
            return float(reply.text()[:20])
        except ValueError as fault:
            if not self.explains:
                raise
            raise UnexpectedReply(f"It answered with {reply.body_words()}.", "Check the address.") from fault


def address_of(server: LocalServer) -> dict[str, SettingValue]:
    return {"address": server.url("/number")}


def case_in(folder: Path, expected: str, answer: str = 'body = "7"') -> Path:
    case = folder / "one"
    case.mkdir()
    head = 'about = "x"\n[settings]\naddress = "http://a.test/number"\n[[exchange]]\npath = "/number"\n'
    (case / "case.toml").write_text(f"{head}{answer}\n[expected]\n{expected}\n", encoding="utf-8")
    return folder


async def complaints_of(folder: Path) -> tuple[str, ...]:
    (recorded,) = load_cases(folder)
    return await run_case(Planted(), MANIFEST, recorded)


async def test_a_connector_without_fault_passes() -> None:
    assert judge_manifest(MANIFEST) == ()
    assert await judge_validation(Planted(), MANIFEST, address_of) == ()
    assert await judge_refusal(Planted(), MANIFEST, address_of) == ()
    assert await judge_cancellation(Planted(), MANIFEST, address_of) == ()


async def test_a_connector_that_connects_in_validate_is_found() -> None:
    def connect(address: str) -> None:
        url = httpx.URL(address)
        socket.create_connection((url.host, url.port or 80)).close()

    found = await judge_validation(Planted(on_validate=connect), MANIFEST, address_of)
    assert found == ("validate connects to the source",)


async def test_a_connector_that_raises_its_own_errors_on_garbage_is_found() -> None:
    with pytest.raises(ValueError, match="could not convert"):
        await judge_bad_days(Planted(explains=False), MANIFEST, address_of, days=PAGE_DAYS)


async def test_a_connector_that_does_not_let_itself_be_cancelled_is_found() -> None:
    found = await judge_cancellation(Planted(patient=True), MANIFEST, address_of, within_seconds=0.3)
    assert found == ("a cancelled poll goes on",)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


def test_a_module_that_holds_state_is_found() -> None:
    module = types.ModuleType("planted")
    vars(module).update(cache={}, LIMITS={"a": 1}, seen=[], frozen=READING, kept=(1, 2))
    assert judge_module_state((module,)) == ("planted.cache can change: dict", "planted.seen can change: list")


def test_a_manifest_that_does_not_explain_itself_is_found() -> None:
    spec = MANIFEST.settings[0].model_copy(update={"hint": "", "label": "address.", "secret": True, "default": "x"})
    bad = MANIFEST.model_copy(update={"settings": (spec, spec), "summary": "No sentence", "poll_seconds": 0})
    assert len(judge_manifest(bad)) == 9


def test_records_that_are_not_well_formed_are_found() -> None:
    check = CheckResult(
        "nobody", "c", MOMENT.replace(tzinfo=None), CheckOutcome.PASSED, "x", facts=(("b", ""), ("a", ""))
    )
    ancient = Samples((SeriesIdentity("x", ""),), np.zeros(1, np.int32), np.zeros(1, np.int64), np.zeros(1))
    found = judge_batches((Batch(samples=ancient, checks=(check,)),))
    assert len(found) == 6


async def test_a_case_that_comes_out_as_expected_has_no_complaint(tmp_path: Path) -> None:
    expected = 'samples = 1\nwords = ["One number"]\ncheck_words = ["says 7"]\ncaught_up = true\n'
    expected += '[[expected.sample]]\nentity = "service/a"\nname = "reading"\nvalue = 7.0\nunit = "1"\n'
    assert await complaints_of(case_in(tmp_path, expected)) == ()


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("samples = 2", 'body = "7"'),
        ('error = "Denied"', 'body = "7"'),
        ('words = ["two"]', 'body = "7"'),
        ('check_words = ["says 8"]', 'body = "7"'),
        ("caught_up = false", 'body = "7"'),
        ('[[expected.sample]]\nentity = "service/a"\nname = "reading"\nvalue = 8.0', 'body = "7"'),
        ('[[expected.sample]]\nentity = "service/b"\nname = "reading"\nvalue = 7.0', 'body = "7"'),
        ('[[expected.sample]]\nentity = "service/a"\nname = "reading"\nvalue = 7.0\nmeaning = "expiry"', 'body = "7"'),
        ('[[expected.record]]\nkind = "events"', 'body = "7"'),
        ("samples = 1", 'body = "seven"'),
        ("samples = 1", 'failure = "dropped"'),
        ("samples = 1", 'failure = "garbage"'),
    ],
)
async def test_a_case_that_comes_out_otherwise_is_found(expected: str, answer: str, tmp_path: Path) -> None:
    assert len(await complaints_of(case_in(tmp_path, expected, answer))) >= 1


def test_a_case_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"one.case\.toml"):
        load_cases(case_in(tmp_path, "sampels = 1"))


async def test_a_request_that_a_case_does_not_answer_is_a_fault_of_the_case(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no answer to GET /number"):
        await complaints_of(case_in(tmp_path, "samples = 1", 'method = "POST"'))


async def test_a_poll_hands_out_its_only_batch_or_what_went_wrong() -> None:
    settings = settings_for(MANIFEST, {"address": "http://a.test/"})
    good = httpx.MockTransport(lambda _request: httpx.Response(200, text="3"))
    assert (await collect_all(Planted(), context_for(settings, transport=good))).only.cursor == "seen"
    bad = await collect_all(
        Planted(), context_for(settings, transport=httpx.MockTransport(lambda _request: httpx.Response(500)))
    )
    with pytest.raises(UnexpectedReply):
        assert bad.only


def test_a_claim_needs_evidence_that_exists_or_a_reason(tmp_path: Path) -> None:
    lines = [f'[{name}]\nstatus = "not_applicable"\nreason = "It is planted."\n' for name in quality_scale()]
    file = tmp_path / "quality.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert judge_quality(tmp_path, tmp_path) == ()
    (tmp_path / "test_x.py").write_text("def test_there() -> None: ...\n", encoding="utf-8")
    evidence = 'status = "done"\nevidence = ["test_x.py::test_there", "test_x.py::test_gone", "gone.md"]'
    lines[0] = f"[{next(iter(quality_scale()))}]\n{evidence}\n"
    lines[1] = lines[1].replace('reason = "It is planted."', "")
    file.write_text("\n".join([*lines[:-1], '[flair]\nstatus = "done"\n']), encoding="utf-8")
    found = judge_quality(tmp_path, tmp_path)
    assert [words.partition(" ")[2] for words in found] == [
        "is not answered",
        "is not on the scale",
        "test_x.py::test_gone does not exist",
        "gone.md does not exist",
        "is not_applicable without a reason",
        "is done without evidence",
    ]
