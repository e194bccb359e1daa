"""Files that the gateway does not bring with the message, or not at all."""

from end_to_end.scene import as_seen, seen
from processes import until

PICTURE = ("picture.jpg", "image", "image/jpeg")


def test_a_file_that_is_not_delivered_is_fetched(scene, sandbox):
	sent = scene.customer_sends("The broken part", "image", undelivered=True)
	message = scene.arrived(sent)
	assert as_seen(message) == seen("The broken part", PICTURE)
	[file] = message["attachments"]
	assert sandbox.file(f"chatwoot/{file['signed_id']}") == sandbox.file(f"phone/{sent['id']}")


def test_a_file_that_is_gone_is_a_line(scene, sandbox):
	sandbox.switch(downloads_fail=1)
	message = scene.arrived(scene.customer_sends("The broken part", "image", undelivered=True))
	first, caption = message["content"].split("\n")
	assert first.startswith("🖼️ Picture: could not be fetched (")
	assert (caption, message["attachments"]) == ("The broken part", [])


def test_a_late_file_follows_its_line(scene, sandbox):
	"""The gateway is asked again after half a minute; `tests/conftest.py` lets this file begin first."""
	sandbox.switch(gateway_fail_next={"status": 500, "count": 3, "match": "/chat/downloadimage"})
	sent = scene.customer_sends("The broken part", "image", undelivered=True)
	line = scene.arrived(sent)
	text = "🖼️ Picture: could not be fetched yet; open it on the phone\nThe broken part"
	assert as_seen(line) == seen(text)
	file = until(lambda: [each for each in scene.messages if each["attachments"]], "the file follows")[0]
	assert as_seen(file) == seen("", PICTURE, answers=line["id"])
	shown = scene.sandbox.file(f"chatwoot/{file['attachments'][0]['signed_id']}")
	assert shown == scene.sandbox.file(f"phone/{sent['id']}")
	assert [each["id"] for each in scene.messages] == [line["id"], file["id"]]
