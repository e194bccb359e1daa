"""Sessions, for the desk."""

# No `annotations` from `__future__`: Frappe converts what the browser sends by these types, and passes over text.
from dataclasses import asdict
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.diagnosis.findings import headline_of
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.i18n.translation import translate_finding, translate_for_reader
from wuzapi_chatwoot.frappe_host.jobs import session_counts
from wuzapi_chatwoot.frappe_host.sessions import (
	diagnose,
	options,
	rotation,
	self_test,
	setup,
	unfinished_setup,
)
from wuzapi_chatwoot.frappe_host.sessions import pairing as session_pairing


@frappe.whitelist(methods=["POST"])
def examine(session: str) -> dict[str, Any]:
	"""The doctor: walk a session's whole path both ways with what is saved, and name what is broken.

	Returns `{"verdict", "sentence", "findings": [{"step", "verdict", "sentence", "fix"}]}`; a verdict is `ok`, `warning`,
	`broken` or `skipped`. The verdict and the sentence of the whole are those of its worst steps.
	"""
	found = [translate_finding(each) for each in diagnose.examine(_readable(session).name)]
	headline = headline_of(found)
	return {
		"verdict": headline.verdict.value,
		"sentence": translate_for_reader(headline.sentence),
		"findings": [asdict(each) for each in found],
	}


@frappe.whitelist(methods=["POST"])
def prove(session: str) -> dict[str, bool]:
	"""Begin to prove a session's whole path by a message of its number to itself. How far it is tells `proof`."""
	self_test.begin(_readable(session).name)
	return {"queued": True}


@frappe.whitelist(methods=["GET", "POST"])
def proof(session: str) -> dict[str, Any]:
	"""How far the last proof has come.

	Returns `{"running", "trouble", "sentence", "steps": [{"name", "state", "sentence", "fix"}], "settled", "works", "over",
	"whole"}`; a state is `ok`, `waiting`, `warning`, `broken` or `skipped`. `settled`: nothing more comes of the steps that go
	by themselves, `works`: those are proved; `over`: nothing more comes of any, `whole`: all are proved.
	"""
	return self_test.progress(_readable(session).name)


@frappe.whitelist(methods=["POST"])
def set_up_new(
	session: str,
	gateway_url: str,
	chatwoot_url: str,
	chatwoot_token: str,
	account_id: int,
	admin_token: str = "",
	gateway_token: str = "",
	gateway_user_id: str = "",
	inbox_id: int = 0,
	take_over: bool = False,
) -> dict[str, str]:
	"""Make a session, and begin to set up both sides. For managers. Returns its name: `{"session": str}`.

	With the gateway administrator's token a user is made there, or the one with `gateway_user_id` adopted; else
	`gateway_token` is an existing user's. Without an `inbox_id` an inbox is made. `take_over`: webhooks that go elsewhere today shall come here.
	"""
	frappe.has_permission("WuzAPI Session", "create", throw=True)
	if bool(admin_token.strip()) == bool(gateway_token.strip()):
		refuse(frappe._("Give either the gateway administrator's token or a user's"), field="admin_token")
	if gateway_user_id:
		gateway_token = options.adopted_token(session.strip(), gateway_url, admin_token, gateway_user_id)
	doc = setup.new_session(
		session.strip(),
		gateway_url=gateway_url,
		gateway_token=gateway_token,
		chatwoot_url=chatwoot_url,
		chatwoot_token=chatwoot_token,
		account_id=account_id,
		inbox_id=inbox_id,
	)
	setup.begin(doc, admin_token, take_over)
	return {"session": doc.name}


@frappe.whitelist(methods=["POST"])
def set_up(session: str, admin_token: str = "", take_over: bool = False, inbox_id: int = 0) -> dict[str, str]:
	"""Set up both sides again with what is saved: what is right stays as it is. For managers.

	`inbox_id`: move to that inbox, once all is ready there.
	"""
	doc = _readable(session, "write")
	setup.begin(doc, admin_token, take_over, inbox_id)
	return {"session": doc.name}


@frappe.whitelist(methods=["POST"])
def continue_set_up(
	session: str,
	gateway_url: str,
	chatwoot_url: str,
	account_id: int,
	admin_token: str = "",
	gateway_token: str = "",
	gateway_user_id: str = "",
	chatwoot_token: str = "",
	inbox_id: int = 0,
	take_over: bool = False,
) -> dict[str, str]:
	"""Go on with a setup that was not completed, with other entries if need be. For managers.

	As `set_up_new`; an empty token is the saved one, as long as its address stays.
	"""
	doc = _readable(session, "write")
	if gateway_user_id:
		gateway_token = options.adopted_token(doc.name, gateway_url, admin_token, gateway_user_id)
	unfinished_setup.change_entries(
		doc,
		gateway_url=gateway_url,
		gateway_token=gateway_token,
		chatwoot_url=chatwoot_url,
		chatwoot_token=chatwoot_token,
		account_id=account_id,
		inbox_id=inbox_id,
		admin_token=admin_token,
	)
	setup.begin(doc, admin_token, take_over, inbox_id)
	return {"session": doc.name}


@frappe.whitelist(methods=["POST"])
def discard(session: str) -> dict[str, str]:
	"""Delete a session of which nothing is left outside, and that has no conversations. For managers."""
	doc = _readable(session, "delete")
	unfinished_setup.discard(doc)
	return {"session": session}


