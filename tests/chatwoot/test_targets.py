"""Addresses that files must not be fetched from, by name, by redirect, and by a name server's changing mind."""

import socket
import threading
from collections.abc import Iterator

import pytest
import requests
from urllib3.connection import HTTPConnection, HTTPSConnection

from wuzapi_chatwoot.bridge.model.errors import Fault, Permanent, Retriable
from wuzapi_chatwoot.net.public_http import NotPublicError, is_public, new_public_http, resolve

PATH = "/rails/active_storage/blobs/redirect/abc--0001/bolo.jpg"
URL = f"https://chat.example.com{PATH}"
STORED = "https://storage.example.net/bucket/bolo.jpg?X-Amz-Signature=1"
MEGABYTE = 1024 * 1024


def redirect(chatwoot, url: str, to: str, status: int = 302) -> None:
	chatwoot.get(url, status=status, headers={"Location": to})


class TestForbiddenAddresses:
	@pytest.mark.parametrize(
		"url",
		[
			"",
			"bolo.jpg",
			"file:///etc/passwd",
			"ftp://storage.example.net/x",
			"https://",
			"https://[broken/x",
			"https://storage.example.net:port/x",
			"https://me:secret@storage.example.net/x",
		],
	)
	def test_no_address_of_a_file(self, files, url):
		with pytest.raises(Permanent, match=r"no usable address|contains credentials"):
			files.fetch(url, MEGABYTE)

	@pytest.mark.parametrize(
		"address",
		[
			"127.0.0.1",
			"10.1.2.3",
			"172.16.0.1",
			"192.168.1.1",
			"169.254.169.254",
			"100.64.0.1",
			"0.0.0.0",
			"224.0.0.1",
			"255.255.255.255",
			"192.0.2.1",
			"198.18.0.1",
			"::1",
			"::",
			"fe80::1%eth0",
			"fc00::1",
			"fec0::1",
			"ff02::1",
			"::ffff:127.0.0.1",
			"::ffff:10.0.0.1",
			"::127.0.0.1",
			"2002:7f00:1::",
			"64:ff9b::7f00:1",
			"2001:db8::1",
			"nonsense",
		],
	)
	def test_private_network(self, files, addresses, address):
		assert not is_public(address)
		addresses["evil.example.org"] = ["93.184.216.34", address]
		with pytest.raises(Permanent, match="private network"):
			files.fetch("https://evil.example.org/x", MEGABYTE)

	@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
	def test_public_network(self, address):
		assert is_public(address)

	def test_every_redirect_is_checked(self, files, chatwoot, addresses):
		addresses["metadata.example.org"] = ["169.254.169.254"]
		redirect(chatwoot, URL, STORED)
		redirect(chatwoot, STORED, "http://metadata.example.org/latest")
		with pytest.raises(Permanent, match="private network") as caught:
			files.fetch(URL, MEGABYTE)
		assert caught.value.detail == "metadata.example.org"

	def test_a_redirect_to_a_file(self, files, chatwoot):
		redirect(chatwoot, URL, "file:///etc/passwd")
		with pytest.raises(Permanent, match="no usable address"):
			files.fetch(URL, MEGABYTE)

	@pytest.mark.parametrize("url", ["https://chat.example.com:9000/x", "http://chat.example.com/x"])
	def test_other_ports_of_chatwoot_only_by_its_own_redirect(self, files, url):
		with pytest.raises(Permanent, match="private network"):
			files.fetch(url, MEGABYTE)

	def test_a_stranger_does_not_redirect_to_what_runs_beside_chatwoot(self, files, chatwoot, addresses):
		"""An address that somebody put into a message, whose server sends us on."""
		addresses["evil.example.org"] = ["93.184.216.34"]
		redirect(chatwoot, "https://evil.example.org/x", "https://chat.example.com:9000/minio/secret")
		with pytest.raises(Permanent, match="private network"):
			files.fetch("https://evil.example.org/x", MEGABYTE)

	def test_a_host_that_does_not_resolve(self, files):
		with pytest.raises(Retriable, match="does not resolve") as caught:
			files.fetch("https://nowhere.example.org/x", MEGABYTE)
		assert caught.value.fault is Fault.REQUEST

	def test_a_host_without_addresses(self, files, addresses):
		addresses["empty.example.org"] = []
		with pytest.raises(Permanent, match="private network"):
			files.fetch("https://empty.example.org/x", MEGABYTE)


class TestAnotherAnswerWhenConnecting:
	"""A name server may tell the truth only until it is believed."""

	@pytest.fixture
	def listener(self) -> Iterator[tuple[int, list[bytes]]]:
		"""A port of this machine, and the bytes that reached it."""
		got: list[bytes] = []
		with socket.create_server(("127.0.0.1", 0)) as server:

			def take_one() -> None:
				connection, _ = server.accept()
				with connection:
					got.append(connection.recv(1000))

			thread = threading.Thread(target=take_one)
			thread.start()
			yield server.getsockname()[1], got
			thread.join(timeout=5)
			assert not thread.is_alive()

	def test_not_a_byte_is_sent(self, files, addresses, listener):
		port, got = listener
		addresses["127.0.0.1"] = ["93.184.216.34"]
		with pytest.raises(Permanent, match="private network"):
			files.fetch(f"http://127.0.0.1:{port}/x", MEGABYTE)
		assert got in ([], [b""])

	def test_nor_by_the_pool_itself(self, listener):
		port, got = listener
		with new_public_http() as http, pytest.raises(requests.ConnectionError, match="not a public address"):
			http.get(f"http://127.0.0.1:{port}/x", timeout=5)
		assert got in ([], [b""])

	@pytest.mark.parametrize("scheme", ["http", "https"])
	@pytest.mark.parametrize(("peer", "public"), [("10.0.0.1", False), ("93.184.216.34", True)])
	def test_both_kinds_of_connections_look_where_they_led(self, monkeypatch, scheme, peer, public):
		class Socket:
			closed = False

			def getpeername(self) -> tuple[str, int]:
				return peer, 443

			def close(self) -> None:
				self.closed = True

		reached = Socket()
		with new_public_http() as http:
			pool = http.get_adapter(f"{scheme}://x").poolmanager.connection_from_url(f"{scheme}://x")
			connection = pool.ConnectionCls("x")
			library_class = HTTPSConnection if scheme == "https" else HTTPConnection
			monkeypatch.setattr(library_class, "connect", lambda self: setattr(self, "sock", reached))
			if public:
				connection.connect()
			else:
				with pytest.raises(NotPublicError, match=r"10\.0\.0\.1 is not a public address"):
					connection.connect()
		assert reached.closed is not public


def test_the_systems_own_resolver():
	assert resolve("127.0.0.1", 80) == ["127.0.0.1"]
