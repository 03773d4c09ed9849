"""The client all connectors share, against servers that behave as badly as real ones."""

import asyncio
import gzip
import socket

import pytest

from quarterdeck.sdk.errors import Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.testing import servers
from quarterdeck.sdk.testing.servers import ServedRequest, answering, http_server
from tests.connectors.asking import SHORT, fault_of, fetched


async def test_a_reply_carries_status_headers_and_body_of_any_status() -> None:
    async with http_server(answering(b"gone", status=410, content_type="Text/Plain; charset=utf-8")) as server:
        reply = await fetched(server.url("/x"))
    assert (reply.status, reply.body, reply.content_type) == (410, b"gone", "text/plain")


async def test_a_silent_server_is_unreachable_within_the_deadline() -> None:
    async with http_server(servers.silent) as server:
        fault = await fault_of(server.url(), SHORT)
    assert isinstance(fault, Unreachable)
    assert "did not finish its answer within 0.3 s" in fault.message


async def test_a_byte_now_and_then_does_not_extend_the_deadline() -> None:
    async with http_server(servers.dripping) as server:
        assert isinstance(await fault_of(server.url(), SHORT), Unreachable)


async def test_a_gigabyte_is_refused_at_the_limit_and_the_connection_closed() -> None:
    async with http_server(servers.flooding) as server:
        fault = await fault_of(server.url())
    assert isinstance(fault, UnexpectedReply)
    assert "sends more than 100 kB" in fault.message


async def test_an_announced_gigabyte_is_refused_without_reading_it() -> None:
    async def announce(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n")
        await writer.drain()
        await asyncio.Event().wait()

    async with http_server(announce) as server:
        assert "sends more than" in (await fault_of(server.url())).message


@pytest.mark.parametrize("members", [1, 40])
async def test_a_packed_body_that_unpacks_to_too_much_is_refused(members: int) -> None:
    bomb = gzip.compress(bytes(4_000_000 // members)) * members
    async with http_server(answering(bomb, headers={"content-encoding": "gzip"})) as server:
        assert "sends more than 100 kB" in (await fault_of(server.url())).message


async def test_packed_bodies_are_unpacked_even_from_several_members_in_small_pieces() -> None:
    packed = gzip.compress(b"alpha " * 1000) + gzip.compress(b"omega")

    async def trickle(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n")
        for byte in packed:
            writer.write(b"1\r\n" + bytes([byte]) + b"\r\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async with http_server(trickle) as server:
        assert (await fetched(server.url())).body == b"alpha " * 1000 + b"omega"


async def test_a_body_that_unpacks_to_exactly_the_limit_is_read() -> None:
    async with http_server(answering(gzip.compress(bytes(100_000)), headers={"content-encoding": "gzip"})) as server:
        assert len((await fetched(server.url())).body) == 100_000


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"not packed at all", "cannot be unpacked"), (gzip.compress(b"x" * 999, mtime=0)[:-6], "cut its answer")],
    ids=["not packed", "cut off"],
)
async def test_a_packed_body_that_is_broken_is_said_to_be(body: bytes, words: str) -> None:
    async with http_server(answering(body, headers={"content-encoding": "gzip"})) as server:
        assert words in (await fault_of(server.url())).message


async def test_an_empty_reply_that_claims_to_be_packed_is_empty() -> None:
    async with http_server(answering(b"", status=204, headers={"content-encoding": "gzip"})) as server:
        assert (await fetched(server.url())).body == b""


async def test_an_encoding_that_was_not_asked_for_is_refused() -> None:
    async with http_server(answering(b"x", headers={"content-encoding": "br"})) as server:
        assert "encoding br" in (await fault_of(server.url())).message


async def test_what_is_not_http_is_an_unexpected_reply() -> None:
    async with http_server(servers.babbling) as server:
        fault = await fault_of(server.url())
    assert isinstance(fault, UnexpectedReply)
    assert "not HTTP" in fault.message


async def test_a_body_shorter_than_announced_is_said_to_be_cut() -> None:
    async with http_server(servers.cutting_off) as server:
        assert "cut its answer short" in (await fault_of(server.url())).message


async def test_a_server_that_hangs_up_is_unreachable() -> None:
    async with http_server(servers.hanging_up) as server:
        fault = await fault_of(server.url())
    assert isinstance(fault, Unreachable)
    assert "closed the connection without an answer" in fault.message


async def test_endless_headers_are_refused() -> None:
    async def headers_without_end(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            writer.write(b"x-%d: %s\r\n" % (number, b"y" * 1000))
            await writer.drain()

    async with http_server(headers_without_end) as server:
        assert isinstance(await fault_of(server.url()), UnexpectedReply)


async def test_nothing_listening_is_a_refused_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    fault = await fault_of(f"http://127.0.0.1:{port}/")
    assert fault.message == f"Connection refused by 127.0.0.1:{port}."


async def test_an_unknown_host_is_told_as_one() -> None:
    fault = await fault_of("http://no-such-host.invalid/")
    assert isinstance(fault, Unreachable)
    assert "no-such-host.invalid" in fault.message


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
async def test_an_ipv6_literal_is_asked_and_named_in_brackets() -> None:
    async with http_server(answering(b"six"), host="::1") as server:
        assert (await fetched(server.url())).body == b"six"
    fault = await fault_of(server.url())
    assert fault.message == f"Connection refused by [::1]:{server.port}."


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.test/",
        "//example.test",
        "http://",
        "http:///path",
        "example.test",
        "http://exa mple.test/",
        "http://[::1/",
        "http://x:99999999/",
        "file:///etc/passwd",
        "http://" + "a" * 3000,
        "",
    ],
)
async def test_what_is_no_http_address_is_misconfigured(address: str) -> None:
    assert isinstance(await fault_of(address), Misconfigured)


async def test_a_cancelled_exchange_closes_its_connection() -> None:
    asked, closed = asyncio.Event(), asyncio.Event()

    async def handle(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        closed.set()

    async with servers.tcp_server(handle) as port:
        exchange = asyncio.create_task(fetched(f"http://127.0.0.1:{port}/"))
        await asyncio.wait_for(asked.wait(), 5)
        exchange.cancel()
        with pytest.raises(asyncio.CancelledError):
            await exchange
        await asyncio.wait_for(closed.wait(), 5)


async def test_other_work_goes_on_while_a_flood_of_tiny_pieces_is_read() -> None:
    async def tiny(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 4_000 + b"0\r\n\r\n")
        await writer.drain()

    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with http_server(tiny) as server:
        counting = asyncio.create_task(count_turns())
        reply = await fetched(server.url())
        counting.cancel()
        await asyncio.wait({counting})
    assert len(reply.body) == 4_000
    assert turns > 4_000 // 64


def test_a_body_is_described_by_what_it_is() -> None:
    page = HttpReply(200, {"content-type": "text/html; charset=utf-8"}, b"<p>" + b"x" * 4000, "http://a.test/")
    assert page.body_words() == "a web page (text/html, 4 kB)"
    assert HttpReply(200, {}, b"", "http://a.test/").body_words() == "nothing (an empty body)"
