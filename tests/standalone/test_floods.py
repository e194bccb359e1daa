"""Who only holds connections open, or sends much that nobody asked for, is got rid of."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from processes import until
from standalone_world import StandaloneWorld
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.http.h11_impl import H11Protocol

from wuzapi_chatwoot.standalone_host.web.connection_limits import LARGEST_ADMIN_BODY, impatient
from wuzapi_chatwoot.standalone_host.web.intake import BytesUnderWay


async def hello(scope: Any, receive: Any, send: Any) -> None:
	await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
	await send({"type": "http.response.body", "body": b"hi"})


@pytest.fixture(params=[AutoHTTPProtocol, H11Protocol], ids=lambda each: each.__name__)
def server(request: pytest.FixtureRequest) -> Iterator[uvicorn.Server]:
	config = uvicorn.Config(
		hello, port=0, http=impatient(request.param, 0.3), lifespan="off", log_config=None, access_log=False
	)
	server = uvicorn.Server(config)
	thread = threading.Thread(target=server.run)
	thread.start()
	until(lambda: server.started, "it listens")
	yield server
	server.should_exit = True
	thread.join()


def port_of(server: uvicorn.Server) -> int:
	return int(server.servers[0].sockets[0].getsockname()[1])


def test_300_idle_and_slow_connections_are_closed(server: uvicorn.Server) -> None:
	beginnings = (b"", b"POST /webhook/wuzapi HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: 1\r\n")
	with contextlib.ExitStack() as open_ones:
		for number in range(300):
			one = open_ones.enter_context(socket.create_connection(("127.0.0.1", port_of(server))))
			one.sendall(beginnings[number % 3])
		until(lambda: len(server.server_state.connections) > 0, "they are there")
		until(lambda: not server.server_state.connections, "they are closed")


def test_a_byte_now_and_then_keeps_nothing_open(server: uvicorn.Server) -> None:
	with socket.create_connection(("127.0.0.1", port_of(server))) as one:

		def refused() -> bool:
			try:
				one.sendall(b"X")
			except OSError:
				return True
			return False

		one.sendall(b"GET / HTTP/1.1\r\nX-Long: ")
		until(refused, "it is closed")


def test_who_asks_is_answered_again_and_again(server: uvicorn.Server) -> None:
	with socket.create_connection(("127.0.0.1", port_of(server))) as one:
		for _ in range(3):
			one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			told = b""
			while not told.endswith(b"hi"):
				told += one.recv(1000)
			assert b"200 OK" in told


def test_a_large_body_for_the_admin_api_is_not_read(world: StandaloneWorld) -> None:
	"""The framework would read it before it asks for the token."""
	for path in ("/admin/api/login", "/admin/api/sessions", "/events/1/replay"):
		answer = world.http.post(path, content=b" " * (LARGEST_ADMIN_BODY + 1))
		assert (answer.status_code, answer.headers["connection"]) == (413, "close")


def test_what_is_under_way_is_capped_and_strangers_have_a_part_of_it() -> None:
	room = BytesUnderWay(most=100, most_unproved=40)
	assert room.take(40, proved=False)
	assert not room.take(1, proved=False)
	assert room.take(60, proved=True)
	assert not room.take(1, proved=True)
	room.give_back(40, proved=False)
	assert room.take(40, proved=True)
	room.give_back(100, proved=True)
	assert room.take(40, proved=False)
