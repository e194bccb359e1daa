"""The session's connection to WhatsApp: what changed, with a reason that an operator understands."""

from __future__ import annotations

from collections.abc import Callable

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields

_NANOSECONDS = 1_000_000_000
_LONGEST_DETAIL = 200
_LONGEST_NAME = 140

_UNKNOWN = "reason unknown"
_LOGGED_OUT = {
	401: "the phone removed this linked device",
	403: "the phone's main device is gone, or WhatsApp locked the account",
	406: "WhatsApp banned the number",
}
_BANNED = {
	101: "messages to too many people",
	102: "blocked by too many people",
	103: "too many groups created",
	104: "the same message sent too often",
	106: "too many messages to broadcast lists",
}
_REFUSED = {
	400: "bad request",
	409: "the gateway's version is not accepted",
	500: "an error at WhatsApp",
	501: "not supported by WhatsApp",
	503: "WhatsApp is overloaded",
}


def _connected(hook: Fields) -> SessionChanged:
	# The gateway tells under this name, too, what the number is called.
	name = hook.inner("event").inner("Action").name("name")
	return SessionChanged(SessionState.CONNECTED, name=name[:_LONGEST_NAME])


def _disconnected(hook: Fields) -> SessionChanged:
	# That the connection was lost, the state says; why, what came before it may have told.
	return SessionChanged(SessionState.RECONNECTING)


def _stream_error(hook: Fields) -> SessionChanged:
	code = hook.inner("event").text("Code")
	return SessionChanged(SessionState.RECONNECTING, _with_code("WhatsApp reported a stream error", code))


def _keep_alive_timeout(hook: Fields) -> SessionChanged:
	return SessionChanged(SessionState.RECONNECTING, "WhatsApp does not answer")


def _logged_out(hook: Fields) -> SessionChanged:
	reason = hook.inner("event").whole("Reason")
	# That it is logged out, the state says; likewise below, of a ban.
	return SessionChanged(SessionState.LOGGED_OUT, _with_code(_LOGGED_OUT.get(reason or 0, _UNKNOWN), reason))


def _banned(hook: Fields) -> SessionChanged:
	event = hook.inner("event")
	nanoseconds, code = event.count("Expire"), event.whole("Code")
	return SessionChanged(
		SessionState.BANNED,
		_with_code(_BANNED.get(code or 0, _UNKNOWN), code),
		banned_for_seconds=None if nanoseconds is None else nanoseconds / _NANOSECONDS,
	)


def _client_outdated(hook: Fields) -> SessionChanged:
	return SessionChanged(
		SessionState.FAILED, "WhatsApp no longer accepts this version of the gateway: upgrade it"
	)


def _connect_failure(hook: Fields) -> SessionChanged:
	error = hook.text("error", "reason")
	if error:
		attempts = hook.count("attempts")
		tries = f" after {attempts} attempts" if attempts else ""
		return _failed(f"the gateway could not connect to WhatsApp{tries}: {error}")
	code = hook.inner("event").whole("Reason")
	return _failed(_explained("WhatsApp refused the connection", _REFUSED, code))


def _pair_error(hook: Fields) -> SessionChanged:
	error = hook.text("error") or hook.inner("event").text("Error")
	return _failed(f"pairing failed: {error}" if error else "pairing failed")


def _qr(hook: Fields) -> SessionChanged:
	return SessionChanged(SessionState.SCAN_QR, qr=hook.text("qrCodeBase64") or None)


def _qr_timeout(hook: Fields) -> SessionChanged:
	return _failed("nobody scanned the code in time")


def _paired(hook: Fields) -> SessionChanged:
	event = hook.inner("event")
	return SessionChanged(
		SessionState.STARTING,
		address=event.address("ID"),
		lid=event.address("LID"),
		name=event.name("BusinessName")[:_LONGEST_NAME],
	)


def _failed(detail: str) -> SessionChanged:
	return SessionChanged(SessionState.FAILED, detail[:_LONGEST_DETAIL])


def _explained(what: str, meanings: dict[int, str], code: int | None) -> str:
	meaning = meanings.get(code) if code is not None else None
	return _with_code(f"{what}: {meaning}" if meaning else what, code)


def _with_code(what: str, code: int | str | None) -> str:
	# No parentheses: the sentence about the state puts the whole reason into some.
	return f"{what}, code {code}"[:_LONGEST_DETAIL] if code not in (None, "") else what


SESSION_KINDS: dict[str, Callable[[Fields], SessionChanged]] = {
	"Connected": _connected,
	"KeepAliveRestored": _connected,
	"Disconnected": _disconnected,
	"StreamError": _stream_error,
	"KeepAliveTimeout": _keep_alive_timeout,
	"LoggedOut": _logged_out,
	"TemporaryBan": _banned,
	"ClientOutdated": _client_outdated,
	"ConnectFailure": _connect_failure,
	"PairError": _pair_error,
	"PairPasskeyError": _pair_error,
	"QR": _qr,
	"QRTimeout": _qr_timeout,
	"PairSuccess": _paired,
}
