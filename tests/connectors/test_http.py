"""The client all connectors share, against servers that behave as badly as real ones."""

import asyncio
import contextlib
import gzip
import logging
import socket
from pathlib import Path

import pytest

from quarterdeck.sdk.errors import ConnectorError, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.http import BoundedHttp, HttpClients, HttpLimits, HttpReply, Wire
from quarterdeck.sdk.testing import servers
from quarterdeck.sdk.testing.servers import ServedRequest, answering, http_server, write_reply
from quarterdeck.sdk.tls import TlsPolicy
from tests.support.certificates import make_authority

SHORT = HttpLimits(deadline_seconds=0.3, max_bytes=100_000)
ROOMY = HttpLimits(deadline_seconds=20.0, max_bytes=100_000)
SECRET = "s3cret-t0ken"


async def fetched(url: str, limits: HttpLimits = ROOMY, **options: object) -> HttpReply:
    async with BoundedHttp(limits=limits, tls=options.pop("tls", None)) as http:  # type: ignore[arg-type]
        return await http.send("GET", url, **options)  # type: ignore[arg-type]


async def fault_of(url: str, limits: HttpLimits = ROOMY, **options: object) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        await fetched(url, limits, **options)
    return caught.value


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
    [(b"not packed at all", "cannot be unpacked"), (gzip.compress(b"x" * 999)[:-6], "cut its answer")],
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


@pytest.mark.parametrize(
    "address",
    [
        f"http://user:{SECRET}@127.0.0.1:1/x",
        f"http://{SECRET}@127.0.0.1:1/",
        f"http://127.0.0.1:1/?token={SECRET}",
        f"http://127.0.0.1:1/#{SECRET}",
        f"ftp://u:{SECRET}@127.0.0.1/",
        f"http://user:{SECRET}@[::1",
        f"https://user:pa/ss{SECRET}@127.0.0.1:1/",
        f"https://{SECRET}:p?x#y@127.0.0.1:1/",
        f"{SECRET}@host",
    ],
)
async def test_no_message_shows_credentials_or_query_of_an_address(address: str) -> None:
    fault = await fault_of(address)
    assert SECRET not in str(fault)


async def test_a_token_that_cannot_be_sent_is_misconfigured_and_not_shown() -> None:
    async with http_server(answering(b"x")) as server:
        for token in (f"{SECRET}\nx: y", f"{SECRET}é", f"{SECRET}\x00"):
            fault = await fault_of(server.url(), headers={"authorization": token})
            assert isinstance(fault, Misconfigured)
            assert SECRET not in f"{fault}{fault.__cause__}"
        assert not server.requests


async def test_a_redirect_within_the_origin_is_followed_with_its_headers() -> None:
    async def respond(request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        status, headers = (307, {"location": "/new?page=2"}) if request.target == "/old" else (200, {})
        await write_reply(writer, status, headers, b"here")

    async with http_server(respond) as server:
        reply = await fetched(server.url("/old"), headers={"x-api-key": SECRET})
    assert reply.body == b"here"
    assert [request.target for request in server.requests] == ["/old", "/new?page=2"]
    assert all(request.headers["x-api-key"] == SECRET for request in server.requests)


async def test_a_redirect_to_another_place_is_refused_and_gets_no_header() -> None:
    async with contextlib.AsyncExitStack() as stack:
        other = await stack.enter_async_context(http_server(answering(b"caught")))
        elsewhere = answering(status=302, headers={"location": other.url("/steal")})
        server = await stack.enter_async_context(http_server(elsewhere))
        fault = await fault_of(server.url(), headers={"x-api-key": SECRET})
    assert "another place" in fault.message
    assert not other.requests


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://x/", "http://[::1", f"http://u:{SECRET}@127.0.0.1/", "javascript:0"]
)
async def test_a_redirect_to_something_else_than_http_is_refused(location: str) -> None:
    async with http_server(answering(status=301, headers={"location": location})) as server:
        fault = await fault_of(server.url())
    assert isinstance(fault, UnexpectedReply)
    assert SECRET not in str(fault)


async def test_redirects_in_circles_end() -> None:
    async with http_server(answering(status=302, headers={"location": "/"})) as server:
        assert "redirects in circles" in (await fault_of(server.url())).message
    assert len(server.requests) == 6


async def test_a_redirect_is_the_reply_when_it_is_not_to_be_followed() -> None:
    async with http_server(answering(status=302, headers={"location": "http://other.test/"})) as server:
        assert (await fetched(server.url(), wire=Wire(follow=False))).status == 302


