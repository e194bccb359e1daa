"""The bridge's own conversation in Chatwoot: what agents may ask there, and that nothing of it goes to WhatsApp."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from bridge_world import OWNER, World

from wuzapi_chatwoot.bridge.model.errors import Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import Author, ChatwootMessage, SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import EventState, Secret, Session
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, WebhookSettings
from wuzapi_chatwoot.bridge.sessions.connect_session import careful_gateway
from wuzapi_chatwoot.bridge.text.command_parser import CONTROL, HELP, Asked, Command, read_command
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAccount, FakeGatewayAdmin
from wuzapi_chatwoot.testkit.twins.memory.connects import MemoryConnects

TOKEN = Secret("token")
PICTURE = b"\x89PNG the picture"
QR = "data:image/png;base64," + base64.b64encode(PICTURE).decode()


class Control:
	"""An agent who has the bridge's own conversation open."""

	def __init__(self, world: World) -> None:
		self.world = world
		self.gateway = FakeGatewayAdmin()
		self.account = self.gateway.have_user("front-desk", TOKEN)
		world.change_session(control_agents=("Maria@Example.com",))
		world.bridge = replace(world.bridge, gateway_setup=self._careful)
		contact = world.chatwoot.have_contact("Bridge", identifier=str(CONTROL), source_ids=(str(CONTROL),))
		self.conversation = world.chatwoot.have_conversation(contact.id, str(CONTROL)).id

	def _careful(self, session: Session) -> GatewaySetup:
		wish = WebhookSettings("https://bridge.example", frozenset({"Message"}))
		setup = self.gateway.setup(TOKEN)
		return careful_gateway(
			self.world.bridge, session, setup, wish, None, MemoryConnects(self.world.clock)
		)

	def writes(
		self, text: str, email: str = "maria@example.com", author: Author = Author.AGENT
	) -> ChatwootMessage:
		message = self.world.chatwoot.agent_writes(self.conversation, text)
		message = replace(message, author_email=email, author=author)
		self.world.receive(message)
		self.world.work()
		return message

	def answers(self) -> list[str]:
		return [message.text for message in self.world.chatwoot.messages if message.incoming]


@pytest.fixture
def control(world: World) -> Control:
	return Control(world)


@pytest.mark.parametrize(
	("text", "asked"),
	[
		("status", Asked(Command.STATUS)),
		(" /QR ", Asked(Command.QR)),
		("Help!", Asked(Command.HELP)),
		("pair  +44 7700 900123", Asked(Command.PAIR, "+44 7700 900123")),
		("what is this?", Asked(None)),
		("", Asked(None)),
	],
)
def test_what_agents_write_is_read(text: str, asked: Asked) -> None:
	assert read_command(text) == asked


def test_help_and_whatever_is_not_understood(control: Control) -> None:
	control.writes("help")
	control.writes("make me a coffee")
	assert control.answers() == [HELP, HELP]
	assert "I do not read private notes." in HELP
	assert control.world.gateway.delivered == []


def test_status_in_words(control: Control) -> None:
	control.writes("status")
	paired = SessionChanged(SessionState.CONNECTED, address=OWNER)
	control.world.store.note_session_change("front-desk", paired, control.world.clock.now())
	control.writes("status")
	assert control.answers() == [
		"The gateway has not told of this number yet.\nConnect it. If that does not help, run the doctor to see what is missing.",
		"**+1 202-555-0100**: Connected to WhatsApp.",
	]


def test_a_code_to_scan_comes_as_a_picture_once_there_is_one(control: Control) -> None:
	control.writes("qr")
	assert control.answers() == []
	control.account.show_qr(QR)
	control.world.outlast()
	[answer] = [message for message in control.world.chatwoot.messages if message.incoming]
	assert [(file.content, file.mime_type) for file in answer.files] == [(PICTURE, "image/png")]
	assert answer.text.startswith("On the phone: WhatsApp")


def test_if_no_code_comes_it_says_so(control: Control) -> None:
	control.writes("qr")
	control.world.outlast()
	assert control.answers() == ["That did not work: no code has come from WhatsApp"]
	assert control.world.events(EventState.DEAD) == []