@frappe.whitelist(methods=["GET", "POST"])
def figures(session: str) -> dict[str, int]:
	"""How many messages a session has carried, as of now: `{"in", "out", "failed"}`."""
	return session_counts.figures(_readable(session).name)


@frappe.whitelist(methods=["POST"])
def chatwoot_choices(
	session: str = "", chatwoot_url: str = "", chatwoot_token: str = "", account_id: int = 0
) -> dict[str, Any]:
	"""The accounts of an access token's owner, and the inboxes of one, to choose from. For managers.

	What is left empty is taken from a session that is saved. Returns `{"accounts", "account_id", "inboxes", "trouble"}`;
	a `refusal` says why one cannot be chosen, `trouble` is `{"field", "sentence"}` or nothing.
	"""
	frappe.has_permission("WuzAPI Session", "create", throw=True)
	_need_right_to_saved(session)
	return options.of_chatwoot(session, chatwoot_url, chatwoot_token, account_id)


@frappe.whitelist(methods=["POST"])
def gateway_choices(session: str = "", gateway_url: str = "", admin_token: str = "") -> dict[str, Any]:
	"""The users of a gateway, to choose from, by its administrator's token. For managers.

	Returns `{"users", "trouble"}`, as `chatwoot_choices` does.
	"""
	frappe.has_permission("WuzAPI Session", "create", throw=True)
	_need_right_to_saved(session)
	return options.of_gateway(session, gateway_url, admin_token)


@frappe.whitelist(methods=["GET", "POST"])
def set_up_progress(session: str) -> dict[str, Any]:
	"""How far the set-up or the removal is. For managers.

	Returns `{"running": bool, "steps": [{"name", "state", "sentence"}], "trouble": str | None}`; a state is `running`, `done`,
	`found`, `failed` or `left`, trouble is why nothing has begun.
	"""
	return setup.progress(_readable(session, "write").name)


@frappe.whitelist(methods=["POST"])
def remove(
	session: str, admin_token: str = "", user: bool = True, inbox: bool = False, inbox_name: str = ""
) -> dict[str, str]:
	"""Remove what was made for a session: its `user` on the gateway, its `inbox` in Chatwoot. Switches it off. For managers.

	With the `inbox` goes every conversation in it: `inbox_name` says that this is known.
	"""
	doc = _readable(session, "write")
	setup.begin_removal(doc, admin_token, user, inbox, inbox_name)
	return {"session": doc.name}


@frappe.whitelist(methods=["POST"])
def rotate(session: str, side: str) -> dict[str, str]:
	"""A new signing secret for one `side`, `gateway` or `chatwoot`; the one before stays good. For managers.

	How far it is tells `set_up_progress`.
	"""
	doc = _readable(session, "write")
	if side not in (rotation.GATEWAY, rotation.CHATWOOT):
		refuse(frappe._("Name the side: gateway or chatwoot"))
	rotation.begin(doc.name, side)
	return {"session": doc.name}


@frappe.whitelist(methods=["GET", "POST"])
def state_words(session: str) -> dict[str, Any]:
	"""How a session stands, and since when, for people: `{"sentence", "advice", "since", "troubles"}`; the advice is empty
	when nothing is to be done. `troubles` is what is wrong although it may be connected, a text each.
	"""
	return session_pairing.words(_readable(session))


@frappe.whitelist(methods=["GET", "POST"])
def changes(session: str, limit: int = 8) -> list[dict[str, Any]]:
	"""What became of a session's connection, the latest first: `[{"at", "state", "detail"}]`, `at` in the site's time zone."""
	return session_pairing.changes(_readable(session).name, min(max(limit, 1), 200))


@frappe.whitelist(methods=["POST"])
def connect(session: str, phone: str = "") -> dict[str, bool]:
	"""Connect a number, and begin to pair it if it is not paired; with a `phone`, by a code to type there. For managers."""
	session_pairing.begin(_readable(session, "write").name, phone.strip())
	return {"queued": True}


@frappe.whitelist(methods=["POST"])
def pairing(session: str) -> dict[str, Any]:
	"""How far connecting and pairing is, the QR code included. For managers.

	Returns `{"state", "sentence", "advice", "qr", "code", "trouble", "number", "name", "parted"}`; `qr` is a data URL.
	"""
	return session_pairing.progress(_readable(session, "write").name)


@frappe.whitelist(methods=["POST"])
def disconnect(session: str) -> dict[str, bool]:
	"""Stop receiving and sending until it is connected again; the pairing is kept. For managers."""
	session_pairing.begin_parting(_readable(session, "write").name, "disconnect")
	return {"queued": True}


@frappe.whitelist(methods=["POST"])
def log_out(session: str) -> dict[str, bool]:
	"""End the pairing with the phone. For managers."""
	session_pairing.begin_parting(_readable(session, "write").name, "log_out")
	return {"queued": True}


def _need_right_to_saved(session: str) -> None:
	"""What is saved is used for those who may write it. A session that is not there yet has nothing."""
	if session and frappe.db.exists("WuzAPI Session", session):
		_readable(session, "write")


def _readable(session: str, right: str = "read") -> Any:
	doc = frappe.get_doc("WuzAPI Session", session)
	frappe.has_permission("WuzAPI Session", right, doc=doc, throw=True)
	return doc
