"""What comes late: a file after its message, a message after the line that stood in for it."""

import pytest
from frappe_site.customer import shown
from processes import until

# A file is asked for again after half a minute.
PATIENCE = 90


def parts(customer, whatsapp_id):
	rows = (customer.find_row(whatsapp_id, part) for part in range(3))
	return {row["part"]: row for row in rows if row is not None}


@pytest.mark.parametrize("attempts", [1, 4])
def test_a_file_that_cannot_be_had_at_first(customer, attempts):
	"""Once more at once; and if that fails too, a line holds its place, and the file follows as an answer to it."""
	failing = {"status": 503, "count": attempts, "match": "/chat/download"}
	customer.sandbox.switch(gateway_fail_next=failing)
	sent = customer.customer_sends("See", "image", undelivered=True)
	row = customer.row(sent["id"])
	line = customer.shown(row["chatwoot_message_id"])
	assert (row["kind"], row["text"]) == ("image", "See")
	if attempts == 1:
		assert (line["content"], len(line["attachments"])) == ("See", 1)
		assert list(customer.files_of(row).values()) == [line["attachments"][0]["sha256"]]
		return
	assert line["content"] == "🖼️ Picture: could not be fetched yet; open it on the phone\nSee"
	assert customer.files_of(row) == {}
	# What the customer writes meanwhile does not wait.
	customer.customer_sends("Did you get it?")
	customer.in_chatwoot(lambda message: message["content"] == "Did you get it?")
	late = until(lambda: customer.find_row(sent["id"], 2), "the file has come", PATIENCE)
	message = customer.shown(late["chatwoot_message_id"])
	assert message["content_attributes"]["in_reply_to"] == line["id"]
	[attachment] = message["attachments"]
	assert customer.files_of(late) == {attachment["name"]: attachment["sha256"]}
	assert shown(late) == {**shown(row), "text": ""}
	customer.calm()
	assert len(customer.messages) == 3


def test_a_file_that_whatsapp_has_no_more(customer):
	customer.sandbox.switch(downloads_fail=1)
	sent = customer.customer_sends("See", "image", undelivered=True)
	row = customer.row(sent["id"])
	line = customer.shown(row["chatwoot_message_id"])
	assert line["content"] == "🖼️ Picture: could not be fetched (WhatsApp no longer has this file)\nSee"
	assert (row["kind"], row["text"], customer.files_of(row)) == ("image", "See", {})


@pytest.mark.parametrize("kind", ["undecryptable", "empty"])
def test_a_message_after_the_line_that_stood_in_for_it(customer, kind):
	sent = customer.customer_sends(kind=kind)
	line = customer.row(sent["id"], part=1)
	customer.customer_sends("Here it is", id=sent["id"], retry_count=1)
	row = customer.row(sent["id"])
	message = customer.shown(row["chatwoot_message_id"])
	assert message["content"] == "Here it is"
	assert message["content_attributes"]["in_reply_to"] == line["chatwoot_message_id"]
	# And once more, as phones do.
	customer.customer_sends("Here it is", id=sent["id"], resent=True)
	customer.calm()
	assert len(customer.messages) == 2
	assert sorted(parts(customer, sent["id"])) == [0, 1]


def test_a_line_after_the_message_says_nothing_new(customer):
	sent = customer.customer_sends("Here it is")
	customer.row(sent["id"])
	customer.customer_sends(kind="undecryptable", id=sent["id"])
	customer.calm()
	assert [each["content"] for each in customer.messages] == ["Here it is"]
	assert sorted(parts(customer, sent["id"])) == [0]


def test_calls(customer):
	ringing = customer.customer_sends(kind="call", video=True)
	customer.in_chatwoot(lambda message: message["content"].startswith("📞 Video call at "))
	customer.customer_sends(kind="call_end", target=ringing["id"], reason="timeout")
	missed = customer.in_chatwoot(lambda message: message["content"].startswith("📞 Missed call at "))
	assert missed["content_attributes"]["in_reply_to"] == customer.messages[0]["id"]
	taken = customer.customer_sends(kind="call")
	customer.in_chatwoot(lambda message: message["content"].startswith("📞 Voice call at "))
	customer.customer_sends(kind="call_end", target=taken["id"], reason="accepted_elsewhere")
	customer.calm()
	assert len(customer.messages) == 3
	kinds = customer.bridge.ask(
		"values", doctype="WuzAPI Message", filters={"kind": "phonecall"}, fields=["name"]
	)
	assert len(kinds) == 3
