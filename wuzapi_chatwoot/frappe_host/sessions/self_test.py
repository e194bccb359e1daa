"""The proof of a session's path by a message to oneself: begun in a job, remembered for a while, looked at from the desk."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.self_test.check_self_test import check_self_test
from wuzapi_chatwoot.bridge.self_test.start_self_test import start_self_test
from wuzapi_chatwoot.bridge.self_test.steps import Seen, SelfTest, Written
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.gateways.connects import outside_transactions
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.i18n.translation import translate_finding, translate_for_reader
from wuzapi_chatwoot.frappe_host.live.live_updates import session_hint
from wuzapi_chatwoot.frappe_host.sessions.setup import enqueue_once
from wuzapi_chatwoot.frappe_host.sessions.workers import workers_trouble
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.store.times import from_site
from wuzapi_chatwoot.frappe_host.task_state.task_state import recall, remember
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

# Seconds.
_KEPT_FOR = 3600


def begin(name: str) -> None:
	"""Let a job write the message. Throws if nothing could come of it."""
	prepare(name)
	enqueue_once("prove", name)


def prepare(name: str) -> None:
	doc = frappe.get_doc("WuzAPI Session", name)
	if not doc.enabled:
		refuse(frappe._("The session is switched off: set it up, or switch it on first"))
	if doc.held:
		refuse(frappe._("The session was disconnected by hand: connect it first"))
	remember(name, "proof", {"running": True}, _KEPT_FOR)


def progress(name: str) -> dict[str, Any]:
	"""`{"running", "trouble", "sentence", "steps": [{"name", "state", "sentence", "fix"}], "settled", "works", "over",
	"whole"}`: how far the last one has come.

	`trouble`: why none could be begun, or why none begins. Asks nobody outside, but for a Chatwoot that has not told us of
	the message in time: that one is asked why, once.
	"""
	known, session = recall(name, "proof"), sessions().get(name)
	if "proof" not in known or session is None:
		running = bool(known.get("running"))
		if known.get("trouble"):
			trouble = translate_for_reader(known["trouble"])
		elif running:
			trouble = workers_trouble()
		else:
			trouble = frappe._("No test of this session is under way: begin one")
		return {"running": running, "trouble": trouble, **_shown(Seen(()))}
	proof = _proof_of(known["proof"])
	seen = check_self_test(bridge_of_site(), session, proof, _refused_since(name, proof.begun_at))
	return {"running": False, "trouble": None, **_shown(seen)}


def _shown(seen: Seen) -> dict[str, Any]:
	return {
		"sentence": translate_for_reader(seen.sentence) if seen.steps else "",
		"steps": [
			{"name": each.step, "state": each.verdict.value, "sentence": each.sentence, "fix": each.fix}
			for each in map(translate_finding, seen.steps)
		],
		**{word: getattr(seen, word) for word in ("settled", "works", "over", "whole")},
	}


def _refused_since(name: str, at: datetime) -> str | None:
	refusal, last = frappe.db.get_value("WuzAPI Session", name, ["last_refusal", "last_refusal_at"])
	return str(refusal) if refusal and last and from_site(last) >= at else None


# ---- in a job


def prove(name: str) -> None:
	"""Write the message."""
	bridge, session = bridge_of_site(in_job=True), sessions().get(name)
	if session is None:
		return
	gateway = outside_transactions(bridge, sides.gateway_setup_of(session))
	try:
		proof = start_self_test(replace(bridge, gateway_setup=lambda _: gateway), session)
	except BridgeError as error:
		remember(name, "proof", {"trouble": str(error)}, _KEPT_FOR)
	else:
		written = asdict(proof.written) if proof.written else None
		known = {**asdict(proof), "begun_at": proof.begun_at.isoformat(), "written": written}
		remember(name, "proof", {"proof": known}, _KEPT_FOR)
	session_hint(name, "proof")


def failed(name: str, error: Exception) -> None:
	"""A fault of ours, which the job raises as well."""
	remember(name, "proof", {"trouble": f"A fault in the bridge ({type(error).__name__})"}, _KEPT_FOR)
	session_hint(name, "proof")


def _proof_of(known: dict[str, Any]) -> SelfTest:
	written = Written(**known["written"]) if known["written"] else None
	return SelfTest(datetime.fromisoformat(known["begun_at"]), written, known["trouble"], known["fix"])
