"""Notices go to real receivers on this machine; a dead, refusing or silent one is told, and never waited for long."""

import asyncio
import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from quarterdeck.domain.errors import OperatorError
from quarterdeck.exporters.enforcement_words import targets_text
from quarterdeck.exporters.notices import ChildNotifier
from quarterdeck.services.enforcement_ports import Notice
from quarterdeck.services.notice_targets import NoticeTarget, TargetBook

NOTICE = Notice("Security", "SEC-01 does not hold", "PayHub <b>since</b> noon", "ab12")


@dataclass
class Secrets:
    """Secrets in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, connection_id: str, key: str) -> str | None:
        return self.kept.get(f"{connection_id} {key}")

    def put(self, connection_id: str, key: str, value: str) -> None:
        self.kept[f"{connection_id} {key}"] = value

    def remove(self, connection_id: str, key: str) -> None:
        self.kept.pop(f"{connection_id} {key}", None)


@dataclass
class Mailbox:
    """Takes mail, or refuses it."""

    is_full: bool = False
    taken: list[Message] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        if self.is_full:
            return "552 No room"
        self.taken.append(message_from_bytes(envelope.original_content or b""))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A mail server of this test."""
    handler, port = Mailbox(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    yield handler, port
    server.stop()


def book(folder: Path, address: str, *, owner: str = "Security") -> TargetBook:
    file = folder / "targets.toml"
    file.write_text(f'[[targets]]\nowner = "{owner}"\naddress = "{address}"\n')
    return TargetBook(file, Secrets())


def mail(port: int) -> str:
    return f"mailto://127.0.0.1:{port}?from=quarterdeck@bank.example&to=security@bank.example&smtp=127.0.0.1"


async def test_a_mail_reaches_the_owner_as_plain_text(tmp_path: Path, mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    await ChildNotifier(book(tmp_path, mail(port))).send(NOTICE)
    (message,) = handler.taken
    assert message["subject"] == "SEC-01 does not hold"
    assert "security@bank.example" in str(message["to"])
    assert "PayHub <b>since</b> noon" in message.as_string()
    assert message.get_content_type() == "text/plain"


async def test_a_receiver_that_refuses_is_told_with_the_next_step(tmp_path: Path, mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    handler.is_full = True
    with pytest.raises(OperatorError, match=r"mailto://127\.0\.0\.1 did not take the notice") as refused:
        await ChildNotifier(book(tmp_path, mail(port))).send(NOTICE)
    assert "tried again by itself" in refused.value.next_step


async def test_a_dead_receiver_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="did not take the notice"):
        await ChildNotifier(book(tmp_path, f"json://127.0.0.1:{free_port()}/")).send(NOTICE)


async def test_a_hook_is_given_title_and_text(tmp_path: Path) -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        asked.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await ChildNotifier(book(tmp_path, f"json://127.0.0.1:{port}/hook")).send(NOTICE)
    told = json.loads(asked[0])
    assert (told["title"], told["message"]) == (NOTICE.title, NOTICE.body)


async def test_a_receiver_that_hangs_is_given_up_in_time_and_its_process_ended(tmp_path: Path) -> None:
    stuck = (sys.executable, "-c", "import signal; signal.pause()")
    notifier = ChildNotifier(book(tmp_path, "json://127.0.0.1/"), command=stuck, patience_seconds=0.3)
    with pytest.raises(OperatorError, match=r"did not answer within 0\.3 s"):
        await notifier.send(NOTICE)


async def test_an_address_that_nothing_can_be_sent_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="is no address that notices go to"):
        await ChildNotifier(book(tmp_path, "nonsense://x/")).send(NOTICE)


async def test_without_a_target_nothing_is_sent(tmp_path: Path) -> None:
    notifier = ChildNotifier(TargetBook(tmp_path / "targets.toml", Secrets()))
    assert notifier.target_of("Security") is None
    with pytest.raises(OperatorError, match="No target is set for Security"):
        await notifier.send(NOTICE)


def test_an_owner_is_found_whatever_the_case_and_everybody_else_by_a_star(tmp_path: Path) -> None:
    targets = book(tmp_path, "json://everybody/", owner="*")
    assert targets.target_of("Whoever") == NoticeTarget("*", "json://everybody/")
    assert book(tmp_path, "json://a/").target_of("SECURITY") == NoticeTarget("Security", "json://a/")


def test_what_is_shown_of_a_target_holds_nothing_secret(tmp_path: Path) -> None:
    targets = book(tmp_path, "slack://abc/TOKEN/{secret}").targets()
    assert targets_text(targets) == "Security: slack://abc"
    assert "nobody is told" in targets_text(())


def test_the_secret_of_an_address_comes_from_where_secrets_are_kept(tmp_path: Path) -> None:
    targets = book(tmp_path, "mailtos://q:{secret}@smtp.bank.example")
    (target,) = targets.targets()
    with pytest.raises(OperatorError, match="is not kept anywhere"):
        targets.address_of(target)
    targets._secrets.put("notices", "Security", "p@ss/word")
    assert targets.address_of(target) == "mailtos://q:p%40ss%2Fword@smtp.bank.example"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("targets = 7", "holds up to 200 tables"),
        ("other = 1", "holds up to 200 tables"),
        ("[[targets]]\nowner = 'a'", "a target has an owner and an address"),
        ("targets = [1]", "a target has an owner and an address"),
        ("[[targets]]\nowner = ''\naddress = 'json://a'", "is empty, too long"),
        ("[[targets]]\nowner = 'a'\naddress = 'smtp'", "this is no address"),
        ("[[targets]]\nowner = 'a'\naddress = 'json://[a'", "this is no address"),
        ("[[targets]]\nowner = 'a'\naddress = 'mailto://u:pw@h'", "a file keeps no password"),
        ("][", "is not TOML"),
    ],
    ids=["number", "key", "no-address", "no-table", "no-owner", "no-scheme", "no-host", "password", "no-toml"],
)
def test_a_file_of_targets_that_does_not_hold_together_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(text)
    with pytest.raises(OperatorError, match=words):
        TargetBook(file, Secrets()).targets()
