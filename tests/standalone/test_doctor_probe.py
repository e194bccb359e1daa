"""The doctor's probe against our own routes: what it finds, and that it leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests
import responses
from prometheus_client import generate_latest
from standalone_world import SESSION, StandaloneWorld

from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.standalone_host.sessions.diagnose import probe

URL = "https://bridge.example"
SIDES = {"wuzapi": Source.GATEWAY, "chatwoot": Source.CHATWOOT}
LOST = "its signature was dropped"
CHANGED = "its body, or a header that is signed with it, was changed or dropped"

Change = Callable[[requests.PreparedRequest], None]


@contextmanager
def proxy(world: StandaloneWorld, change: Change) -> Iterator[None]:
	"""Before our own routes: it does something to every request."""

	def forward(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
		change(request)
		answer = world.http.post(request.path_url, content=request.body, headers=dict(request.headers))
		return answer.status_code, {}, answer.content

	with responses.RequestsMock() as mock:
		for side in SIDES:
			mock.add_callback("POST", f"{URL}/webhook/{side}/front-desk", forward)
		yield


def without(*names: str) -> Change:
	def drop(request: requests.PreparedRequest) -> None:
		for name in names:
			request.headers.pop(name, None)

	return drop


def written_anew(request: requests.PreparedRequest) -> None:
	request.body = json.dumps(json.loads(request.body)).encode()
	request.headers["content-length"] = str(len(request.body))


@pytest.mark.parametrize(
	("change", "changed"),
	[
		(lambda request: None, ()),
		(without("x-hmac-signature"), ((Source.GATEWAY, LOST),)),
		(without("x-chatwoot-signature"), ((Source.CHATWOOT, LOST),)),
		(without("x-chatwoot-timestamp"), ((Source.CHATWOOT, CHANGED),)),
		(written_anew, ((Source.GATEWAY, CHANGED), (Source.CHATWOOT, CHANGED))),
	],
)
def test_what_a_proxy_does_is_found_and_no_trace_is_left(world: StandaloneWorld, caplog, change, changed):
	with proxy(world, change):
		assert probe(URL, SESSION, world.clock.now()) == Reached(changed=changed)
	assert world.events() == []
	assert world.host.arrivals.last_refusal("front-desk") is None
	assert world.observer.webhooks == []
	assert b"webhooks_total{" not in generate_latest(world.host.registry)
