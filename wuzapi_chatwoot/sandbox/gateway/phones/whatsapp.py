"""WhatsApp's own side: phone numbers, and the devices linked with each. Knows nothing of users and webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.api.routes import RouteTable
from wuzapi_chatwoot.sandbox.gateway.phones.life import Life
from wuzapi_chatwoot.sandbox.gateway.phones.people import LID_SERVER, OWNER, PHONE_SERVER, Person
from wuzapi_chatwoot.sandbox.gateway.phones.phone import Phone

Json = dict[str, Any]

FIRST_DEVICE = 12
# What WhatsApp keeps for a device that is away.
MOST_WAITING = 5000


class Device:
	"""One linked device: an entry under "Linked devices" on the phone, and in the gateway's store."""

	def __init__(self, line: Line, number: int) -> None:
		self.line = line
		self.jid = f"{line.owner.phone}:{number}{PHONE_SERVER}"
		self.lid = f"{line.owner.lid}:{number}{LID_SERVER}"
		# False once the phone has thrown it out and it does not know yet.
		self.linked = True
		self._socket: Callable[[Json], None] | None = None
		self._waiting: list[Json] = []

	@property
	def online(self) -> bool:
		"""Say whether a client holds the connection."""
		return self._socket is not None

	def opened(self, socket: Callable[[Json], None]) -> None:
		"""Hand everything to this client from now on; a device has one connection at a time."""
		self._socket = socket

	def hands_over(self) -> None:
		"""Let go what waited while the device was away."""
		waiting, self._waiting = self._waiting, []
		for payload in waiting:
			self.receive(payload)
		if waiting:
			self.line.life.handed_over()

	def closed(self) -> None:
		"""Keep everything from now on."""
		self._socket = None

	def receive(self, payload: Json) -> None:
		"""Take an event, or keep it until somebody is there to take it."""
		if self._socket is not None:
			self._socket(payload)
		elif len(self._waiting) < MOST_WAITING:
			self._waiting.append(payload)


class Line:
	"""One phone number of ours with its chats; several devices may be linked with it."""

	def __init__(self, owner: Person, whatsapp: WhatsApp, phone: Phone) -> None:
		self.owner = owner
		self.devices: list[Device] = []
		self._whatsapp = whatsapp
		self._next_device = FIRST_DEVICE
		self.life: Life = whatsapp.new_life(phone, self)
		# The endpoints that work on this number, by method and path.
		self.routes = RouteTable()
		whatsapp.add_routes(self.life, self.routes)

	def link(self) -> Device:
		"""Link a new device."""
		device = Device(self, self._next_device)
		self._next_device += 1
		self.devices.append(device)
		return device

	@property
	def online(self) -> bool:
		"""Say whether any device takes what is written."""
		return any(device.online for device in self.devices)

	def emit(self, payload: Json) -> None:
		"""Hand an event to every linked device."""
		for device in list(self.devices):
			if device.linked:
				device.receive(payload)

	def gateway_is_back(self) -> None:
		"""One gateway serves all numbers: everything that waited for it is handed over."""
		for line in self._whatsapp.lines.values():
			line.life.handed_over()


class WhatsApp:
	"""All numbers of ours, by their digits."""

	def __init__(
		self,
		new_phone: Callable[[Person], Phone],
		new_life: Callable[[Phone, Line], Life],
		add_routes: Callable[[Life, RouteTable], None],
	) -> None:
		self.lines: dict[str, Line] = {}
		self.new_life = new_life
		self.add_routes = add_routes
		self._new_phone = new_phone
		# Nobody's number: for clients that have no device.
		self.nobody = self._unlisted(Person("nobody", "Nobody", "", ""))

	def line(self, phone: str, name: str = "", lid: str = "") -> Line:
		"""Return the line of a number; one that was never used before begins with no messages."""
		if phone not in self.lines:
			owner = OWNER
			if phone != OWNER.phone:
				owner = Person(phone, name or f"Shop {phone[-4:]}", phone, lid or f"1{phone.zfill(14)[-14:]}")
			self.lines[phone] = self._unlisted(owner)
		return self.lines[phone]

	def _unlisted(self, owner: Person) -> Line:
		return Line(owner, self, self._new_phone(owner))

	def device(self, jid: str) -> Device | None:
		"""Find what the gateway's store holds under an address; None when it was thrown away."""
		devices = (device for line in self.lines.values() for device in line.devices)
		return next((device for device in devices if device.jid == jid), None)