async def test_a_post_that_is_sent_elsewhere_with_303_becomes_a_get() -> None:
    async def respond(request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        moved = request.target == "/query"
        await write_reply(writer, 303 if moved else 200, {"location": "/result"} if moved else {}, b"")

    async with http_server(respond) as server, BoundedHttp(limits=ROOMY) as http:
        await http.send("POST", server.url("/query"), form={"query": "up"})
    assert [(request.method, request.target) for request in server.requests] == [("POST", "/query"), ("GET", "/result")]


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with http_server(answering(b"proxy")) as proxy, http_server(answering(b"direct")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert (await fetched(server.url(), headers={"authorization": SECRET})).body == b"direct"
    assert not proxy.requests


async def test_credentials_of_a_netrc_file_are_not_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    async with http_server(answering(b"x")) as server:
        await fetched(server.url())
    assert "authorization" not in server.requests[0].headers


async def test_no_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        async with http_server(answering(b"x")) as server:
            await fetched(server.url(f"/?token={SECRET}"))
    assert SECRET not in caplog.text


async def test_cookies_are_not_carried_from_one_request_to_the_next() -> None:
    baking = answering(b"x", headers={"set-cookie": "session=1"})
    async with http_server(baking) as server, BoundedHttp(limits=ROOMY) as http:
        await http.get(server.url())
        await http.get(server.url())
    assert all("cookie" not in request.headers for request in server.requests)


async def test_parameters_are_added_to_those_of_the_address() -> None:
    async with http_server(answering(b"x")) as server:
        await fetched(server.url("/q?a=1"), params={"b": ["2", "3"]})
    assert server.requests[0].target == "/q?a=1&b=2&b=3"


async def test_a_certificate_of_a_given_authority_is_trusted(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with http_server(answering(b"safe"), tls=authority.server_context()) as server:
        policy = TlsPolicy(ca_file=str(authority.ca_file))
        assert (await fetched(server.url(), tls=policy)).body == b"safe"
        assert (await fetched(server.url(), tls=TlsPolicy(verify=False))).body == b"safe"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"days_left": -1.0}, "its certificate has expired"),
        ({"self_signed": True}, "its certificate is signed by itself"),
    ],
)
async def test_a_bad_certificate_is_refused_with_its_reason(
    options: dict[str, float | bool], words: str, tmp_path: Path
) -> None:
    authority = make_authority(tmp_path)
    async with http_server(answering(b"x"), tls=authority.server_context(**options)) as server:  # type: ignore[arg-type]
        fault = await fault_of(server.url(), tls=TlsPolicy(ca_file=str(authority.ca_file)))
    assert isinstance(fault, Unreachable)
    assert words in fault.message


async def test_a_certificate_of_an_unknown_authority_is_refused(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with http_server(answering(b"x"), tls=authority.server_context()) as server:
        assert "an authority unknown here" in (await fault_of(server.url())).message


async def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with http_server(answering(b"x"), tls=authority.server_context("other.test")) as server:
        url = f"https://localhost:{server.port}/"
        fault = await fault_of(url, tls=TlsPolicy(ca_file=str(authority.ca_file)))
    assert "its certificate is for another name" in fault.message


async def test_plain_http_on_a_port_asked_for_tls_is_told() -> None:
    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()

    async with servers.tcp_server(refuse) as port:
        fault = await fault_of(f"https://127.0.0.1:{port}/")
    assert "does not speak TLS on this port" in fault.message


async def test_a_server_silent_in_the_handshake_is_unreachable_and_its_connection_closed() -> None:
    closed = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        closed.set()

    async with servers.tcp_server(listen) as port:
        assert isinstance(await fault_of(f"https://127.0.0.1:{port}/", SHORT), Unreachable)
        await asyncio.wait_for(closed.wait(), 5)


async def test_an_authority_file_that_is_none_is_misconfigured(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate")
    for file in ("ca.pem", "missing.pem"):
        fault = await fault_of("https://127.0.0.1:1/", tls=TlsPolicy(ca_file=str(tmp_path / file)))
        assert isinstance(fault, Misconfigured)


async def test_the_machines_authorities_are_read_once_for_all_clients(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    clients = HttpClients()
    async with http_server(answering(b"x"), tls=authority.server_context()) as server:
        for _ in range(2):
            async with clients() as http:
                with pytest.raises(Unreachable):
                    await http.get(server.url())
        async with clients(tls=TlsPolicy(ca_file=str(authority.ca_file))) as http:
            assert (await http.get(server.url())).status == 200


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


async def test_the_host_asked_for_is_named_when_a_given_address_is_connected_to(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with http_server(answering(b"x"), tls=authority.server_context("payhub.test")) as server:
        reply = await fetched(
            f"https://payhub.test:{server.port}/",
            tls=TlsPolicy(ca_file=str(authority.ca_file)),
            wire=Wire(ip="127.0.0.1"),
        )
    assert reply.status == 200
    assert server.requests[0].headers["host"] == f"payhub.test:{server.port}"


def test_a_body_is_described_by_what_it_is() -> None:
    page = HttpReply(200, {"content-type": "text/html; charset=utf-8"}, b"<p>" + b"x" * 4000, "http://a.test/")
    assert page.body_words() == "a web page (text/html, 4 kB)"
    assert HttpReply(200, {}, b"", "http://a.test/").body_words() == "nothing (an empty body)"
