"""The session's connection to WhatsApp."""

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState

EXPECTED = {
	"connected.json": SessionChanged(SessionState.CONNECTED, detail=""),
	"connected-from-pushname-setting.json": SessionChanged(SessionState.CONNECTED, name="Example Shop"),
	"keepalive-restored.json": SessionChanged(SessionState.CONNECTED, detail=""),
	"keepalive-timeout.json": SessionChanged(SessionState.RECONNECTING, "WhatsApp does not answer"),
	"disconnected.json": SessionChanged(SessionState.RECONNECTING, detail=""),
	"stream-error.json": SessionChanged(
		SessionState.RECONNECTING, "WhatsApp reported a stream error, code 500"
	),
	"loggedout-device-removed.json": SessionChanged(
		SessionState.LOGGED_OUT, "the phone removed this linked device, code 401"
	),
	"loggedout-on-connect.json": SessionChanged(
		SessionState.LOGGED_OUT,
		"the phone's main device is gone, or WhatsApp locked the account, code 403",
	),
	"temporary-ban.json": SessionChanged(
		SessionState.BANNED,
		"messages to too many people, code 101",
		banned_for_seconds=86400.0,
	),
	"client-outdated.json": SessionChanged(
		SessionState.FAILED, "WhatsApp no longer accepts this version of the gateway: upgrade it"
	),
	"connect-failure-server.json": SessionChanged(
		SessionState.FAILED,
		"WhatsApp refused the connection: the gateway's version is not accepted, code 409",
	),
	"connect-failure-gateway.json": SessionChanged(
		SessionState.FAILED,
		"the gateway could not connect to WhatsApp after 3 attempts: "
		"failed to dial whatsapp web websocket: fictional",
	),
	"qr.json": SessionChanged(
		SessionState.SCAN_QR,
		detail="",
		qr="data:image/png;base64,iVBORw0KGgpFpSGcV92N1dSmn1bLmUG9QIVNTk/y4uU=",
	),
	"qr-timeout.json": SessionChanged(SessionState.FAILED, "nobody scanned the code in time"),
	"pair-success.json": SessionChanged(
		SessionState.STARTING,
		detail="",
		qr=None,
		address=Address("12025550100", "s.whatsapp.net"),
		lid=Address("111100001111000", "lid"),
	),
	"pair-error.json": SessionChanged(SessionState.FAILED, "pairing failed"),
}
