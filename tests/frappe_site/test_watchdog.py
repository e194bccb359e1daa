"""The watchdog over hundreds of sessions of one gateway, by real HTTP: what a round costs, and that it writes nothing."""

import requests
from processes import until

from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN

SESSIONS = 300
FIRST_PHONE = 447700910001


def test_hundreds_of_sessions(stack, figures):
	stack.begin(workers=0)
	tokens = _paired_users(stack.sandbox, SESSIONS)
	stack.ask("add_sessions", tokens=tokens, gateway_url=stack.sandbox.gateway, callback_url=stack.url)
	try:
		first = stack.ask("watch_all")
		before = stack.ask(
			"values", doctype="WuzAPI Session", filters={}, fields=["name", "modified", "state"]
		)
		second = stack.ask("watch_all")
		after = stack.ask(
			"values", doctype="WuzAPI Session", filters={}, fields=["name", "modified", "state"]
		)
	finally:
		stack.ask("drop_sessions")
	for what, tick in (("first", first), ("quiet", second)):
		figures(
			f"{what} round: {tick['looks']} sessions in {tick['seconds']:.1f} s, "
			f"{tick['read']} statements in {tick['reading']:.1f} s to read them, {tick['per_look']:.1f} for a look, "
			f"{tick['writes']} writing"
		)
	assert sum(row["state"] == "connected" for row in before) >= SESSIONS
	assert second["looks"] >= SESSIONS
	assert second["writes"] == 0
	assert second["per_look"] < 12
	assert before == after


def _paired_users(sandbox, count):
	"""The tokens of so many new users, each with a phone of its own that has scanned its code."""
	tokens = {}
	for number in range(count):
		token = f"fictional-token-of-{number}"
		body, admin = {"name": f"user-{number}", "token": token}, {"Authorization": GATEWAY_ADMIN_TOKEN}
		made = requests.post(f"{sandbox.gateway}/admin/users", json=body, headers=admin, timeout=10)
		tokens[made.json()["data"]["id"]] = token
		url = f"{sandbox.gateway}/session/connect"
		requests.post(url, json={"Immediate": True}, headers={"token": token}, timeout=10)

	def all_users(have):
		found = sandbox.control("gateway/users")["users"]
		return sum(bool(each[have]) for each in found if each["id"] in tokens) == count

	until(lambda: all_users("qr"), "every one has a code")
	for number, user in enumerate(tokens):
		sandbox.control("phone/scan", {"user": user, "phone": str(FIRST_PHONE + number)})
	until(lambda: all_users("logged_in"), "all are paired")
	return list(tokens.values())
