"""What each recorded message becomes on the other side, put into the words of `docs/message-kinds.md`.

The real connectors read the payload and write the request; the bridge between them is the real one, the two sides are
twins in memory.
"""

from __future__ import annotations

from pathlib import Path

from bridge_world import World, new_world

from wuzapi_chatwoot.bridge.contacts.referenced_message import target_of
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Poll, Text, files_of
from wuzapi_chatwoot.bridge.model.events import ChatwootMessage, SessionChanged, SessionState, WhatsAppMessage
from wuzapi_chatwoot.bridge.ports.connector import Reading, WebhookRequest
from wuzapi_chatwoot.chatwoot.webhook import connector as chatwoot_webhook
from wuzapi_chatwoot.gateways.wuzapi.client import compose
from wuzapi_chatwoot.gateways.wuzapi.webhook import connector as wuzapi_webhook
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_records import FakeMessage
from wuzapi_chatwoot.testkit.twins.fake_gateway import Delivered

PAYLOADS = Path(__file__).parents[1] / "payloads"
_SHOP, _SHOP_LID = Address("12025550100", "s.whatsapp.net"), Address("111100001111000", "lid")
_JSON = {"content-type": "application/json"}


def reading_of(name: str) -> Reading:
	"""By the file's name: WuzAPI's webhooks begin with a word, Chatwoot's with a number."""
	of_chatwoot = name[:1].isdigit()
	folder = "chatwoot-webhooks" if of_chatwoot else "wuzapi-webhooks"
	connector = chatwoot_webhook.connector if of_chatwoot else wuzapi_webhook.connector
	return connector.read(WebhookRequest((PAYLOADS / folder / name).read_bytes(), _JSON))


def seen_in_chatwoot(name: str) -> str:
	"""What an agent sees; what the message is about stands there already."""
	reading, world = reading_of(name), new_world()
	world.change_session(status_broadcasts=True, newsletters=True, group_changes=True)
	paired = SessionChanged(SessionState.CONNECTED, address=_SHOP, lid=_SHOP_LID)
	world.store.note_session_change("front-desk", paired, world.clock.now())
	event = reading.event
	if isinstance(event, WhatsAppMessage):
		_have_target(world, event)
	else:
		_have_group(world, event)
	for media in files_of(event.content) if isinstance(event, WhatsAppMessage) else ():
		if media.ticket:
			world.gateway.downloads[media.ticket] = b"the file"
	before = len(world.chatwoot.messages)
	world.receive(event, media=reading.media)
	for _ in range(4):
		world.work(5)
	return "<br>".join(_post(message) for message in world.chatwoot.messages[before:]) or "–"


def seen_on_whatsapp(name: str) -> str:
	"""What the customer's phone gets."""
	event, world = reading_of(name).event, new_world()
	assert isinstance(event, ChatwootMessage)
	for attachment in event.attachments:
		world.chatwoot.attachments[attachment.url] = _content(attachment.file_name)
	world.change_session(inbox_id=event.conversation.inbox_id, account_id=event.account_id)
	world.receive(event)
	world.work()
	return "<br>".join(_delivered(message) for message in world.gateway.delivered) or "–"


def _have_target(world: World, event: WhatsAppMessage) -> None:
	target = target_of(event)
	if target is None or (event.quote is not None and event.quote.of_status):
		return
	author = event.sender
	options = ("Option A", "Option B") if "poll" in type(event.content).__name__.lower() else ()
	content = Poll("Question", options) if options else Text("An earlier message")
	world.receive(
		WhatsAppMessage(
			id=target,
			chat=event.chat,
			chat_alt=event.chat_alt,
			sender=author,
			sender_alt=event.sender_alt,
			content=content,
			sent_at=event.sent_at,
			from_me=event.from_me,
		)
	)
	world.work()


def _have_group(world: World, event: object) -> None:
	group = getattr(event, "group", None)
	if isinstance(group, Address):
		world.receive(world.customer("An earlier message", chat=group))
		world.work()


def _post(message: FakeMessage) -> str:
	shown = (
		[]
		if not message.text
		else [" ⏎ ".join(f"`{_safe(line)}`" for line in (message.text or "").splitlines() if line)]
	)
	shown += [f"📎 `{file.file_name}`" for file in message.files]
	words = " + ".join(shown)
	if message.private:
		return f"note: {words}"
	words = f"answer: {words}" if message.in_reply_to is not None else words
	return f"from the phone: {words}" if message.from_phone else words


def _delivered(message: Delivered) -> str:
	text = " ⏎ ".join(f"`{_safe(line)}`" for line in (message.text or "").splitlines() if line)
	if message.voice is not None:
		return "voice note"
	if message.location is not None:
		return f"location `{message.location.latitude}, {message.location.longitude}`"
	if message.card is not None:
		return f"contact card `{message.card.name}`"
	if message.file is None:
		return f"text {text}"
	request = compose.file(message.to, message.file, message.message_id)
	kind = "sticker" if message.sticker else request.path.rpartition("/")[2]
	named = f"{kind} `{message.file.file_name}`"
	return f"{named}, caption {text}" if text else named


def _safe(text: str) -> str:
	return " ".join(text.split()).replace("|", "\\|").replace("`", "´")


def _content(name: str) -> bytes:
	if name.endswith(".vcf"):
		return (PAYLOADS / "files" / "two-contacts.vcf").read_bytes()
	return b"the file"
