"""Who may do something with sessions, and who is told nothing: tokens, logins, forms of strange sites."""

from __future__ import annotations

import pytest
from standalone.workshop_world import admin, world
from standalone_world import ADMIN, world_in

from wuzapi_chatwoot.bridge.records import Secret

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
