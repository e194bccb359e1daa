"""Which phone a control request is about: that of the gateway's first user, or that of the user it names."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.control.gateway_acts import GatewayActs
from wuzapi_chatwoot.sandbox.control.inputs import Json
from wuzapi_chatwoot.sandbox.control.phone_acts import PhoneActs
from wuzapi_chatwoot.sandbox.gateway.phones.life import Life


class Phones:
	"""The acts of each number of ours, made when they are first needed."""

	def __init__(self, gateway: GatewayActs) -> None:
		self._gateway = gateway
		self._acts: dict[Life, PhoneActs] = {}

	def of(self, body: Json) -> PhoneActs:
		"""Return the acts on the phone of `user`."""
		life = self._gateway.line_of(body).life
		return self._acts.setdefault(life, PhoneActs(life))

	async def send(self, body: Json) -> Json:
		"""Write messages."""
		return await self.of(body).send(body)

	def read(self, body: Json) -> Json:
		"""Open a chat."""
		return self.of(body).read(body)

	def receipt(self, body: Json) -> Json:
		"""Confirm messages."""
		return self.of(body).receipt(body)

	def typing(self, body: Json) -> Json:
		"""Type, or stop."""
		return self.of(body).typing(body)

	def begin_again(self) -> None:
		"""Stop what is still being written, and forget all phones."""
		for acts in self._acts.values():
			acts.stop()
		self._acts.clear()
