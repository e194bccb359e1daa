"""The control API and the page over HTTP: each route reads the body, calls one act, and answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from wuzapi_chatwoot.sandbox.control import views
from wuzapi_chatwoot.sandbox.control.agent_acts import AgentActs
from wuzapi_chatwoot.sandbox.control.contact_acts import ContactActs
from wuzapi_chatwoot.sandbox.control.gateway_acts import GatewayActs
from wuzapi_chatwoot.sandbox.control.inputs import BadControl, Json
from wuzapi_chatwoot.sandbox.control.phones import Phones
from wuzapi_chatwoot.sandbox.switches import BadSwitch

if TYPE_CHECKING:
	from wuzapi_chatwoot.sandbox.sandbox import Sandbox

PAGE_FOLDER = Path(__file__).resolve().parent.parent / "page"
PAGE_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGE_FILES = {
	"": ("index.html", "text/html"),
	**{
		each.name: (each.name, PAGE_TYPES[each.suffix])
		for each in PAGE_FOLDER.iterdir()
		if each.suffix in PAGE_TYPES
	},
}
# Nothing from another host, no inline script: what a customer writes can never become one.
PAGE_POLICY = "default-src 'self'; img-src 'self' data:; media-src 'self' data:; frame-ancestors 'none'"
# Changes are told at most this often; under load the page would do nothing else.
QUIET_SECONDS = 0.15
KEEP_ALIVE_SECONDS = 10.0

Act = Callable[[Json], "Json | Awaitable[Json]"]


def control_app(sandbox: Sandbox) -> FastAPI:
	"""Build the application for one sandbox."""
	app = FastAPI(openapi_url=None)
	gateway, agent = GatewayActs(sandbox.gateway), AgentActs(sandbox.chatwoot.desk)
	phones = Phones(gateway)
	_add_acts(app, _acts_of_phones(phones, gateway))
	_add_acts(app, _acts_of_agents(agent, ContactActs(sandbox.chatwoot.desk, agent)))
	_add_switches(app, sandbox, phones)
	_add_views(app, sandbox, phones, gateway)
	_add_page(app, sandbox)

	@app.exception_handler(BadControl)
	async def bad_control(request: Request, error: BadControl) -> Response:
		return JSONResponse({"error": str(error)}, error.status)

	@app.exception_handler(BadSwitch)
	async def bad_switch(request: Request, error: BadSwitch) -> Response:
		return JSONResponse({"error": str(error)}, 400)

	return app


async def _body(request: Request) -> Json:
	try:
		value = json.loads(await request.body() or b"{}")
	except ValueError as error:
		raise BadControl("the body is no JSON") from error
	if not isinstance(value, dict):
		raise BadControl("the body is an object")
	return value


def _acts_of_phones(phones: Phones, gateway: GatewayActs) -> dict[str, Act]:
	return {
		"phone/send": phones.send,
		"phone/read": phones.read,
		"phone/receipt": phones.receipt,
		"phone/typing": phones.typing,
		"phone/scan": gateway.scan,
		"phone/type_code": gateway.type_code,
		"phone/unlink": gateway.unlink,
		"gateway/webhook": gateway.emit,
		"gateway/restart": gateway.restart,
		"gateway/drop": gateway.drop,
		"gateway/ban": gateway.ban,
		"gateway/connect_failure": gateway.connect_failure,
		"gateway/client_outdated": gateway.client_outdated,
		"gateway/stream_error": gateway.stream_error,
		"gateway/accept": gateway.accept,
	}


def _acts_of_agents(agent: AgentActs, contacts: ContactActs) -> dict[str, Act]:
	return {
		"agent/send": agent.send,
		"agent/start": agent.start,
		"agent/assign": agent.assign,
		"agent/label": agent.label,
		"agent/look": agent.look,
		"agent/retry": agent.retry,
		"agent/delete": agent.delete,
		"agent/resolve": lambda body: agent.set_status(body, "resolved"),
		"agent/reopen": lambda body: agent.set_status(body, "open"),
		"agent/pending": lambda body: agent.set_status(body, "pending"),
		"agent/delete_conversation": agent.delete_conversation,
		"agent/delete_contact": contacts.delete,
		"agent/merge": contacts.merge,
		"agent/block": contacts.block,
		"agent/mute": contacts.mute,
		"agent/window": contacts.window,
		"agent/typing": agent.typing,
	}


def _add_acts(app: FastAPI, acts: dict[str, Act]) -> None:
	def route(act: Act) -> Callable[[Request], Awaitable[Response]]:
		async def run(request: Request) -> Response:
			result = act(await _body(request))
			if isinstance(result, Awaitable):
				result = await result
			return JSONResponse(result)

		return run

	for path, act in acts.items():
		app.add_route(f"/control/{path}", route(act), methods=["POST"])


def _add_switches(app: FastAPI, sandbox: Sandbox, phones: Phones) -> None:
	@app.get("/control/switches")
	async def shown() -> Response:
		return JSONResponse(sandbox.board.now.as_json())

	@app.post("/control/switches")
	async def switched(request: Request) -> Response:
		sandbox.board.set(await _body(request))
		await sandbox.move_ports()
		return JSONResponse(sandbox.board.now.as_json())

	@app.post("/control/reset")
	async def reset() -> Response:
		phones.begin_again()
		await sandbox.reset()
		return JSONResponse({})


def _add_views(app: FastAPI, sandbox: Sandbox, phones: Phones, gateway: GatewayActs) -> None:
	@app.get("/control/state")
	async def state(limit: int = 50) -> Response:
		return JSONResponse(views.state(sandbox, max(0, limit)))

	@app.get("/control/counters")
	async def counters() -> Response:
		return JSONResponse(views.counters(sandbox))

	@app.get("/control/settings")
	async def settings() -> Response:
		return JSONResponse(views.settings(sandbox))

	@app.get("/control/phone/chats/{customer}")
	async def chat(customer: str, user: str | None = None) -> Response:
		return JSONResponse(phones.of({} if user is None else {"user": user}).chat(customer))

	@app.get("/control/gateway/users")
	async def users() -> Response:
		return JSONResponse(gateway.users())

	@app.get("/control/chatwoot/conversations")
	async def conversations() -> Response:
		found = sandbox.chatwoot.store.conversations.values()
		return JSONResponse({"conversations": [views.conversation(each) for each in found]})

	@app.get("/control/chatwoot/contacts")
	async def contacts() -> Response:
		found = sandbox.chatwoot.store.contacts.values()
		return JSONResponse({"contacts": [views.contact(each) for each in found]})

	@app.get("/control/events")
	async def events() -> Response:
		headers = {"Cache-Control": "no-store"}
		return StreamingResponse(_told(sandbox), media_type="text/event-stream", headers=headers)


async def _told(sandbox: Sandbox) -> AsyncIterator[str]:
	version = -1
	sandbox.watch.begin()
	try:
		while True:
			newest = await sandbox.changes.after(version, KEEP_ALIVE_SECONDS)
			if newest == version:
				yield ": still here\n\n"
			else:
				version = newest
				yield f"event: changed\ndata: {version}\n\n"
				await asyncio.sleep(QUIET_SECONDS)
	finally:
		sandbox.watch.end()


def _add_page(app: FastAPI, sandbox: Sandbox) -> None:
	def file_answer(name: str, mimetype: str, data: bytes) -> Response:
		# A file from a chat is never run as part of the page, whatever it claims to be.
		headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
		return Response(data, headers=headers, media_type=mimetype)

	@app.get("/control/files/phone/{message_id}")
	async def phone_file(message_id: str) -> Response:
		lines = sandbox.gateway.whatsapp.lines.values()
		found = (line.life.phone.message(message_id) for line in lines)
		message = next((each for each in found if each is not None), None)
		if message is None or message.file is None:
			raise BadControl("there is no such file", 404)
		return file_answer(message.file.name, message.file.mimetype, message.file.data)

	@app.get("/control/files/chatwoot/{signed_id}")
	async def chatwoot_file(signed_id: str) -> Response:
		attachment = sandbox.chatwoot.store.attachments.get(signed_id)
		if attachment is None:
			raise BadControl("there is no such file", 404)
		return file_answer(attachment.file.name, attachment.file.mimetype, attachment.file.data)

	@app.get("/{name}")
	@app.get("/")
	async def page(name: str = "") -> Response:
		known: Any = PAGE_FILES.get(name)
		if known is None:
			raise BadControl("there is no such page", 404)
		file, mimetype = known
		headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
		return Response((PAGE_FOLDER / file).read_bytes(), headers=headers, media_type=mimetype)
