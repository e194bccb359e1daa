"""A session in full health with a gateway and a Chatwoot, for tests of the doctor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bridge_world import OWNER, World

from wuzapi_chatwoot.bridge.diagnosis.diagnose_session import diagnose_session
from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, HostFacts, Verdict
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.testkit.twins.clock import START
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootSetup
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAdmin

TOKEN = Secret("token")
WISH = WebhookSettings("https://bridge.example/hook?token=t", frozenset({"Message", "ReadReceipt"}))
CALLBACK = "https://bridge.example/chatwoot?token=t"


@dataclass
class Patient:
	"""A session in full health, to be hurt."""

	world: World
	gateway: FakeGatewayAdmin = field(default_factory=FakeGatewayAdmin)
	chatwoot: FakeChatwootSetup = field(default_factory=FakeChatwootSetup)
	facts: HostFacts = field(
		default_factory=lambda: HostFacts(
			WISH.url,
			CALLBACK,
			(Finding("workers", Verdict.OK),),
			last_from_gateway=START,
			last_from_chatwoot=START,
		)
	)

	def __post_init__(self) -> None:
		self.account = self.gateway.have_user("front-desk", TOKEN, WISH)
		self.account.connect()
		self.account.pair(OWNER)
		self.setup = self.gateway.setup(TOKEN)
		self.setup.set_signing_key(Secret("k" * 32))
		self.inbox = self.chatwoot.have_inbox("WhatsApp", callback=CALLBACK)
		assert self.inbox.secret is not None
		self.world.change_session(
			inbox_id=self.inbox.id,
			chatwoot_secrets=(self.inbox.secret,),
			gateway_url="https://gateway.example",
			chatwoot_url="https://chatwoot.example",
		)
		self.setup.calls.clear()

	def examine(self) -> list[Finding]:
		return diagnose_session(
			self.world.bridge, self.world.session, self.setup, self.chatwoot, WISH, self.facts
		)

	def change_inbox(self, **fields: object) -> None:
		self.chatwoot.account[self.inbox.id] = replace(self.chatwoot.account[self.inbox.id], **fields)  # type: ignore[arg-type]

	def change_facts(self, **fields: object) -> None:
		self.facts = replace(self.facts, **fields)  # type: ignore[arg-type]
