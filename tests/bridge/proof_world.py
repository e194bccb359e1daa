"""A session that is connected and paired, for tests of the proof of its path."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bridge_world import OWNER, World

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.diagnosis.findings import Verdict
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.bridge.self_test.check_self_test import check_self_test
from wuzapi_chatwoot.bridge.self_test.start_self_test import start_self_test
from wuzapi_chatwoot.bridge.self_test.steps import Seen, SelfTest
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_records import FakeMessage, message_value
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAdmin

OWN_LID = Address("111100001111000", "lid")
OTHER_PHONE = Address("447700900999", "s.whatsapp.net")
TOKEN = Secret("token")
PLEASE = "Answer it on the phone, in the chat with yourself."


@dataclass
class Path:
	"""A session that is connected and paired, and one proof of its path."""

	world: World
	gateway: FakeGatewayAdmin = field(default_factory=FakeGatewayAdmin)

	def __post_init__(self) -> None:
		account = self.account = self.gateway.have_user(
			"front-desk", TOKEN, WebhookSettings("x", frozenset())
		)
		account.connect()
		account.pair(OWNER)
		account.used_address = OWNER
		setup = self.gateway.setup(TOKEN)
		self.bridge: Bridge = replace(self.world.bridge, gateway_setup=lambda session: setup)
		change = SessionChanged(SessionState.CONNECTED, address=OWNER, lid=OWN_LID)
		self.world.store.note_session_change("front-desk", change, self.world.clock.now())

	def begins(self) -> SelfTest:
		self.proof = start_self_test(self.bridge, self.world.session)
		return self.proof

	def sees(self, refusal: str | None = None) -> Seen:
		return check_self_test(self.bridge, self.world.session, self.proof, refusal)

	def shown(self, step: str, refusal: str | None = None) -> tuple[Verdict, str]:
		found = next(each for each in self.sees(refusal).steps if each.step == step)
		return found.verdict, found.sentence

	def verdicts(self) -> str:
		"""The first letter of each: o(k), b(roken), w(aiting), s(kipped)."""
		return "".join(each.verdict.value[0] for each in self.sees().steps)

	@property
	def message(self) -> FakeMessage:
		"""The last one in Chatwoot."""
		return self.world.chatwoot.messages[-1]

	def chatwoot_tells(self) -> None:
		message, chatwoot = self.message, self.world.chatwoot
		value = message_value(message, chatwoot.conversations[message.conversation_id], 3, 7)
		self.world.receive(value, key=f"message_created/{message.id}")

	def goes_out(self) -> None:
		self.chatwoot_tells()
		self.world.work()

	def phone_answers(self, text: str = "It works", id: str = "3AOWN", **fields: object) -> None:
		said = self.world.customer(text, id, **{"chat": OWNER, "sender": OWNER, "from_me": True, **fields})
		self.world.receive(said)
