"""New signing secrets on both sides, the old ones believed for a while, and nothing lost meanwhile."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from standalone.admin_world import failed, states_of
from standalone.workshop_world import admin, world
from standalone_world import StandaloneWorld

from wuzapi_chatwoot.bridge.model.errors import Permanent, Uncertain

__all__ = ["admin", "world"]


def believed(world: StandaloneWorld) -> tuple[list[str], list[str]]:
	session = world.bridge.sessions()["workshop"]
	return [each.value for each in session.gateway_secrets], [each.value for each in session.chatwoot_secrets]


def test_secrets_are_replaced_and_the_old_ones_believed_for_an_hour(world, admin):
	[old_key], [old_secret] = believed(world)
	done = admin.does("/workshop/rotate")
	assert states_of(done) == {"gateway signing key": "done", "Chatwoot signing secret": "done"}
	keys, secrets = believed(world)
	assert keys == [admin.user.used_key.value, old_key]
	assert secrets == [world.inboxes.account[1].secret.value, old_secret]
	assert len({*keys, *secrets}) == 4
	world.clock.advance(3599)
	assert [len(each) for each in believed(world)] == [2, 2]
	world.clock.advance(1)
	assert believed(world) == (keys[:1], secrets[:1])


def test_what_chatwoot_signs_before_its_new_secret_is_known_is_believed_by_the_token(
	world, admin, monkeypatch
):
	token = world.host.sessions.kept("workshop").webhook_token.value
	new_secret = type(world.inboxes).new_secret

	def told(token: str) -> int:
		"""With a signature that is nobody's that we know."""
		path = f"/webhook/chatwoot/workshop?{urlencode({'token': token})}"
		return world.told_by_chatwoot({"event": "webwidget_triggered"}, path=path).status_code

	def asked(*which: object) -> object:
		assert [told(token), told("wrong")] == [200, 401]
		return new_secret(*which)

	monkeypatch.setattr(type(world.inboxes), "new_secret", asked)
	assert told(token) == 401
	assert admin.does("/workshop/rotate", gateway=False)["complete"]
	assert told(token) == 200
	world.clock.advance(10)
	assert told(token) == 401


def test_one_side_alone_is_rotated(world, admin):
	keys, secrets = believed(world)
	admin.does("/workshop/rotate", chatwoot=False)
	assert (len(believed(world)[0]), believed(world)[1]) == (2, secrets)
	admin.does("/workshop/rotate", gateway=False)
	assert believed(world)[0][1:] == keys


def test_what_chatwoot_could_not_bring_meanwhile_is_fetched(world, admin, monkeypatch):
	asked: list[str] = []
	monkeypatch.setattr(world.host.housekeeping, "fetch_soon", asked.append)
	admin.does("/workshop/rotate", gateway=False)
	assert asked == ["workshop"]


@pytest.mark.parametrize("after_doing", [True, False])
def test_where_the_gateway_fails_both_keys_are_believed(world, admin, after_doing):
	"""It may have the new one all the same; the watcher posts the old one again."""
	[old], _ = believed(world)
	setup = world.users.setup(admin.user.token)
	setup.fail_next("set_signing_key", Uncertain("The gateway did not answer"), after_doing=after_doing)
	step, sentence = failed(admin.does("/workshop/rotate", chatwoot=False))
	assert (step, sentence) == ("gateway signing key", "The gateway did not answer")
	keys, _ = believed(world)
	assert keys[0] == old
	assert admin.user.used_key.value in keys
	assert world.host.watcher._known["workshop"].again


def test_a_new_secret_of_which_no_answer_told_is_read(world, admin):
	world.inboxes.fail_next("new_secret", Uncertain("Chatwoot did not answer"), after_doing=True)
	assert admin.does("/workshop/rotate", gateway=False)["complete"]
	assert believed(world)[1][0] == world.inboxes.account[1].secret.value


def test_where_chatwoot_refuses_the_old_one_goes_on(world, admin):
	before = believed(world)
	world.inboxes.fail_next("new_secret", Permanent("only an administrator may"))
	assert failed(admin.does("/workshop/rotate", gateway=False))[1] == "only an administrator may"
	assert believed(world) == before
