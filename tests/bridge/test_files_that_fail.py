"""A file that cannot be carried holds up what was written after it for minutes only, in both directions."""

from __future__ import annotations

import pytest
from bridge_world import World

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import ContactCard, ContactCards, Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, NotFound, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import Attachment, ChatwootMessage, Status
from wuzapi_chatwoot.bridge.model.records import EventState

FILE = Attachment(1, "http://chatwoot.example/a.pdf", "file", "a.pdf", "application/pdf", 3)
STORAGE = "the file could not be fetched from Chatwoot's storage"
MINUTES = 15 * 60
each_crowd = pytest.mark.parametrize("crowd", [1, 6])


def each(failures):
	return pytest.mark.parametrize("failure", failures.values(), ids=failures)


FROM_STORAGE = {
	"500 of a storage": lambda: Retriable(STORAGE, detail="500", fault=Fault.REQUEST),
	# Where Chatwoot itself hands the files out, or they lie on its own host.
	"cut by Chatwoot's proxy": lambda: Retriable(STORAGE, detail="504", fault=Fault.UNANSWERED),
	"no answer": lambda: Retriable(STORAGE, detail="ReadTimeout", fault=Fault.UNANSWERED),
	"asked too often": lambda: Retriable(STORAGE, detail="429", fault=Fault.UNREACHABLE),
}
TOO_SLOW = {"too slow": lambda: Retriable("the file arrives too slowly", fault=Fault.REQUEST, tries=3)}
TO_CHATWOOT = {
	"500": lambda: Uncertain("failed on this", fault=Fault.UNWELL),
	"cut by a proxy": lambda: Uncertain("HTTP 504", fault=Fault.UNANSWERED),
	"no answer": lambda: Uncertain("no answer in time"),
}


def begun(world: World, crowd: int) -> dict[Address, int]:
	"""The conversations of so many people, by address."""
	people = [Address(f"4477009001{number:02}", "s.whatsapp.net") for number in range(crowd)]
	for person in people:
		world.receive(world.customer("Hello", id=f"{person.user}-0", chat=person, sender=person))
	world.work()
	world.work()
	rows = {person: world.store.find_conversation("front-desk", person) for person in people}
	return {person: row.chatwoot_conversation_id for person, row in rows.items()}


def with_file(world: World, conversation: int, text: str) -> ChatwootMessage:
	return world.chatwoot.agent_writes(conversation, text, attachments=[(FILE, b"pdf")])


def passed(world: World, since) -> float:
	return (world.clock.now() - since).total_seconds()


# ---- to WhatsApp


@each_crowd
@each(FROM_STORAGE | TOO_SLOW)
def test_from_chatwoots_storage(world: World, failure, crowd: int) -> None:
	"""Of one file, and nobody else asks Chatwoot for anything; of so many that the breaker of the files opens."""
	there = begun(world, crowd).values()
	world.chatwoot.refuse("fetch_attachment", lambda arguments: failure())
	failing = [with_file(world, conversation, "Look") for conversation in there]
	for message, conversation in zip(failing, there, strict=True):
		world.receive(message)
		world.receive(world.chatwoot.agent_writes(conversation, "And this"))
	began = world.clock.now()
	while len(world.gateway.delivered) < crowd:
		world.work(5)
		assert passed(world, began) < MINUTES
	assert [message.text for message in world.gateway.delivered] == ["And this"] * crowd
	for message in failing:
		shown = world.chatwoot.message(message.id)
		assert (shown.status, shown.error) == (Status.FAILED, STORAGE)
	assert world.chatwoot.count("fetch_attachment") <= 9 * crowd, "they were hammered"


@each(FROM_STORAGE)
def test_a_storage_that_is_back_within_minutes_loses_no_message(world: World, failure) -> None:
	[conversation] = begun(world, 1).values()
	world.chatwoot.refuse("fetch_attachment", lambda arguments: failure())
	message = with_file(world, conversation, "Look")
	world.receive(message)
	began = world.clock.now()
	while passed(world, began) < 300:
		world.work(5)
	world.chatwoot.accept_all()
	world.outlast()
	assert [message.text for message in world.gateway.delivered] == ["Look"]
	assert world.chatwoot.message(message.id).status is Status.SENT


@each(FROM_STORAGE)
def test_while_chatwoot_itself_is_down_a_file_waits_for_it(world: World, failure) -> None:
	[conversation] = begun(world, 1).values()
	world.chatwoot.refuse("fetch_attachment", lambda arguments: failure())
	world.chatwoot.refuse("check", lambda arguments: Retriable("Chatwoot cannot be reached"))
	message = with_file(world, conversation, "Look")
	world.receive(message)
	for _ in range(4 * 24 * 12):
		world.work(300)
	assert world.events(EventState.DEAD) == []
	world.chatwoot.accept_all()
	world.outlast()
	assert [message.text for message in world.gateway.delivered] == ["Look"]


