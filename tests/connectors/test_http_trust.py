"""Whom the shared client trusts with what: addresses, secrets, redirects, the environment, certificates."""

import asyncio
import contextlib
import logging
from pathlib import Path

import pytest

from quarterdeck.sdk.errors import Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.http import BoundedHttp, HttpClients, Wire
from quarterdeck.sdk.testing import servers
from quarterdeck.sdk.testing.servers import ServedRequest, answering, http_server, write_reply
from quarterdeck.sdk.tls import TlsPolicy
from tests.connectors.asking import ROOMY, SHORT, fault_of, fetched
from tests.support.certificates import make_authority

SECRET = "s3cret-t0ken"


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
    ("days_left", "signer", "words"),
    [(-1.0, "authority", "its certificate has expired"), (60.0, "itself", "its certificate is signed by itself")],
)
async def test_a_bad_certificate_is_refused_with_its_reason(
    days_left: float, signer: str, words: str, tmp_path: Path
) -> None:
    authority = make_authority(tmp_path)
    context = authority.server_context(days_left=days_left, self_signed=signer == "itself")
    async with http_server(answering(b"x"), tls=context) as server:
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
