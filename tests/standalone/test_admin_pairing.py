"""Connecting and pairing by the admin API: from the first code to the number and its name."""

from __future__ import annotations

from standalone.admin_world import OWN, PICTURE, Administrator
from standalone.workshop_world import admin, notes, world

from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import SessionState
from wuzapi_chatwoot.bridge.model.records import Secret

__all__ = ["admin", "world"]


def pairing(admin: Administrator, known: str = "") -> dict[str, object]:
	return admin.asks(f"/workshop/pairing?known={known}")


def test_from_connecting_to_connected(world, admin):
	assert pairing(admin)["phase"] == "off"
	assert admin.does("/workshop/connect") == {"sentence": "The gateway is connecting."}
	assert pairing(admin)["phase"] == "starting"
	admin.user.show_qr(PICTURE)
	first = pairing(admin)
	assert (first["phase"], first["qr"]) == ("scan", PICTURE)
	admin.user.show_qr("data:image/png;base64,SECOND")
	second = pairing(admin, first["qr_id"])
	assert second["qr"] == "data:image/png;base64,SECOND"
	assert second["qr_id"] != first["qr_id"]
	# What is shown already is not sent again.
	assert pairing(admin, second["qr_id"]) == {**second, "qr": None}
	admin.user.pair(OWN)
	assert pairing(admin)["sentence"] == "Connected."
	notes(world, SessionState.CONNECTED, address=OWN)
	assert pairing(admin) == {
		"phase": "connected",
		"sentence": "Connected as +1 202-555-0100.",
		"qr": None,
		"qr_id": None,
		"number": "+1 202-555-0100",
		"name": None,
	}
	notes(world, SessionState.CONNECTED, name="Example Shop")
	assert pairing(admin)["sentence"] == "Connected as +1 202-555-0100 (Example Shop)."


def test_what_the_pairing_has_undone_is_posted_again_at_once(world, admin):
	admin.pairs()
	admin.user.used_key = Secret("")
	pairing(admin)
	known = world.host.watcher._known["workshop"]
	assert known.again
	session = world.bridge.sessions()["workshop"]
	world.host.watcher._look_at(session, known)
	assert admin.user.used_key == world.host.sessions.kept("workshop").signing_key
	pairing(admin)
	assert not known.again


def test_the_codes_run_out_and_others_are_asked_for(world, admin):
	admin.does("/workshop/connect")
	admin.user.show_qr(PICTURE)
	assert pairing(admin)["phase"] == "scan"
	world.clock.advance(21)
	admin.user.expire_qr()
	notes(world, SessionState.FAILED, detail="nobody scanned the code in time")
	assert pairing(admin)["phase"] == "off"
	admin.does("/workshop/connect")
	admin.user.show_qr("data:image/png;base64,NEXT")
	assert pairing(admin)["qr"] == "data:image/png;base64,NEXT"


def test_why_no_code_is_shown(world, admin):
	notes(world, SessionState.FAILED, detail="WhatsApp refused the connection")
	told = pairing(admin)
	assert (told["phase"], told["sentence"]) == (
		"off",
		"The number is not connected to WhatsApp (WhatsApp refused the connection). "
		"Read the reason, mend it, and connect again.",
	)
	admin.does("/workshop/connect")
	admin.user.connected = False
	notes(world, SessionState.BANNED, banned_for_seconds=3600)
	told = pairing(admin)
	assert told["phase"] == "banned"
	assert told["sentence"].startswith(
		"WhatsApp has banned the number until 2026-03-02 11:00 Europe/Berlin. Do not connect "
	)
	world.clock.advance(3600)
	assert pairing(admin)["phase"] == "off"


def test_no_second_connect_beside_one_that_may_be_under_way(world, admin):
	setup = world.users.setup(admin.user.token)
	admin.does("/workshop/connect")
	admin.user.connected = False
	admin.does("/workshop/connect")
	assert setup.count("connect") == 1
	world.clock.advance(20)
	admin.does("/workshop/connect")
	assert setup.count("connect") == 2
	# Connected: nothing to do.
	world.clock.advance(60)
	admin.does("/workshop/connect")
	assert setup.count("connect") == 2


def test_a_gateway_that_connects_again_by_itself_is_left_alone(world, admin):
	notes(world, SessionState.RECONNECTING)
	world.clock.advance(179)
	status, sentence = admin.refused("/workshop/connect")
	assert (status, "connects again by itself" in sentence) == (502, True)
	world.clock.advance(1)
	admin.does("/workshop/connect")


def test_pairing_by_a_code_that_is_typed(world, admin):
	status, sentence = admin.refused("/workshop/pair-phone", phone="+12025550100")
	assert (status, "connect it, then ask for the code" in sentence) == (502, True)
	admin.does("/workshop/connect")
	told = admin.does("/workshop/pair-phone", phone=" +1 (202) 555-0100 ")
	assert told["code"] == "ABCD-EFGH"
	assert "Type ABCD-EFGH on that phone" in told["sentence"]
	assert admin.user.linking == "+12025550100"
	assert admin.refused("/workshop/pair-phone", phone="Fictional")[0] == 422
	admin.user.pair(OWN)
	assert admin.refused("/workshop/pair-phone", phone="+12025550100")[0] == 422


def test_a_gateway_that_is_down_is_a_sentence(world, admin):
	setup = world.users.setup(admin.user.token)
	for path in ("pairing", "connect"):
		setup.fail_next("status", Retriable("nothing answers at the gateway's address"))
		call = admin.get if path == "pairing" else admin.post
		answer = call(f"/workshop/{path}")
		assert answer.status_code == 502
		assert answer.json() == {"detail": "Nothing answers at the gateway's address."}