@pytest.mark.parametrize(
	"told", [NotFound("no inbox of that number"), Retriable("slow down", rate_limited=True)]
)
def test_a_chatwoot_that_refuses_the_question_has_answered_or_has_not(
	world: World, told: BridgeError
) -> None:
	[conversation] = begun(world, 1).values()
	world.chatwoot.refuse("fetch_attachment", lambda arguments: FROM_STORAGE["no answer"]())
	world.chatwoot.refuse("check", lambda arguments: told)
	world.receive(with_file(world, conversation, "Look"))
	began = world.clock.now()
	while passed(world, began) < MINUTES:
		world.work(5)
	assert bool(world.events(EventState.DEAD)) is isinstance(told, NotFound)


# ---- to Chatwoot


def bears_a_file(arguments) -> bool:
	return bool(arguments["post"].files)


@each_crowd
@each(TO_CHATWOOT)
def test_what_chatwoot_cannot_store(world: World, failure, crowd: int) -> None:
	"""The words go without it, and the file when it can."""
	people = begun(world, crowd)
	world.chatwoot.refuse("post_message", lambda arguments: failure() if bears_a_file(arguments) else None)
	for person in people:
		picture = Media(MediaKind.IMAGE, "image/png", caption="Look")
		told = {"chat": person, "sender": person}
		world.receive(world.customer(id=f"{person.user}-1", content=picture, **told), media=b"png")
		world.receive(world.customer("And this", id=f"{person.user}-2", **told))
	began = world.clock.now()
	while len(said(world, "And this")) < crowd:
		world.work(5)
		assert passed(world, began) < MINUTES
	line = "🖼️ Picture: could not be stored in Chatwoot yet; open it on the phone\nLook"
	assert len(said(world, line)) == crowd
	world.chatwoot.accept_all()
	world.outlast()
	posts = [message for message in world.chatwoot.messages if message.files]
	assert [message.files[0].content for message in posts] == [b"png"] * crowd
	assert all(message.in_reply_to for message in posts)
	assert world.events(EventState.DEAD) == []


def said(world: World, text: str) -> list[object]:
	return [message for message in world.chatwoot.messages if message.text == text]


def test_a_card_that_chatwoot_cannot_store_is_read_all_the_same(world: World) -> None:
	[person] = begun(world, 1)
	world.chatwoot.refuse(
		"post_message", lambda arguments: TO_CHATWOOT["500"]() if bears_a_file(arguments) else None
	)
	card = ContactCards((ContactCard("Cara", "BEGIN:VCARD\nFN:Cara\nEND:VCARD"),))
	world.receive(world.customer(id="C1", content=card, chat=person, sender=person))
	world.receive(world.customer("And this", id="C2", chat=person, sender=person))
	began = world.clock.now()
	while not said(world, "And this"):
		world.work(5)
		assert passed(world, began) < MINUTES
	[shown] = [message for message in world.chatwoot.messages if "Cara" in message.text]
	assert shown.files == ()


def test_a_chatwoot_that_stores_nothing_loses_no_file(world: World) -> None:
	"""It answers what is asked of it, and fails for everybody who writes."""
	people = begun(world, 6)
	world.chatwoot.refuse("post_message", lambda arguments: TO_CHATWOOT["500"]())
	for person in people:
		told = {"chat": person, "sender": person}
		picture = Media(MediaKind.IMAGE, "image/png")
		world.receive(world.customer(id=f"{person.user}-1", content=picture, **told), media=b"png")
	for _ in range(24 * 12):
		world.work(300)
	world.chatwoot.accept_all()
	world.outlast()
	assert len([message for message in world.chatwoot.messages if message.files]) == 6
	assert world.events(EventState.DEAD) == []


@each(
	{
		"storage": lambda: Retriable("The gateway's storage reports an error", fault=Fault.REQUEST),
		"no answer": lambda: Retriable("The gateway did not answer", fault=Fault.UNANSWERED),
		"not connected": lambda: Retriable("WhatsApp is not connected on the gateway"),
	}
)
@each_crowd
def test_what_the_gateway_cannot_download(world: World, failure, crowd: int) -> None:
	people = begun(world, crowd)
	world.gateway.refuse("download", lambda arguments: failure())
	for person in people:
		told = {"chat": person, "sender": person}
		film = Media(MediaKind.VIDEO, "video/mp4", size=3, ticket="t")
		world.receive(world.customer(id=f"{person.user}-1", content=film, **told))
		world.receive(world.customer("And this", id=f"{person.user}-2", **told))
	began = world.clock.now()
	while len(said(world, "And this")) < crowd:
		world.work(1)
		assert passed(world, began) < MINUTES
	world.gateway.accept_all()
	world.gateway.downloads["t"] = b"mp4"
	world.outlast()
	assert len([message for message in world.chatwoot.messages if message.files]) == crowd
