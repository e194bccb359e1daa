"""What the page's files are served with, and that nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from standalone_world import StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.standalone_host.admin import admin_page

PAGE = Path(admin_page.__file__).parent / "page"


def test_the_page_needs_nothing_from_elsewhere(world: StandaloneWorld):
	answer = world.http.get("/admin")
	assert answer.status_code == 200
	assert answer.headers["content-type"].startswith("text/html")
	policy = answer.headers["content-security-policy"]
	assert "default-src 'none'" in policy
	assert "frame-ancestors 'none'" in policy
	for link in re.findall(r'(?:src|href)="(/[^"]+)"', answer.text):
		assert world.http.get(link).status_code == 200
	for path in PAGE.iterdir():
		assert not re.search(r"https?://(?!wuzapi\.example|chat\.example)", path.read_text())


@pytest.mark.parametrize("path", sorted(PAGE.glob("*.js")), ids=lambda path: path.name)
def test_text_is_never_read_as_html(path):
	assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text())


@pytest.mark.parametrize("path", [*PAGE.glob("*.js"), *PAGE.glob("*.css")], ids=lambda path: path.name)
def test_every_part_is_served_as_what_it_is(world, path):
	answer = world.http.get(f"/admin/page/{path.name}")
	kind = {".js": "text/javascript", ".css": "text/css"}[path.suffix]
	assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
	assert answer.text == path.read_text()


@pytest.mark.parametrize(
	"path", ["index.html", "nothing.js", "..%2fapp.py", "%2e%2e/app.py", "../../app.py", "admin.js/"]
)
def test_nothing_else_is_served(world, path):
	assert world.http.get(f"/admin/page/{path}").status_code == 404


def test_every_field_has_a_label_and_every_dialog_a_title():
	text = (PAGE / "index.html").read_text()
	fields = re.findall(r"<input", text)
	labelled = re.findall(r"<label[^>]*>(?:(?!</label>).)*<input", text, re.DOTALL)
	assert len(fields) == len(labelled)
	assert len(re.findall("<dialog ", text)) == len(re.findall("<dialog [^>]*aria-labelledby=", text))


def test_without_an_admin_token_the_page_says_so(tmp_path):
	with world_in(tmp_path / "data", admin_token=Secret("")) as world:
		assert world.http.get("/admin").status_code == 200
		assert world.http.get("/admin/api/sessions").json() == {
			"detail": "ADMIN_TOKEN is not set, so this is switched off"
		}
