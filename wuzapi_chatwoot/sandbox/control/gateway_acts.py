"""What the control API lets happen to the gateway and its users: pairing, networks, bans, restarts."""

from __future__ import annotations

import time

from wuzapi_chatwoot.sandbox.control.inputs import BadControl, Json, flag_of, number_of, text_of
from wuzapi_chatwoot.sandbox.gateway import restart
from wuzapi_chatwoot.sandbox.gateway.clients import UP, Client, Refusal
from wuzapi_chatwoot.sandbox.gateway.phones.whatsapp import Line
from wuzapi_chatwoot.sandbox.gateway.posts import session_payloads
from wuzapi_chatwoot.sandbox.gateway.server import Gateway
from wuzapi_chatwoot.sandbox.gateway.users import UserRecord, UserRow

# When nothing else is said: a network drop, and a ban as WhatsApp begins with.
DROP_SECONDS = 1.0
BAN_SECONDS = 86_400.0


class GatewayActs:
	"""Acts of phones, of WhatsApp and of whoever runs the gateway."""

	def __init__(self, gateway: Gateway) -> None:
		self._gateway = gateway

	def line_of(self, body: Json) -> Line:
		"""Return the number that a user is, or was last, paired with."""
		row = self._row(body)
		line = self._gateway.whatsapp.lines.get(row.jid.partition(":")[0])
		if line is None:
			raise BadControl(f"user {row.name!r} was never paired", 404)
		return line

	def scan(self, body: Json) -> Json:
		"""Hold a phone in front of the QR code."""
		row = self._row(body)
		client = self._gateway.pairing.on_screen(row.id)
		if client is None:
			raise BadControl(f"no QR code of {row.name!r} is on screen")
		return self._paired(client, text_of(body, "phone"), body)

	def type_code(self, body: Json) -> Json:
		"""Type a linking code on the phone it was made for."""
		client = self._gateway.pairing.asked_by(text_of(body, "code").upper())
		if client is None:
			raise BadControl("nobody waits for this code", 404)
		phone = text_of(body, "phone", client.linking_phone).lstrip("+")
		if phone != client.linking_phone:
			raise BadControl("the code was made for another number")
		return self._paired(client, phone, body)

	def _paired(self, client: Client, phone: str, body: Json) -> Json:
		digits = phone.lstrip("+")
		if not (digits.isdecimal() and 7 <= len(digits) <= 15):
			raise BadControl("phone is a number with its country code")
		name, lid = text_of(body, "name", ""), text_of(body, "lid", "")
		line = self._gateway.whatsapp.line(digits, name, lid)
		if flag_of(body, "fails"):
			self._gateway.pairing.fails(client, line)
			return {"jid": "", "lid": ""}
		jid = self._gateway.pairing.succeeds(client, line)
		return {"jid": jid, "lid": line.owner.lid_jid}

	def unlink(self, body: Json) -> Json:
		"""Take the gateway off the phone's list of devices; it hears of it at once, or when it comes back."""
		row, reason = self._row(body), number_of(body, "reason", 401)
		device = self._gateway.whatsapp.device(row.jid)
		if device is None:
			raise BadControl(f"user {row.name!r} is not paired")
		device.linked = False
		for client in self._gateway.clients.of(row.id):
			if client.device is device and client.state == UP:
				self._gateway.clients.logs_out(client, reason, on_connect=False)
		return {}

	def restart(self, body: Json) -> Json:
		"""Stop the gateway and start it; `first_try_fails` for everybody, or for the user named."""
		fails, who = flag_of(body, "first_try_fails"), text_of(body, "user", "")
		failing = frozenset([self._row(body).id] if who and fails else [])
		gateway = self._gateway
		begun = restart.restarted(
			gateway.clients,
			gateway.whatsapp,
			gateway.webhooks,
			failing,
			all_fail=fails and not who,
			with_keys=gateway.keys_are_readable,
		)
		return {"reconnecting": begun}

	def drop(self, body: Json) -> Json:
		"""Cut the way to WhatsApp for one user, or for all; null seconds: it does not come back by itself."""
		given = body.get("seconds", DROP_SECONDS)
		if given is not None and (
			isinstance(given, bool) or not isinstance(given, (int, float)) or given < 0
		):
			raise BadControl("seconds is a number, or null")
		who = self._row(body).id if "user" in body else None
		clients = self._gateway.clients
		dropped = [client for client in clients.all if client.state == UP and who in (None, client.user_id)]
		for client in dropped:
			clients.drops(client, given)
		return {"dropped": len(dropped)}

	def ban(self, body: Json) -> Json:
		"""Ban a number for a while: it is thrown out, and every connect is refused until then."""
		code, seconds = number_of(body, "code", 101), number_of(body, "seconds", int(BAN_SECONDS))
		ends = time.monotonic() + seconds

		def payload() -> Json:
			return session_payloads.temporary_ban(code, max(0.0, round(ends - time.monotonic())))

		return self._refused(body, Refusal(payload, ends))

	def connect_failure(self, body: Json) -> Json:
		"""Let WhatsApp refuse the connection once, or with `lasting` from now on."""
		reason, message = number_of(body, "reason", 409), text_of(body, "message", "fictional")
		refusal = Refusal(lambda: session_payloads.connect_failure(reason, message), self._until(body))
		return self._refused(body, refusal)

	def client_outdated(self, body: Json) -> Json:
		"""Let WhatsApp find the gateway too old; with `lasting` until `gateway/accept` stands for an update."""
		refusal = Refusal(lambda: session_payloads.plain("ClientOutdated"), self._until(body))
		return self._refused(body, refusal)

	def _until(self, body: Json) -> float | None:
		return None if flag_of(body, "lasting") else time.monotonic()

	def _refused(self, body: Json, refusal: Refusal) -> Json:
		row = self._row(body)
		self._gateway.clients.refusals[row.id] = refusal
		for client in self._gateway.clients.of(row.id):
			self._gateway.clients.ends(client)
			self._gateway.clients.deliver(client, refusal.payload())
		return {}

	def accept(self, body: Json) -> Json:
		"""Let a user in again that was banned or refused."""
		self._gateway.clients.refusals.pop(self._row(body).id, None)
		return {}

	def stream_error(self, body: Json) -> Json:
		"""Let WhatsApp end the stream; the client comes back by itself."""
		row, code = self._row(body), text_of(body, "code", "500")
		for client in self._gateway.clients.of(row.id):
			if client.state == UP:
				self._gateway.clients.deliver(client, session_payloads.stream_error(code))
		return self.drop(body)

	def emit(self, body: Json) -> Json:
		"""Post any other webhook of the gateway, as it is given."""
		payload = body.get("payload")
		if not isinstance(payload, dict) or "type" not in payload:
			raise BadControl("payload is an object with a type")
		row = self._row(body)
		client = self._gateway.clients.tracked.get(row.id)
		if client is not None and client.device is None:
			self._gateway.clients.deliver(client, payload)
		else:
			self.line_of(body).emit(payload)
		return {}

	def users(self) -> Json:
		"""Show every user: what the database holds, what the process knows, and which clients there are."""
		known = self._gateway.users
		# A deleted user that goes on running has no row any more.
		orphans = [record for record in known.records.values() if record.id not in known.rows]
		rows = [self._shown(row) for row in known.rows.values()]
		return {"users": rows, "deleted": [_memory(record) for record in orphans]}

	def _shown(self, row: UserRow) -> Json:
		clients, record = self._gateway.clients, self._gateway.users.records.get(row.token)
		tracked = clients.tracked.get(row.id)
		there = clients.of(row.id)
		client = self._gateway.pairing.on_screen(row.id)
		return {
			"id": row.id,
			"name": row.name,
			"token": row.token,
			"connected": clients.is_connected(row.id),
			"logged_in": clients.is_logged_in(row.id),
			"clients": len(there),
			"sockets": [{"state": each.state, "tracked": each is tracked} for each in there],
			"qr": client.qr if client else "",
			"linking_code": tracked.linking_code if tracked else "",
			"skipped": dict(clients.skipped.get(row.id, {})),
			"database": {
				"webhook": row.webhook,
				"events": row.events,
				"jid": row.jid,
				"connected": row.connected,
				"hmac_key": row.hmac_key,
				"media_delivery": row.s3.media_delivery,
			},
			"memory": record and _memory(record),
		}

	def _row(self, body: Json) -> UserRow:
		users = self._gateway.users
		who = text_of(body, "user", "")
		row = users.named(who) if who else next(iter(users.rows.values()), None)
		if row is None:
			raise BadControl(f"the gateway has no user {who!r}", 404)
		return row


def _memory(record: UserRecord) -> Json:
	return {
		"id": record.id,
		"token": record.token,
		"webhook": record.webhook,
		"events": ",".join(record.events),
		"jid": record.jid,
		"hmac_key": record.hmac_key,
		"media_delivery": record.s3.media_delivery,
	}
