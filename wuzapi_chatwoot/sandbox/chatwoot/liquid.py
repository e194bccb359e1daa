"""The little of Liquid that outgoing Chatwoot messages go through: enough to see whether text was made safe.

Chatwoot wraps everything between backticks in a raw block, parses the result as a Liquid template, and leaves
the text alone when that is not valid. Knows variables and raw blocks; any other tag counts as invalid.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from wuzapi_chatwoot.sandbox.chatwoot.records import Conversation, User
from wuzapi_chatwoot.sandbox.defaults import ACCOUNT_NAME

CODE = re.compile(r"`(.*?)`", re.DOTALL)
TOKEN = re.compile(r"\{%-?\s*(?P<tag>.*?)\s*-?%\}|\{\{-?\s*(?P<variable>.*?)\s*-?\}\}", re.DOTALL)
END_RAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")
PLAIN_NAME = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*")


def variables_of(conversation: Conversation, sender: User | None) -> dict[str, str]:
	"""Return what a message in this conversation can name."""
	contact = conversation.contact
	words = contact.name.split()
	return {
		"contact.name": contact.name,
		"contact.first_name": words[0] if words else "",
		"contact.last_name": words[-1] if len(words) > 1 else "",
		"contact.email": contact.email or "",
		"contact.phone_number": contact.phone_number or "",
		"agent.name": sender.name if sender else "",
		"agent.first_name": sender.name.split()[0] if sender else "",
		"conversation.display_id": str(conversation.id),
		"inbox.name": conversation.inbox.name,
		"account.name": ACCOUNT_NAME,
	}


def rendered(text: str, variables: Mapping[str, str]) -> str:
	"""Render a text, or return it as it is when it is no valid template."""
	if "{{" not in text and "{%" not in text:
		return text
	template = CODE.sub(r"{% raw %}`\1`{% endraw %}", text)
	out: list[str] = []
	at = 0
	while token := TOKEN.search(template, at):
		out.append(template[at : token.start()])
		at = token.end()
		tag, name = token.group("tag"), token.group("variable")
		if name is not None:
			variable = name.partition("|")[0].strip()
			if variable and not PLAIN_NAME.fullmatch(variable):
				return text
			out.append(variables.get(variable, ""))
			continue
		end = END_RAW.search(template, at) if tag == "raw" else None
		if end is None:
			return text
		out.append(template[at : end.start()])
		at = end.end()
	rest = template[at:]
	if "{{" in rest or "{%" in rest:
		return text
	return "".join(out) + rest
