"""Who may do something with sessions, and who is told nothing: tokens, logins, forms of strange sites."""

from __future__ import annotations

import pytest
from fastapi import HTTPException
from standalone.workshop_world import admin, world
from standalone_world import ADMIN, world_in

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.standalone_host.admin.admin_access import AdminAccess

__all__ = ["admin", "world"]


ROUTES = [
	("GET", ""),
	("POST", ""),
	("GET", "/workshop"),
	("GET", "/workshop/pairing"),
	("GET", "/workshop/doctor"),
	("GET", "/workshop/test"),
	("GET", "/workshop/changes"),
	("GET", "/workshop/set-up"),
	*(
		("POST", f"/workshop/{act}")
		for act in ("connect", "pair-phone", "disconnect", "log-out", "delete", "test", "rotate")
	),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_token_or_login_nothing_is_told(world, admin, method, path):
	calls = world.users.count(), world.inboxes.count()
	for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "wuzapi_chatwoot_admin=wrong"}):
		answer = world.http.request(
			method, f"/admin/api/sessions{path}", json={"name": "workshop"}, headers=headers
		)
		assert answer.status_code == 401
		assert "workshop" not in answer.text
	assert (world.users.count(), world.inboxes.count()) == calls


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_an_admin_token_all_is_switched_off(tmp_path, method, path):
	with world_in(tmp_path / "data", admin_token=Secret("")) as world:
		for headers in ({}, {"Authorization": "Bearer "}, ADMIN):
			answer = world.http.request(method, f"/admin/api/sessions{path}", json={}, headers=headers)
			assert answer.status_code == 403
		assert world.http.post("/admin/api/login", json={"token": ""}).status_code == 403


def test_a_login_opens_the_same_until_it_ends(world, admin):
	answer = world.http.post("/admin/api/login", json={"token": "Fictional-Admin-Token"})
	assert answer.status_code == 200
	cookie = answer.headers["set-cookie"]
	for part in ("HttpOnly", "SameSite=strict", "Path=/admin", "Max-Age=43200"):
		assert part in cookie
	assert "Fictional" not in cookie
	# By plain HTTP a secure cookie would not come back.
	assert "Secure" not in cookie
	assert world.http.get("/admin/api/sessions").status_code == 200
	assert world.http.get("/events").status_code == 401
	assert world.http.post("/admin/api/logout", json={}).status_code == 200
	assert world.http.get("/admin/api/sessions").status_code == 401


def test_behind_tls_the_cookie_is_secure(tmp_path):
	with world_in(tmp_path / "data", public_url="https://bridge.example") as world:
		answer = world.http.post("/admin/api/login", json={"token": "Fictional-Admin-Token"})
		assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("token", ["", "wrong", "Fictional-Admin-Token x", "Fictional-Ädmin"])
def test_a_wrong_token_logs_nobody_in(world, token):
	answer = world.http.post("/admin/api/login", json={"token": token})
	assert (answer.status_code, answer.json()) == (401, {"detail": "This is not the ADMIN_TOKEN."})
	assert "set-cookie" not in answer.headers


def test_guessing_takes_longer_and_longer_and_is_told(world):
	"""By every door: login, header, and those that are open without one."""
	doors = (
		lambda token: world.http.post("/admin/api/login", json={"token": token}),
		lambda token: world.http.get("/events", headers={"Authorization": f"Bearer {token}"}),
		lambda token: world.http.get("/health", headers={"Authorization": f"Bearer {token}"}),
	)
	answers = [doors[number % 3](f"guess-{number}").status_code for number in range(40)]
	assert answers.count(401) < 10
	assert answers[-1] == 429
	refused = doors[0]("Fictional-Admin-Token")
	assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
	assert [each.what for each in world.observer.notices].count(
		"somebody gave a wrong ADMIN_TOKEN"
	) == answers.count(401)
	assert "wuzapi_chatwoot_refused_logins_total" in world.http.get("/metrics").text


def test_pauses_grow_and_end_with_the_right_token():
	clock = [0.0]
	wrong: list[int] = []
	access = AdminAccess(
		Secret("Fictional-Admin-Token"), secure=False, now=lambda: clock[0], refused=lambda: wrong.append(1)
	)

	def tried(token: str) -> int:
		try:
			access.need_header(f"Bearer {token}")
		except HTTPException as error:
			return error.status_code
		return 200

	def waits() -> float:
		"""How long it is closed now."""
		begun = clock[0]
		while tried("wrong") == 429:
			clock[0] += 0.5
		return clock[0] - begun

	assert [tried("wrong") for _ in range(5)] == [401] * 5
	assert [waits() for _ in range(9)] == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
	clock[0] += 30
	assert tried("Fictional-Admin-Token") == 200
	assert [tried("wrong") for _ in range(5)] == [401] * 5
	assert len(wrong) == 19


@pytest.mark.parametrize(
	"kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""]
)
def test_what_the_form_of_a_strange_site_can_send_is_not_obeyed(world, admin, kind):
	world.http.post("/admin/api/login", json={"token": "Fictional-Admin-Token"})
	headers = {"Content-Type": kind}
	for path in ("login", "logout", "sessions/workshop/disconnect"):
		answer = world.http.post(f"/admin/api/{path}", content=b'{"confirm": true}', headers=headers)
		assert answer.status_code == 415
	assert not world.host.sessions.stopped("workshop")


def test_what_nobody_knows_is_told_so(admin):
	assert admin.get("/nobody").status_code == 404
	assert admin.get("/nobody/pairing").json() == {"detail": "There is no session 'nobody'."}
	for act in ("connect", "test", "rotate"):
		assert admin.refused(f"/nobody/{act}")[0] == 404
	assert admin.refused("/nobody/delete", confirm=True)[0] == 404
	assert admin.refused("/nobody/pair-phone", phone="+447700900123")[0] == 404