def test_a_code_to_type(control: Control) -> None:
	control.writes("pair")
	control.account.connect()
	control.writes("pair +44 7700 900123")
	assert control.answers() == [
		"Write the phone's number behind it, with its country code: **pair +447700900123**",
		"Type **ABCD-EFGH** on +44 7700 900123: WhatsApp, Settings, Linked devices, Link a device, "
		"Link with phone number instead.",
	]
	assert control.account.linking == "+447700900123"


def test_a_number_to_pair_needs_no_plus(control: Control) -> None:
	control.account.connect()
	control.writes("pair 34612345678")
	assert control.account.linking == "+34612345678"


def test_what_is_paired_is_not_paired_again(control: Control) -> None:
	control.account.connect()
	control.account.pair(OWNER)
	control.writes("qr")
	control.writes("reconnect")
	assert control.answers() == [
		"That did not work: the number is paired already",
		"It is connected already.",
	]


def test_reconnecting(control: Control) -> None:
	control.writes("reconnect")
	assert control.answers() == ["Connecting. Ask me for the status in a moment."]
	assert control.account.connected


def test_after_a_code_was_asked_for_nobody_connects_until_the_phone_is_back(control: Control) -> None:
	"""No webhook has told of the code, nor of the phone that took it."""
	control.account.connect()
	control.account.show_qr("data:image/png;base64,QQ==")
	control.writes("qr")
	control.world.clock.advance(27)
	control.account.pair(OWNER)
	control.account.drop()
	control.writes("reconnect")
	assert control.gateway.setup(TOKEN).count("connect") == 0


def test_what_connects_by_itself_is_left_alone_at_first(control: Control) -> None:
	lost = SessionChanged(SessionState.RECONNECTING)
	control.world.store.note_session_change("front-desk", lost, control.world.clock.now())
	control.writes("reconnect")
	assert control.answers() == [
		"That did not work: the gateway connects again by itself, and a second connection would cut off the first; "
		"try again in a few minutes"
	]
	assert not control.account.connected
	control.world.clock.advance(200)
	control.writes("reconnect")
	assert control.account.connected


def test_a_gateway_that_does_not_answer_is_named(control: Control) -> None:
	control.gateway.setup(TOKEN).fail_next("status", Retriable("The gateway does not answer"))
	control.writes("reconnect")
	assert control.answers() == ["That did not work: The gateway does not answer"]


@pytest.mark.parametrize("author", [Author.BOT, Author.NOBODY])
def test_bots_and_automations_get_no_answer_or_it_would_never_end(control: Control, author: Author) -> None:
	control.writes("reconnect", author=author)
	assert control.answers() == []
	assert not control.account.connected
	assert [event.last_error for event in control.world.events(EventState.IGNORED)] == ["not an agent's word"]


def test_a_gateway_that_takes_its_time_is_connected_once(
	control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(FakeGatewayAccount, "connect", lambda account: None)
	control.writes("qr")
	control.world.outlast()
	assert control.gateway.setup(TOKEN).count("connect") == 1
	assert control.answers() == ["That did not work: the gateway is connecting"]


@pytest.mark.parametrize("email", ["eve@example.com", ""])
def test_only_agents_whom_the_session_names_are_obeyed(control: Control, email: str) -> None:
	control.writes("reconnect", email)
	assert control.answers() == [
		"You are not among the agents who may ask me. Whoever looks after the bridge can add you."
	]
	assert not control.account.connected


def test_nobody_is_if_it_names_none(control: Control) -> None:
	control.world.change_session(control_agents=())
	control.writes("status", "")
	assert control.answers() == [
		"You are not among the agents who may ask me. Whoever looks after the bridge can add you."
	]


def test_an_answer_comes_once_though_chatwoots_was_lost(control: Control) -> None:
	control.writes("help")
	control.world.chatwoot.fail_next("post_message", Uncertain("no answer in time"), after_doing=True)
	control.writes("help")
	control.world.outlast()
	assert control.answers() == [HELP, HELP]
