"""Changes of conversations: status and attributes, exact requests and what the answers come to."""

import pytest
import requests

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent, Retriable

GONE = {"status": 404, "json": {"error": "Resource could not be found"}}


class TestStatus:
	@pytest.mark.parametrize("status", ["open", "resolved", "pending"])
	def test_set(self, inbox, chatwoot, account, body_of, status):
		answer = {"meta": {}, "payload": {"success": True, "conversation_id": 231, "current_status": status}}
		chatwoot.post(f"{account}/conversations/231/toggle_status", json=answer)
		assert inbox.set_conversation_status(231, status) is None
		assert body_of(chatwoot.calls[0].request) == {"status": status}

	@pytest.mark.parametrize(
		("answer", "error"),
		[
			(GONE, NotFound),
			({"status": 500}, Retriable),
			# Set twice is set once.
			({"body": requests.ReadTimeout()}, Retriable),
			({"status": 422, "json": {"message": "no", "attributes": ["status"]}}, Permanent),
		],
	)
	def test_failures(self, inbox, chatwoot, account, answer, error):
		chatwoot.post(f"{account}/conversations/231/toggle_status", **answer)
		with pytest.raises(error):
			inbox.set_conversation_status(231, "open")


class TestAttributes:
	def there(self, chatwoot, account, attributes: object) -> None:
		answer = {"id": 231, "custom_attributes": attributes}
		chatwoot.get(f"{account}/conversations/231", json=answer)

	def test_those_not_named_stay(self, inbox, chatwoot, account, body_of):
		self.there(chatwoot, account, {"customer": "CUST-1", "orders": 3, "vip": True, "source": "old"})
		chatwoot.post(f"{account}/conversations/231/custom_attributes", json={})
		assert inbox.add_attributes(231, {"source": "ad", "ad_id": "12"}) is None
		assert body_of(chatwoot.calls[1].request) == {
			"custom_attributes": {
				"customer": "CUST-1",
				"orders": 3,
				"vip": True,
				"source": "ad",
				"ad_id": "12",
			}
		}

	@pytest.mark.parametrize("wanted", [{}, {"source": "ad"}])
	def test_nothing_is_written_where_nothing_changes(self, inbox, chatwoot, account, wanted):
		self.there(chatwoot, account, {"source": "ad", "other": 1})
		inbox.add_attributes(231, wanted)
		assert len(chatwoot.calls) == 1

	@pytest.mark.parametrize("odd", [None, [], "x"])
	def test_where_none_are(self, inbox, chatwoot, account, body_of, odd):
		self.there(chatwoot, account, odd)
		chatwoot.post(f"{account}/conversations/231/custom_attributes", json={})
		inbox.add_attributes(231, {"phone": "5511900000001"})
		assert body_of(chatwoot.calls[1].request) == {"custom_attributes": {"phone": "5511900000001"}}

	def test_what_is_too_long_is_cut(self, inbox, chatwoot, account, body_of):
		for _ in range(2):
			chatwoot.post(f"{account}/conversations/231/custom_attributes", json={})
		self.there(chatwoot, account, {})
		inbox.add_attributes(231, {"url": "x" * 1500 + "\x00"})
		sent = body_of(chatwoot.calls[1].request)["custom_attributes"]
		assert sent == {"url": "x" * 1499}
		# Cut again it is the same, so nothing is written again.
		chatwoot.replace("GET", f"{account}/conversations/231", json={"custom_attributes": sent})
		inbox.add_attributes(231, {"url": "x" * 1500})
		assert len(chatwoot.calls) == 3
		inbox.add_attributes(231, {"url": "y"})

	def test_gone(self, inbox, chatwoot, account):
		chatwoot.get(f"{account}/conversations/231", **GONE)
		with pytest.raises(NotFound):
			inbox.add_attributes(231, {"a": "b"})

	def test_gone_in_between(self, inbox, chatwoot, account):
		self.there(chatwoot, account, {})
		chatwoot.post(f"{account}/conversations/231/custom_attributes", **GONE)
		with pytest.raises(NotFound):
			inbox.add_attributes(231, {"a": "b"})
