"""Fetching files: redirects, moments of absence, sizes, and addresses that must not be asked."""

import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from wuzapi_chatwoot.bridge.errors import Fault, Permanent, Retriable
from wuzapi_chatwoot.chatwoot import new_http
from wuzapi_chatwoot.chatwoot.attachments import Attachments
from wuzapi_chatwoot.chatwoot.public_http import new_public_http
from wuzapi_chatwoot.chatwoot.targets import is_public

PATH = "/rails/active_storage/blobs/redirect/abc--0001/bolo.jpg"
URL = f"https://chat.example.com{PATH}"
STORED = "https://storage.example.net/bucket/bolo.jpg?X-Amz-Signature=1"
MEGABYTE = 1024 * 1024


@pytest.fixture
def files(pauses, addresses) -> Iterator[Attachments]:
	def resolve(host: str, port: int) -> list[str]:
		if host not in addresses:
			raise OSError("no such name")
		return addresses[host]

	with new_http() as http, new_public_http() as public_http:
		yield Attachments(
			"https://chat.example.com", http, public_http=public_http, resolve=resolve, sleep=pauses.append
		)


def redirect(chatwoot, url: str, to: str, status: int = 302) -> None:
	chatwoot.get(url, status=status, headers={"Location": to})


class TestTheWayThere:
	def test_through_chatwoot_to_its_storage(self, inbox, chatwoot):
		redirect(chatwoot, URL, STORED)
		chatwoot.get(STORED, body=b"\xff\xd8jpeg")
		assert inbox.fetch_attachment(URL, MEGABYTE) == b"\xff\xd8jpeg"
		for call in chatwoot.calls:
			assert "api-access-token" not in call.request.headers
			assert "Authorization" not in call.request.headers
			assert "Cookie" not in call.request.headers
			assert call.request.headers["Accept-Encoding"] == "identity"
			assert call.request.req_kwargs["timeout"] == (5.0, 20.0)

	def test_on_the_disk_of_the_same_host(self, files, chatwoot):
		redirect(chatwoot, URL, "/rails/active_storage/disk/xyz/bolo.jpg")
		chatwoot.get("https://chat.example.com/rails/active_storage/disk/xyz/bolo.jpg", body=b"x")
		assert files.fetch(URL, MEGABYTE) == b"x"

	@pytest.mark.parametrize(
		"to", ["https://chat.example.com:9000/bucket/b", "http://chat.example.com:9000/bucket/b"]
	)
	def test_to_another_port_of_the_same_host(self, files, chatwoot, to):
		redirect(chatwoot, URL, to)
		chatwoot.get(to, body=b"x")
		assert files.fetch(URL, MEGABYTE) == b"x"

	@pytest.mark.parametrize(
		"told",
		[
			f"http://localhost:3000{PATH}",
			f"http://chat.example.com{PATH}",
			f"https://chat.example.com:8443{PATH}",
			f"https://wrong.example.com{PATH}",
			PATH,
			f"  {URL}  ",
		],
	)
	def test_chatwoot_does_not_know_its_own_address(self, files, chatwoot, told):
		chatwoot.get(URL, body=b"x")
		assert files.fetch(told, MEGABYTE) == b"x"

	def test_nor_does_it_in_a_redirect(self, files, chatwoot):
		redirect(chatwoot, URL, "http://chatwoot-web:3000/rails/active_storage/disk/xyz/bolo.jpg?a=1")
		chatwoot.get("https://chat.example.com/rails/active_storage/disk/xyz/bolo.jpg?a=1", body=b"x")
		assert files.fetch(URL, MEGABYTE) == b"x"

	def test_a_file_name_in_utf8(self, files, chatwoot):
		to = "https://chat.example.com/rails/active_storage/disk/xyz/orçamento.pdf"
		redirect(chatwoot, URL, to.encode().decode("latin-1"))
		chatwoot.get(to, body=b"x")
		assert files.fetch(URL, MEGABYTE) == b"x"

	def test_a_redirect_that_cannot_be_read(self, files, chatwoot):
		redirect(chatwoot, URL, "/\xff")
		with pytest.raises(Permanent, match="no usable address"):
			files.fetch(URL, MEGABYTE)

	def test_five_redirects(self, files, chatwoot):
		for hop in range(5):
			redirect(chatwoot, f"https://storage.example.net/{hop}", f"/{hop + 1}", status=307)
		chatwoot.get("https://storage.example.net/5", body=b"x")
		assert files.fetch("https://storage.example.net/0", MEGABYTE) == b"x"

	def test_six_redirects(self, files, chatwoot):
		for hop in range(6):
			redirect(chatwoot, f"https://storage.example.net/{hop}", f"/{hop + 1}")
		with pytest.raises(Permanent, match="on and on"):
			files.fetch("https://storage.example.net/0", MEGABYTE)


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


