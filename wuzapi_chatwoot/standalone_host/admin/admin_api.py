"""The routes of /admin: each takes a body, calls one act, shapes the answer. Errors are sentences, secrets never leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Path, Query, Request, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from wuzapi_chatwoot.bridge.diagnosis.findings import Verdict, headline_of
from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	DuplicateRow,
	NotFound,
	Permanent,
	StoreUnavailable,
)
from wuzapi_chatwoot.bridge.model.records import SESSION_CHANGES_KEPT
from wuzapi_chatwoot.bridge.self_test.steps import Seen
from wuzapi_chatwoot.bridge.sessions.setup_values import Step, StepState
from wuzapi_chatwoot.bridge.sessions.status_messages import words_in_history
from wuzapi_chatwoot.standalone_host.admin.admin_access import AdminAccess, need_json
from wuzapi_chatwoot.standalone_host.admin.admin_bodies import (
	Confirm,
	Delete,
	Login,
	Nothing,
	Phone,
	Rotate,
	SetUpBody,
	sentence_of,
)
from wuzapi_chatwoot.standalone_host.admin.admin_options import add_choices
from wuzapi_chatwoot.standalone_host.registry.refused import Refused
from wuzapi_chatwoot.standalone_host.sessions.diagnose import Doctor, Probe, probe
from wuzapi_chatwoot.standalone_host.sessions.disconnect_and_remove import Ending, Endings
from wuzapi_chatwoot.standalone_host.sessions.options import Choices
from wuzapi_chatwoot.standalone_host.sessions.pairing import Pairings
from wuzapi_chatwoot.standalone_host.sessions.rotation import SecretRotation
from wuzapi_chatwoot.standalone_host.sessions.self_test import SelfTests
from wuzapi_chatwoot.standalone_host.sessions.setup import SetUps
from wuzapi_chatwoot.standalone_host.sessions.setup_progress import outcome
from wuzapi_chatwoot.standalone_host.sessions.views import SessionView, Views
from wuzapi_chatwoot.standalone_host.wiring.host import Host

API = "/admin/api"
_Name = Annotated[str, Path(min_length=1, max_length=60)]
_Route = TypeVar("_Route", bound=Callable[..., Any])
_Limit = Annotated[int, Query(ge=1, le=SESSION_CHANGES_KEPT)]
_Known = Annotated[str | None, Query(max_length=64)]


class _Guarded:
	"""Routes about sessions, for those who may use them."""

	def __init__(self, app: FastAPI, access: AdminAccess) -> None:
		self._app = app
		self._dependencies = [Depends(access.need)]

	def get(self, path: str) -> Callable[[_Route], _Route]:
		return self._app.get(f"{API}/sessions{path}", dependencies=self._dependencies)

	def post(self, path: str) -> Callable[[_Route], _Route]:
		return self._app.post(f"{API}/sessions{path}", dependencies=self._dependencies)


def add_admin_api(app: FastAPI, host: Host, access: AdminAccess, probe: Probe = probe) -> None:
	_add_errors(app)
	_add_login(app, access)
	guarded = _Guarded(app, access)
	pairings, set_ups = Pairings(host), SetUps(host)
	_add_set_up(guarded, set_ups, Views(host, set_ups.progress))
	add_choices(app, API, Choices(host, set_ups), access)
	_add_pairing(guarded, pairings)
	_add_endings(guarded, Endings(host, pairings, set_ups))
	_add_care(guarded, Doctor(host, probe), SecretRotation(host))
	_add_proofs(guarded, SelfTests(host, pairings))


def _add_errors(app: FastAPI) -> None:
	def tell(sentence: str, status: int) -> Response:
		return JSONResponse({"detail": sentence}, status)

	@app.exception_handler(Refused)
	async def refused(request: Request, error: Refused) -> Response:
		return tell(error.sentence, error.status)

	@app.exception_handler(BridgeError)
	async def failed(request: Request, error: BridgeError) -> Response:
		if isinstance(error, StoreUnavailable):
			return tell(error.reason, 503)
		known = {NotFound: 404, DuplicateRow: 409, Permanent: 422}
		return tell(_sentence(error), next((known[kind] for kind in known if isinstance(error, kind)), 502))

	@app.exception_handler(RequestValidationError)
	async def wrong(request: Request, error: RequestValidationError) -> Response:
		if not request.url.path.startswith(API):
			return await request_validation_exception_handler(request, error)
		return tell(sentence_of(list(error.errors())), 422)


def _sentence(error: BridgeError) -> str:
	reason = error.reason[:1].upper() + error.reason[1:]
	return reason if reason.endswith(".") else f"{reason}."


def _add_login(app: FastAPI, access: AdminAccess) -> None:
	@app.post(f"{API}/login", dependencies=[Depends(need_json)])
	def log_in(body: Login, response: Response) -> dict[str, Any]:
		access.log_in(body.token, response)
		return {"sentence": "Logged in."}

	@app.post(f"{API}/logout", dependencies=[Depends(access.need)])
	def log_out(body: Nothing, request: Request, response: Response) -> dict[str, Any]:
		access.log_out(request, response)
		return {"sentence": "Logged out."}


def _add_set_up(guarded: _Guarded, set_ups: SetUps, views: Views) -> None:
	@guarded.get("")
	def sessions() -> dict[str, Any]:
		return {"sessions": [_view(view) for view in views.all()]}

	@guarded.get("/{name}")
	def session(name: _Name) -> dict[str, Any]:
		return _view(views.one(name))

	@guarded.get("/{name}/changes")
	def changes(name: _Name, limit: _Limit = 50) -> dict[str, Any]:
		return {
			"session": name,
			"changes": [
				{**asdict(each), "at": each.at.isoformat(), "words": words_in_history(each.state)}
				for each in views.changes(name, limit)
			],
		}

	@guarded.post("")
	def set_up(body: SetUpBody) -> dict[str, Any]:
		report = set_ups.run(body.wanted())
		return {
			"session": body.name,
			"complete": report.complete,
			"sentence": outcome(report.steps),
			"inbox_id": report.inbox_id,
			"steps": _steps(report.steps),
		}

	@guarded.get("/{name}/set-up")
	def progress(name: _Name) -> dict[str, Any]:
		"""Of a name that has no session yet, too: it gets one while its first set-up is running."""
		seen = set_ups.progress(name)
		return {
			"session": name,
			"running": seen.running,
			"complete": seen.complete,
			"sentence": seen.sentence,
			"steps": _steps(seen.steps),
		}


def _add_pairing(guarded: _Guarded, pairings: Pairings) -> None:
	@guarded.post("/{name}/connect")
	def connect(name: _Name, body: Nothing) -> dict[str, Any]:
		return {"sentence": pairings.connect(name)}

	@guarded.get("/{name}/pairing")
	def pairing(name: _Name, known: _Known = None) -> dict[str, Any]:
		"""`known`: the `qr_id` that is shown already; its picture is not sent once more."""
		told = pairings.pairing(name)
		shown = known is not None and known == told.qr_id
		return {**asdict(told), "qr": None if shown else told.qr}

	@guarded.post("/{name}/pair-phone")
	def pair_phone(name: _Name, body: Phone) -> dict[str, Any]:
		code = pairings.by_phone(name, body.phone)
		return {
			"code": code,
			"sentence": f"Type {code} on that phone: WhatsApp, Settings, Linked devices, Link a device, "
			"Link with phone number instead.",
		}


def _add_endings(guarded: _Guarded, endings: Endings) -> None:
	@guarded.post("/{name}/disconnect")
	def disconnect(name: _Name, body: Confirm) -> dict[str, Any]:
		return _ending(endings.disconnect(name, confirm=body.confirm))

	@guarded.post("/{name}/log-out")
	def log_out(name: _Name, body: Confirm) -> dict[str, Any]:
		return _ending(endings.log_out(name, confirm=body.confirm))

	@guarded.post("/{name}/delete")
	def delete(name: _Name, body: Delete) -> dict[str, Any]:
		return _ending(
			endings.delete(
				name,
				confirm=body.confirm,
				remove_made=body.remove_made,
				gateway_admin_token=body.admin_token(),
				inbox_name=body.inbox_name or "",
			)
		)


def _add_care(guarded: _Guarded, doctor: Doctor, rotation: SecretRotation) -> None:
	@guarded.get("/{name}/doctor")
	def examine(name: _Name) -> dict[str, Any]:
		findings = doctor.examine(name)
		headline = headline_of(findings)
		return {
			"healthy": headline.verdict is not Verdict.BROKEN,
			"verdict": headline.verdict.value,
			"sentence": headline.sentence,
			"findings": [asdict(finding) for finding in findings],
		}

	@guarded.post("/{name}/rotate")
	def rotate(name: _Name, body: Rotate) -> dict[str, Any]:
		steps = rotation.rotate(name, gateway=body.gateway, chatwoot=body.chatwoot)
		failed = any(step.state is StepState.FAILED for step in steps)
		return {
			"complete": not failed,
			"sentence": "A secret could not be replaced; the old one goes on."
			if failed
			else "Replaced. The old secrets are believed for an hour more.",
			"steps": _steps(steps),
		}


def _add_proofs(guarded: _Guarded, proofs: SelfTests) -> None:
	@guarded.post("/{name}/test")
	def begin(name: _Name, body: Nothing) -> dict[str, Any]:
		return _seen(proofs.begin(name))

	@guarded.get("/{name}/test")
	def look(name: _Name) -> dict[str, Any]:
		return _seen(proofs.look(name))


def _seen(seen: Seen) -> dict[str, Any]:
	"""`settled`: nothing more comes of the steps that go by themselves; `over`: of none."""
	return {
		"sentence": seen.sentence,
		"settled": seen.settled,
		"works": seen.works,
		"over": seen.over,
		"whole": seen.whole,
		"steps": [
			{"name": each.step, "state": each.verdict.value, "sentence": each.sentence, "fix": each.fix}
			for each in seen.steps
		],
	}


def _view(view: SessionView) -> dict[str, Any]:
	return {**asdict(view), "since": view.since.isoformat() if view.since is not None else None}


def _steps(steps: Iterable[Step]) -> list[dict[str, str]]:
	return [{"name": step.name, "state": step.state.value, "sentence": step.sentence} for step in steps]


def _ending(ending: Ending) -> dict[str, Any]:
	return {
		"done": ending.done,
		"sentence": ending.sentence,
		"loses": list(ending.loses),
		"type_name": ending.type_name,
		"steps": _steps(ending.steps),
	}
