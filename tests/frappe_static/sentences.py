"""The sentences that bridge and connectors say about sessions, as they stand in their source, with `{0}` for what is filled in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "wuzapi_chatwoot"
# Where sentences come from that a Frappe site shows without having made them. Jobs of the site are among them: what they
# say is kept until somebody reads it, in whatever language that is.
SOURCES = (
	*("bridge/sessions/status_messages.py", "bridge/diagnosis/findings.py", "bridge/self_test/steps.py"),
	*("bridge/diagnosis/diagnose_session.py", "bridge/to_whatsapp/recipient.py"),
	*("bridge/diagnosis/diagnose_webhooks.py", "bridge/self_test/check_self_test.py"),
	*(
		"bridge/self_test/start_self_test.py",
		"bridge/sessions/set_up_session.py",
		"bridge/sessions/list_options.py",
	),
	*(
		"bridge/sessions/callback_text.py",
		"bridge/sessions/watch_session.py",
		"runtime/webhook_probe.py",
		"net/tls_trouble.py",
	),
	*(
		"gateways/wuzapi/parse/session.py",
		"gateways/wuzapi/client/failures.py",
		"gateways/wuzapi/setup/setup_failures.py",
		"gateways/wuzapi/setup/setup.py",
	),
	*(
		"gateways/wuzapi/client/whatsapp_failures.py",
		"bridge/sessions/session_troubles.py",
		"bridge/to_whatsapp/new_chat.py",
	),
	*(
		"gateways/wuzapi/setup/admin.py",
		"gateways/wuzapi/client/calls.py",
		"gateways/wuzapi/setup/setup_values.py",
	),
	*("chatwoot/client/failures.py", "chatwoot/setup/setup.py", "chatwoot/setup/inbox_rules.py"),
	*("frappe_host/sessions/rotation.py", "frappe_host/sessions/setup.py", "frappe_host/sessions/pairing.py"),
	*("frappe_host/sessions/self_test.py", "bridge/sessions/connect_session.py"),
)
# Lists of words by which an answer of the other side is known; and texts for logs and for agents in Chatwoot.
_SIGNS = re.compile(
	r"_(NOT_CONNECTED|UNACKNOWLEDGED|NO_PICTURE|FILE_GONE|SPEAKS_TLS|SPEAKS_NO_TLS|TOO_OFTEN|LOGGED_IN|UNIQUE"
	r"|NOT_PAIRED|NO_FFMPEG|NO_STICKER|FILE_BROKEN|OF_RECIPIENT|REFUSED_BY_WHATSAPP|ASKED_IN_VAIN|UPLOAD_REFUSED"
	r"|NOT_YET|EXPIRED|ANOTHER_NAME|UNKNOWN_ISSUER|DISTRUST|HOST_END)$"
)
_NOT_SHOWN = (
	"_",
	"notice",
	"enqueue_internal",
	"_say",
	"get_doc",
	"get_value",
	"set_value",
	"exists",
	"get_single_value",
	"partition",
	"document_changed",
)


def sentences_of(source: str) -> Iterator[str]:
	"""Every text with a blank in it, but for what is known to be no sentence."""
	tree = ast.parse((APP / source).read_text(encoding="utf-8"))
	yield from _walk(tree)


def _walk(node: ast.AST) -> Iterator[str]:
	if _says_nothing(node):
		return
	text = _text_of(node)
	if text is not None:
		if re.search(r"[A-Za-z]{2}.* |: \{", text.strip()):
			yield text
		return
	# A dictionary's keys are what something is known by.
	for child in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
		yield from _walk(child)


def _says_nothing(node: ast.AST) -> bool:
	match node:
		case ast.Expr(value=ast.Constant()):
			return True
		case ast.Assign(targets=[ast.Name(id=name)]):
			return bool(_SIGNS.search(name))
		case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
			return name in _NOT_SHOWN
		case ast.Compare():
			return True
	return False


def _text_of(node: ast.AST) -> str | None:
	match node:
		case ast.Constant(value=str(text)):
			return text
		case ast.JoinedStr(values=parts):
			filled = iter(range(len(parts)))
			return "".join(
				str(part.value) if isinstance(part, ast.Constant) else f"{{{next(filled)}}}" for part in parts
			)
	return None