class TestMoments:
	@pytest.mark.parametrize("status", [403, 404])
	def test_not_there_yet(self, inbox, chatwoot, pauses, status):
		for _ in range(3):
			redirect(chatwoot, URL, STORED)
		chatwoot.get(STORED, status=status, body="<Code>NoSuchKey</Code>")
		chatwoot.get(STORED, status=status, body="<Code>NoSuchKey</Code>")
		chatwoot.get(STORED, body=b"x")
		assert inbox.fetch_attachment(URL, MEGABYTE) == b"x"
		assert pauses == [0.5, 1.0]

	def test_never_there(self, inbox, chatwoot, pauses):
		for _ in range(5):
			chatwoot.get(URL, status=404)
		with pytest.raises(Retriable, match="does not have the file") as caught:
			inbox.fetch_attachment(URL, MEGABYTE)
		assert caught.value.fault is Fault.REQUEST
		assert pauses == [0.5, 1.0, 2.0, 4.0]


class TestFailures:
	@pytest.mark.parametrize(
		("url", "status", "fault"),
		[
			(URL, 503, Fault.UNREACHABLE),
			(URL, 429, Fault.UNREACHABLE),
			(URL, 500, Fault.REQUEST),
			(STORED, 503, Fault.REQUEST),
			(STORED, 500, Fault.REQUEST),
		],
	)
	def test_away(self, files, chatwoot, pauses, url, status, fault):
		chatwoot.get(url, status=status)
		with pytest.raises(Retriable) as caught:
			files.fetch(url, MEGABYTE)
		assert caught.value.fault is fault
		assert caught.value.detail == str(status)
		assert pauses == []

	@pytest.mark.parametrize("status", [400, 401, 410])
	def test_refused(self, files, chatwoot, status):
		chatwoot.get(URL, status=status)
		with pytest.raises(Permanent, match="refuses the file"):
			files.fetch(URL, MEGABYTE)

	@pytest.mark.parametrize(("url", "fault"), [(URL, Fault.UNREACHABLE), (STORED, Fault.REQUEST)])
	@pytest.mark.parametrize(
		"error", [requests.ConnectTimeout, requests.ReadTimeout, requests.ConnectionError]
	)
	def test_no_answer(self, files, chatwoot, url, fault, error):
		chatwoot.get(url, body=error())
		with pytest.raises(Retriable) as caught:
			files.fetch(url, MEGABYTE)
		assert caught.value.fault is fault

	def test_an_address_that_the_library_refuses(self, files, chatwoot):
		chatwoot.get(STORED, body=requests.exceptions.InvalidURL())
		with pytest.raises(Permanent, match="no usable address"):
			files.fetch(STORED, MEGABYTE)


class TestSizes:
	@pytest.mark.parametrize("size", [0, 1, 199_999, 200_000])
	def test_up_to_the_limit(self, files, chatwoot, size):
		chatwoot.get(URL, body=b"x" * size)
		assert files.fetch(URL, 200_000) == b"x" * size

	def test_announced(self, files, chatwoot):
		chatwoot.get(
			URL, body=b"short", headers={"Content-Length": "200001"}, auto_calculate_content_length=False
		)
		with pytest.raises(Permanent, match="larger than 200000 bytes"):
			files.fetch(URL, 200_000)

	@pytest.mark.parametrize("headers", [{}, {"Content-Length": "many"}])
	def test_not_announced(self, files, chatwoot, headers):
		chatwoot.get(URL, body=b"x" * 200_001, headers=headers)
		with pytest.raises(Permanent, match="larger than 200000 bytes"):
			files.fetch(URL, 200_000)

	def test_less_than_announced(self, files, chatwoot):
		chatwoot.get(URL, body=b"x" * 10, headers={"Content-Length": "11"})
		with pytest.raises(Retriable):
			files.fetch(URL, 200_000)

	def test_words_for_people(self, files, chatwoot):
		chatwoot.get(URL, body=b"x" * (2 * MEGABYTE + 1))
		with pytest.raises(Permanent) as caught:
			files.fetch(URL, 2 * MEGABYTE)
		assert caught.value.reason == "the file is larger than 2 MB"

	def test_too_slow(self, chatwoot):
		ticks = iter([0.0, 149.0, 151.0])
		chatwoot.get(URL, body=b"x" * 200_000)
		with new_http() as http:
			slow = Attachments("https://chat.example.com", http, seconds=lambda: next(ticks))
			with pytest.raises(Retriable, match="too slowly") as caught:
				slow.fetch(URL, MEGABYTE)
		assert caught.value.fault is Fault.REQUEST
