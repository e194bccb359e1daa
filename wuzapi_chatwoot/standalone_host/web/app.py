"""The HTTP routes: each translates, calls one use case or store method, translates back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.exceptions import HTTPException as StarletteHTTPException

from wuzapi_chatwoot import __version__
from wuzapi_chatwoot.bridge.inbox.receive_webhook import Answer, receive_webhook
from wuzapi_chatwoot.bridge.inbox.replay_event import replay_event
from wuzapi_chatwoot.bridge.inbox.webhook_greeting import greeting
from wuzapi_chatwoot.bridge.inbox.webhook_probe import is_probe
from wuzapi_chatwoot.bridge.model.records import EventRow, EventState, Source
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.standalone_host.admin.admin_access import AdminAccess
from wuzapi_chatwoot.standalone_host.admin.admin_api import add_admin_api
from wuzapi_chatwoot.standalone_host.admin.admin_page import add_admin_page
from wuzapi_chatwoot.standalone_host.sessions.diagnose import Probe, probe
from wuzapi_chatwoot.standalone_host.telemetry.metrics import BreakerCollector
from wuzapi_chatwoot.standalone_host.web.connection_limits import SmallBodies
from wuzapi_chatwoot.standalone_host.web.intake import Intake, NotTaken
from wuzapi_chatwoot.standalone_host.wiring.host import Host

_WEBHOOKS = {"/webhook/wuzapi": Source.GATEWAY, "/webhook/chatwoot": Source.CHATWOOT}
# Ids are 64-bit numbers in every database.
_Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


def create_app(host: Host, probe: Probe = probe) -> FastAPI:
	"""`probe` is how the doctor tries our own address."""

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
		redirect_slashes=False,
	)
	app.add_middleware(SmallBodies, except_below="/webhook/")
	_add_webhooks(app, host)

	def refused_login() -> None:
		host.refused_logins.inc()
		host.bridge.observer.notice("somebody gave a wrong ADMIN_TOKEN")

	access = AdminAccess(
		host.settings.admin_token,
		secure=host.settings.public_url.startswith("https:"),
		refused=refused_login,
	)
	_add_public(app, host, access)
	_add_admin(app, host, access)
	add_admin_api(app, host, access, probe)
	add_admin_page(app)
	return app


def _add_webhooks(app: FastAPI, host: Host) -> None:
	intake = Intake(host.bridge, host.settings.largest_body, host.settings.data_dir / "incoming")

	def receiver(source: Source) -> Callable[..., Response]:
		async def taken(request: Request) -> AsyncIterator[WebhookRequest]:
			async with intake.taken(request, source) as request_with_body:
				yield request_with_body

		whole = Depends(taken)

		def receive(request: WebhookRequest = whole) -> Response:
			try:
				answer = receive_webhook(host.bridge, source, request)
			except Exception as fault:  # noqa: BLE001 - one line like any other; the framework would log a traceback
				answer = Answer(500, f"a fault in the bridge ({type(fault).__name__})")
				host.bridge.observer.webhook(source, None, 500, answer.reason, None)
			if not is_probe(request):
				_note(host, source, request, answer)
			return _answered(answer)

		return receive

	def greet() -> dict[str, object]:
		return greeting(host.bridge.clock.now())

	for path, source in _WEBHOOKS.items():
		# With and without a slash at the end: Chatwoot does not follow a redirect, and tells nobody.
		for ending in ("", "/", "/{session}", "/{session}/"):
			app.post(path + ending)(receiver(source))
			app.api_route(path + ending, methods=["GET", "HEAD"])(greet)

	def source_of(request: Request) -> Source | None:
		found = (
			source
			for path, source in _WEBHOOKS.items()
			if request.url.path == path or request.url.path.startswith(path + "/")
		)
		return next(found, None)

	def tell(request: Request, status: int, reason: str) -> None:
		"""What was refused before it came to the use case. Log and metrics know every call of a webhook."""
		source = source_of(request)
		if source is not None:
			name = request.path_params.get("session")
			known = name if name in host.bridge.sessions() else None
			host.bridge.observer.webhook(source, known, status, reason, None)

	@app.exception_handler(NotTaken)
	def not_taken(request: Request, error: NotTaken) -> Response:
		source, answer = source_of(request), error.answer
		tell(request, answer.status, answer.reason)
		if source is not None and not is_probe(error.request):
			_note(host, source, error.request, answer)
		# The rest of the body is not read: the connection cannot be used again.
		headers = {"Connection": "close"} | ({"Retry-After": "30"} if answer.status == 503 else {})
		return JSONResponse({"status": answer.reason}, answer.status, headers=headers)

	@app.exception_handler(StarletteHTTPException)
	async def refused(request: Request, error: StarletteHTTPException) -> Response:
		tell(request, error.status_code, str(error.detail))
		return await http_exception_handler(request, error)


def _note(host: Host, source: Source, request: WebhookRequest, answer: Answer) -> None:
	if answer.status >= 500 and source is Source.CHATWOOT and answer.session is not None:
		# Chatwoot does not repeat what it could not deliver: it is fetched, before younger ones overtake it.
		host.housekeeping.fetch_soon(answer.session)
	host.arrivals.note(source, answer)
	if source is Source.GATEWAY and answer.session is not None:
		_look_for_a_lost_key(host, answer.session, request)


def _answered(answer: Answer) -> Response:
	return JSONResponse({"status": answer.reason, "trace_id": answer.trace_id}, answer.status)


def _look_for_a_lost_key(host: Host, name: str, request: WebhookRequest) -> None:
	"""A gateway may stop signing; believed or not, what comes unsigned shows it."""
	session = host.bridge.sessions().get(name)
	if session is None or not session.gateway_secrets:
		return
	if not host.bridge.connectors[Source.GATEWAY].signed(request):
		host.watcher.unsigned(name)


def _add_public(app: FastAPI, host: Host, access: AdminAccess) -> None:
	named = CollectorRegistry()
	named.register(BreakerCollector(host.bridge))

	@app.get("/")
	def info() -> dict[str, Any]:
		return {
			"name": "wuzapi_chatwoot",
			"version": __version__,
			"sessions": len(host.bridge.sessions()),
			"webhooks": ["/webhook/wuzapi/{session}", "/webhook/chatwoot/{session}"],
		}

	# Without the token: counts and states. Which sessions there are, and whose Chatwoot, is nobody's business.
	@app.get("/health")
	def health(authorization: Annotated[str, Header()] = "") -> Response:
		report = host.health.report()
		told = report.as_json(named=access.has_header(authorization))
		return JSONResponse(told, 200 if report.healthy else 503)

	@app.get("/metrics")
	def metrics(authorization: Annotated[str, Header()] = "") -> Response:
		figures = generate_latest(host.registry)
		if access.has_header(authorization):
			figures += generate_latest(named)
		return Response(figures, media_type=CONTENT_TYPE_LATEST)


def _add_admin(app: FastAPI, host: Host, access: AdminAccess) -> None:
	def admin(authorization: Annotated[str, Header()] = "") -> None:
		access.need_header(authorization)

	guarded = [Depends(admin)]

	@app.get("/events", dependencies=guarded)
	def events(
		state: EventState = EventState.DEAD,
		limit: Annotated[int, Query(ge=1, le=500)] = 100,
		before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
	) -> dict[str, Any]:
		return {"events": [_event_json(row) for row in host.bridge.store.list_events(state, limit, before)]}

	@app.get("/events/{id}", dependencies=guarded)
	def event(id: _Id) -> dict[str, Any]:
		row = host.bridge.store.get_event(id)
		if row is None:
			raise HTTPException(404, "there is no such event")
		attempts = [
			{"at": each.at.isoformat(), "outcome": each.outcome, "error": each.error}
			for each in host.bridge.store.attempts_of(id)
		]
		return {**_event_json(row), "attempts_made": attempts}

	@app.post("/events/{id}/replay", dependencies=guarded)
	def replay(id: _Id) -> dict[str, Any]:
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
