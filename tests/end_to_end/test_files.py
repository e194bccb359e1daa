"""Files arrive byte for byte, with their names and captions, whichever way they travel."""

import base64
import hashlib

import pytest
from processes import until

# Long enough not to fit into one network packet, and nothing that a text could hold.
DOCUMENT = bytes(range(256)) * 2000
KINDS = ["image", "voice", "audio", "video", "document", "sticker"]


def digest(data):
	return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("delivery", ["base64", "none"])
@pytest.mark.parametrize("kind", KINDS)
def test_from_the_customer(scene, sandbox, kind, delivery):
	"""In the webhook, or downloaded by its keys when the webhook only names it."""
	sandbox.switch(media_delivery=delivery)
	caption = "See here" if kind in ("image", "video", "document") else ""
	sent = scene.customer_sends(caption, kind)
	message = scene.in_chatwoot(lambda message: message["attachments"])
	[attachment] = message["attachments"]
	assert sandbox.file(f"chatwoot/{attachment['signed_id']}") == sandbox.file(f"phone/{sent['id']}")
	assert (message["content"] or "") == caption
	family = {"document": "application", "sticker": "image", "voice": "audio"}.get(kind, kind)
	assert attachment["content_type"].startswith(family)
	downloads = sandbox.control("counters")["gateway"]["requests"]
	assert delivery == "base64" or any(route.startswith("POST /chat/download") for route in downloads)


def test_a_document_keeps_its_name(scene, sandbox):
	data = base64.b64encode(DOCUMENT).decode()
	name = "Prices 2026 – final (2).bin"
	scene.customer_sends(kind="document", name=name, data=data, mimetype="application/octet-stream")
	message = scene.in_chatwoot(lambda message: message["attachments"])
	[attachment] = message["attachments"]
	assert (attachment["name"], attachment["sha256"]) == (name, digest(DOCUMENT))


@pytest.mark.parametrize(
	("kind", "becomes"),
	[("image", "image"), ("voice", "audio"), ("video", "video"), ("document", "document")],
)
def test_from_the_agent(scene, sandbox, kind, becomes):
	"""As they are. What becomes of a recording without a text, and of other kinds, is in `test_kinds_out`."""
	scene.starts()
	message_id = scene.agent_sends("Please look", attachments=[{"kind": kind}])
	[attachment] = scene.shown(message_id)["attachments"]
	bubble = scene.on_the_phone(lambda bubble: bubble["file"])
	assert bubble["file"]["sha256"] == attachment["sha256"]
	assert bubble["kind"] == becomes
	texts = [bubble["text"] for bubble in scene.bubbles if bubble["from_me"] and bubble["text"]]
	assert texts == ["Please look"]


def test_several_files_are_sent_in_their_order(scene):
	scene.starts()
	kinds = ["document", "image", "document"]
	message_id = scene.agent_sends("All three", attachments=[{"kind": kind} for kind in kinds])
	wanted = [attachment["sha256"] for attachment in scene.shown(message_id)["attachments"]]
	assert len(set(wanted)) == 3

	def arrived():
		return [bubble["file"]["sha256"] for bubble in scene.bubbles if bubble["file"]]

	until(lambda: len(arrived()) == 3, "all files are on the phone")
	assert arrived() == wanted
	scene.until_shown_as(message_id, "delivered")


def test_a_file_that_is_not_there_at_once_is_waited_for(scene, sandbox):
	scene.starts()
	sandbox.switch(storage_404_next=1)
	message_id = scene.agent_sends(attachments=[{"kind": "image"}])
	[attachment] = scene.shown(message_id)["attachments"]
	bubble = scene.on_the_phone(lambda bubble: bubble["file"])
	assert bubble["file"]["sha256"] == attachment["sha256"]
