"""Fetching files: the way there, moments of absence, failures, sizes."""

import pytest
import requests

from wuzapi_chatwoot.bridge.model.errors import Fault, Permanent, Retriable
from wuzapi_chatwoot.chatwoot import new_http
from wuzapi_chatwoot.chatwoot.files.attachments import Attachments

PATH = "/rails/active_storage/blobs/redirect/abc--0001/bolo.jpg"
URL = f"https://chat.example.com{PATH}"
STORED = "https://storage.example.net/bucket/bolo.jpg?X-Amz-Signature=1"
MEGABYTE = 1024 * 1024


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
			(URL, 408, Fault.UNANSWERED),
			(URL, 503, Fault.UNANSWERED),
			(URL, 504, Fault.UNANSWERED),
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

	@pytest.mark.parametrize(("url", "fault"), [(URL, Fault.UNANSWERED), (STORED, Fault.REQUEST)])
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
		with pytest.raises(Permanent, match="larger than 195 kB"):
			files.fetch(URL, 200_000)

	@pytest.mark.parametrize("headers", [{}, {"Content-Length": "many"}])
	def test_not_announced(self, files, chatwoot, headers):
		chatwoot.get(URL, body=b"x" * 200_001, headers=headers)
		with pytest.raises(Permanent, match="larger than 195 kB"):
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
		# Each try keeps its conversation waiting for minutes.
		assert caught.value.tries == 3
