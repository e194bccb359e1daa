"""Messages and their statuses: exact requests, and what the answers come to."""

from datetime import datetime, timezone

import pytest
import requests
from responses import matchers

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.ports.chatwoot import Posted
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile

SINCE = datetime(2026, 9, 1, 12, 0, 0, 700000, tzinfo=timezone.utc)
NOON = int(SINCE.timestamp())


def message(id: int, source_id: str | None = None, created_at: int = NOON) -> dict:
	return {"id": id, "source_id": source_id, "created_at": created_at, "message_type": 0}


class TestPostMessage:
	def test_text(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations/231/messages", json=message(10501, "WAID:3EB0A"))
		assert inbox.post_message(231, post("Rua <das> & {{acácias}}")) == Posted(10501, 231)
		assert body_of(chatwoot.calls[0].request) == {
			"content": "Rua <das> & {{acácias}}",
			"message_type": "incoming",
			"source_id": "WAID:3EB0A",
			"content_attributes": {"external_created_at": 1788267605},
		}

	def test_typed_on_the_phone(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations/231/messages", json=message(10501))
		inbox.post_message(231, post("Total: {{ sum }}", incoming=False, from_phone=True))
		assert body_of(chatwoot.calls[0].request) == {
			"content": "{% raw %}Total: {{ sum }}{% endraw %}",
			"message_type": "outgoing",
			"source_id": "WAID:3EB0A",
			"content_attributes": {"external_created_at": 1788267605, "external_echo": True},
		}

	def test_a_reply(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations/231/messages", json=message(10502))
		inbox.post_message(231, post(in_reply_to=10501))
		assert body_of(chatwoot.calls[0].request) == {
			"content": "Olá",
			"message_type": "incoming",
			"source_id": "WAID:3EB0A",
			"content_attributes": {"external_created_at": 1788267605, "in_reply_to": 10501},
		}

	def test_a_note_is_outgoing_and_private(self, inbox, chatwoot, account, body_of, post):
		for incoming in (True, False):
			chatwoot.post(f"{account}/conversations/231/messages", json=message(10501))
			note = post("{{x}}", incoming=incoming, from_phone=True, private=True)
			inbox.post_message(231, note)
			assert body_of(chatwoot.calls[-1].request) == {
				"content": "{% raw %}{{x}}{% endraw %}",
				"message_type": "outgoing",
				"source_id": "WAID:3EB0A",
				"private": True,
				"content_attributes": {"external_created_at": 1788267605},
			}

	def test_a_note_with_a_file_that_answers(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations/231/messages", json=message(10502))
		file = OutgoingFile(b"BEGIN:VCARD", "text/vcard", "Ana.vcf")
		inbox.post_message(231, post("Ana", private=True, in_reply_to=10501, files=(file,)))
		assert body_of(chatwoot.calls[0].request) == {
			"content": "Ana",
			"message_type": "outgoing",
			"source_id": "WAID:3EB0A",
			"private": "true",
			"content_attributes": {"external_created_at": 1788267605, "in_reply_to": 10501},
			"attachments[]": [{"name": "Ana.vcf", "type": "text/vcard", "content": "BEGIN:VCARD"}],
		}

	def test_files(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations/231/messages", json=message(10501))
		files = (
			OutgoingFile(b"OggS\x00\xff", "application/ogg", "voice-message"),
			OutgoingFile(b"", "Image/JPEG; q=1", 'orçamento\r\n"1".jpg'),
		)
		assert inbox.post_message(231, post("legenda", files=files)) == Posted(10501, 231)
		assert body_of(chatwoot.calls[0].request) == {
			"content": "legenda",
			"message_type": "incoming",
			"source_id": "WAID:3EB0A",
			"content_attributes": {"external_created_at": 1788267605},
			"attachments[]": [
				{"name": "voice-message.ogg", "type": "audio/ogg", "content": "OggS\x00\xff"},
				{"name": "orçamento___1_.jpg", "type": "image/jpeg", "content": ""},
			],
		}

	def test_files_without_caption(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations/231/messages", json=message(10501))
		inbox.post_message(231, post("", files=(OutgoingFile(b"x", "video/mp4", "a.mp4"),)))
		assert "content" not in body_of(chatwoot.calls[0].request)

	def test_gone(self, inbox, chatwoot, account, post):
		chatwoot.post(
			f"{account}/conversations/231/messages", status=404, json={"error": "Resource could not be found"}
		)
		with pytest.raises(NotFound):
			inbox.post_message(231, post())

	@pytest.mark.parametrize("answer", [{}, [], {"id": None}, {"id": "5"}])
	def test_an_answer_without_id(self, inbox, chatwoot, account, post, answer):
		chatwoot.post(f"{account}/conversations/231/messages", json=answer)
		with pytest.raises(Uncertain):
			inbox.post_message(231, post())


class TestFindPost:
	def page(self, chatwoot, account, query: dict, *messages: dict) -> None:
		chatwoot.get(
			f"{account}/conversations/231/messages",
			match=[matchers.query_param_matcher(query)],
			json={"meta": {}, "payload": list(messages)},
		)

	def test_on_the_first_page(self, inbox, chatwoot, account):
		self.page(chatwoot, account, {}, message(1, "WAID:A"), message(2, "WAID:B"), message(3, None))
		assert inbox.find_post(231, "WAID:B", SINCE) == Posted(2, 231)

	def test_exactly_this_mark(self, inbox, chatwoot, account):
		self.page(
			chatwoot, account, {}, message(1, "WAID:B", NOON - 9), message(2, "WAID:BB"), message(3, "waid:b")
		)
		assert inbox.find_post(231, "WAID:B", SINCE) is None

	def test_further_down(self, inbox, chatwoot, account):
		self.page(chatwoot, account, {}, message(30), message(31))
		self.page(chatwoot, account, {"before": 30}, message(28, "WAID:B"), message(29))
		assert inbox.find_post(231, "WAID:B", SINCE) == Posted(28, 231)

	def test_not_further_than_needed(self, inbox, chatwoot, account):
		self.page(chatwoot, account, {}, message(30), message(31))
		self.page(chatwoot, account, {"before": 30}, message(28, "WAID:B", NOON - 1), message(29))
		assert inbox.find_post(231, "WAID:B", SINCE) is None

	def test_to_the_end(self, inbox, chatwoot, account):
		self.page(chatwoot, account, {}, message(30))
		self.page(chatwoot, account, {"before": 30})
		assert inbox.find_post(231, "WAID:B", SINCE) is None

	def test_the_newest_of_two(self, inbox, chatwoot, account):
		self.page(chatwoot, account, {}, message(30, "WAID:B"), message(31, "WAID:B"))
		assert inbox.find_post(231, "WAID:B", SINCE) == Posted(31, 231)

	def test_a_server_that_pages_in_circles(self, inbox, chatwoot, account):
		self.page(chatwoot, account, {}, message(30), message(31))
		self.page(chatwoot, account, {"before": 30}, message(30), message(31))
		assert inbox.find_post(231, "WAID:B", SINCE) is None


class TestSetStatus:
	@pytest.mark.parametrize(
		("status", "error", "body"),
		[
			(Status.PENDING, None, {"status": "sent"}),
			(Status.SENT, None, {"status": "sent"}),
			(Status.DELIVERED, None, {"status": "delivered"}),
			(Status.READ, "not with this", {"status": "read"}),
			(Status.PLAYED, None, {"status": "read"}),
			(
				Status.FAILED,
				"Number is not on WhatsApp",
				{"status": "failed", "external_error": "Number is not on WhatsApp"},
			),
			(Status.FAILED, "x" * 300, {"status": "failed", "external_error": "x" * 255}),
			(Status.FAILED, None, {"status": "failed"}),
		],
	)
	def test_body(self, inbox, chatwoot, account, body_of, status, error, body):
		chatwoot.patch(f"{account}/conversations/231/messages/10501", json=message(10501))
		inbox.set_status(231, 10501, status, error)
		assert body_of(chatwoot.calls[0].request) == body

	def test_an_empty_answer_will_do(self, inbox, chatwoot, account):
		chatwoot.patch(f"{account}/conversations/231/messages/10501", status=200)
		inbox.set_status(231, 10501, Status.READ)

	def test_other_types_of_inboxes(self, inbox, chatwoot, account):
		words = "Message status update is only allowed for API inboxes"
		chatwoot.patch(f"{account}/conversations/231/messages/10501", status=403, json={"error": words})
		with pytest.raises(Permanent, match="API inboxes only"):
			inbox.set_status(231, 10501, Status.READ)

	def test_may_be_repeated(self, inbox, chatwoot, account):
		chatwoot.patch(f"{account}/conversations/231/messages/10501", body=requests.ReadTimeout())
		with pytest.raises(Retriable):
			inbox.set_status(231, 10501, Status.READ)


class TestDeleteMessage:
	def test_deleted(self, inbox, chatwoot, account):
		chatwoot.delete(f"{account}/conversations/231/messages/10501")
		assert inbox.delete_message(231, 10501) is None

	def test_gone_already(self, inbox, chatwoot, account):
		chatwoot.delete(
			f"{account}/conversations/231/messages/10501",
			status=404,
			json={"error": "Resource could not be found"},
		)
		inbox.delete_message(231, 10501)

	@pytest.mark.parametrize(
		("answer", "error"),
		[
			({"status": 503}, Retriable),
			({"body": requests.ReadTimeout()}, Retriable),
			({"status": 404, "body": "page not found"}, Retriable),
			({"status": 422, "json": {"error": "no"}}, Permanent),
		],
	)
	def test_failures(self, inbox, chatwoot, account, answer, error):
		chatwoot.delete(f"{account}/conversations/231/messages/10501", **answer)
		with pytest.raises(error):
			inbox.delete_message(231, 10501)
