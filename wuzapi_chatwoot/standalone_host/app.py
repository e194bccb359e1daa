"""The HTTP routes: each translates, calls one use case or store method, translates back."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import ClientDisconnect

from .. import __version__
from ..bridge.ports import WebhookRequest
from ..bridge.records import EventRow, EventState, Source
from ..bridge.usecases.receive_webhook import receive_webhook
from ..bridge.usecases.replay_event import replay_event
from .wiring import Host


class _BodyTooLarge(Exception):
	pass


def create_app(host: Host) -> FastAPI:
	@asynccontextmanager
	async def lifespan(app: FastAPI) -> AsyncIterator[None]:
		host.start()
		yield
		host.stop()

	app = FastAPI(
		title="wuzapi_chatwoot",
		version=__version__,
		lifespan=lifespan,
		docs_url=None,
		redoc_url=None,
		openapi_url=None,
	)
	app.state.largest_body = host.settings.largest_body
	_add_webhooks(app, host)
	_add_public(app, host)
	_add_admin(app, host)
	return app


async def _read(request: Request) -> WebhookRequest:
	"""The only thing done in the event loop: taking in the body, no more of it than is allowed."""
	largest = request.app.state.largest_body
	body = bytearray()
	try:
		async for chunk in request.stream():
			body += chunk
			if len(body) > largest:
				raise _BodyTooLarge
	except ClientDisconnect as error:
		raise HTTPException(400, "the body was cut off") from error
	return WebhookRequest(
		body=bytes(body),
		headers={name.lower(): value for name, value in request.headers.items()},
		query=dict(request.query_params),
		session=request.path_params.get("session"),
	)


_Incoming = Annotated[WebhookRequest, Depends(_read)]


def _add_webhooks(app: FastAPI, host: Host) -> None:
	def receiver(source: Source) -> Callable[..., Response]:
		def receive(request: _Incoming) -> Response:
			answer = receive_webhook(host.bridge, source, request)
			return JSONResponse({"status": answer.reason, "trace_id": answer.trace_id}, answer.status)

		return receive

	for path, source in (("/webhook/wuzapi", Source.GATEWAY), ("/webhook/chatwoot", Source.CHATWOOT)):
		app.post(path)(receiver(source))
		app.post(path + "/{session}")(receiver(source))

	@app.exception_handler(_BodyTooLarge)
	async def too_large(request: Request, error: _BodyTooLarge) -> Response:
		source = Source.GATEWAY if "/wuzapi" in request.url.path else Source.CHATWOOT
		reason = f"the body is larger than {host.settings.largest_body} bytes"
		host.bridge.observer.webhook(source, request.path_params.get("session"), 413, reason, None)
		# The rest of the body is not read: the connection cannot be used again.
		return JSONResponse({"status": reason}, 413, headers={"Connection": "close"})


def _add_public(app: FastAPI, host: Host) -> None:
	@app.get("/")
	def info() -> dict[str, Any]:
		return {
			"name": "wuzapi_chatwoot",
			"version": __version__,
			"sessions": len(host.settings.sessions),
			"webhooks": ["/webhook/wuzapi/{session}", "/webhook/chatwoot/{session}"],
		}

	@app.get("/health")
	def health() -> Response:
		report = host.health.report()
		return JSONResponse(report.as_json(), 200 if report.healthy else 503)

	@app.get("/metrics")
	def metrics() -> Response:
		return Response(generate_latest(host.registry), media_type=CONTENT_TYPE_LATEST)


def _add_admin(app: FastAPI, host: Host) -> None:
	def admin(authorization: Annotated[str, Header()] = "") -> None:
		expected = host.settings.admin_token.value
		if not expected:
			raise HTTPException(403, "ADMIN_TOKEN is not set, so this is switched off")
		kind, _, given = authorization.partition(" ")
		if kind.lower() != "bearer" or not hmac.compare_digest(expected.encode(), given.strip().encode()):
			raise HTTPException(
				401, "Authorization: Bearer <ADMIN_TOKEN> is needed", {"WWW-Authenticate": "Bearer"}
			)

	guarded = [Depends(admin)]

	@app.get("/events", dependencies=guarded)
	def events(
		state: EventState = EventState.DEAD,
		limit: Annotated[int, Query(ge=1, le=500)] = 100,
		before: int | None = None,
	) -> dict[str, Any]:
		return {"events": [_event_json(row) for row in host.bridge.store.list_events(state, limit, before)]}

	@app.get("/events/{id}", dependencies=guarded)
	def event(id: int) -> dict[str, Any]:
		row = host.bridge.store.get_event(id)
		if row is None:
			raise HTTPException(404, "there is no such event")
		attempts = [
			{"at": each.at.isoformat(), "outcome": each.outcome, "error": each.error}
			for each in host.bridge.store.attempts_of(id)
		]
		return {**_event_json(row), "attempts_made": attempts}

	@app.post("/events/{id}/replay", dependencies=guarded)
	def replay(id: int) -> dict[str, Any]:
		row = replay_event(host.bridge, id)
		if row is None:
			raise HTTPException(404, "there is no dead or ignored event of that id")
		return _event_json(row)

	@app.get("/lanes", dependencies=guarded)
	def lanes(limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> dict[str, Any]:
		return {
			"lanes": [
				{
					"lane": lane.lane,
					"session": lane.session,
					"direction": lane.direction.value,
					"waiting": lane.waiting,
					"working": lane.working,
					"next_try_at": lane.due_at.isoformat(),
					"last_error": lane.last_error,
				}
				for lane in host.bridge.store.list_lanes(limit)
			],
			"breakers": [
				{
					"destination": each.destination,
					"open": each.open,
					"until": each.until.isoformat() if each.until else None,
				}
				for each in host.bridge.breakers.states()
			],
		}


def _event_json(row: EventRow) -> dict[str, Any]:
	"""An event without its payload: that is people's text, and stays in the store."""
	return {
		"id": row.id,
		"session": row.session,
		"source": row.source.value,
		"kind": row.kind,
		"lane": row.lane,
		"state": row.state.value,
		"received_at": row.received_at.isoformat(),
		"occurred_at": row.occurred_at.isoformat(),
		"attempts": row.attempts,
		"begun": row.begun,
		"next_try_at": row.next_try_at.isoformat() if row.next_try_at else None,
		"last_error": row.last_error,
		"trace_id": row.trace_id,
	}
