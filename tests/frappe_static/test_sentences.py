"""What bridge and connectors say about sessions can be read in every language: each of their sentences is listed for it.

`frappe_host/i18n/translation.py` recognises them by those lists, without which they stay English.
"""

from __future__ import annotations

import ast
import re

import pytest
from frappe_static.sentences import APP, SOURCES, sentences_of

LISTS = ("frappe_host/i18n/sentences_of_bridge.py", "frappe_host/i18n/sentences_of_connectors.py")
# Parts that are only put together with others, and are listed with those; and words of the other side.
PARTS = {
	*("WhatsApp has banned the number{until}.", " until {0}", "to {0}", "the gateway", "an administrator"),
	*("an agent", "The gateway's", "is not valid: it holds a line break, or letters that no header can bear"),
	*(" after {0} attempts", "WuzAPI Session", "Invalid Access Token", "You need to sign in"),
	*("not authorized for bots", "Account is suspended", "not authorized to access this account"),
	*("API access is not enabled", "HTTP {0}", "HTTP {0}: {1}", "HTTP {0}, no JSON object"),
	*("could not be found", "Not Found"),
}
# A message, which stays as it was written whoever looks.
MESSAGE = "A test of the bridge ({0}, {1})."


def listed() -> list[str]:
	found = []
	for path in LISTS:
		for node in ast.walk(ast.parse((APP / path).read_text(encoding="utf-8"))):
			match node:
				case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))]):
					found.append(text)
	return found


def says(template: str) -> re.Pattern[str]:
	"""A text that fills it in, if need be by more templates."""
	parts = re.split(r"\{\w+\}", template)
	return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)


@pytest.mark.parametrize("source", SOURCES)
def test_every_sentence_is_listed(source):
	found = [text for text in sentences_of(source) if text not in PARTS and not text.startswith(MESSAGE)]
	assert found
	# Why a certificate is not trusted is listed with whose it is.
	matches = re.Pattern.search if source == "net/tls_trouble.py" else re.Pattern.fullmatch
	texts = listed()
	missing = [text for text in found if not any(matches(says(text), each) for each in texts)]
	assert missing == []


def test_nothing_is_listed_that_nobody_says():
	said = {text for source in SOURCES for text in sentences_of(source)}
	# What has hardly a word of its own could be anything.
	patterns = [says(text) for text in said if len(re.sub(r"\{\w+\}|\W", "", text)) > 4]
	left_over = {text for text in listed() if not any(pattern.fullmatch(text) for pattern in patterns)}
	assert left_over == {
		# Steps and states whose words have no blank in them, and a reason behind what it is the reason of.
		*("encryption", "gateway", "workers", "scheduler", "removed", "session", "waiting events"),
		*("WhatsApp refused the connection: {0}", "{0}, code {1}"),
	}


def test_nothing_is_listed_twice():
	texts = listed()
	assert len(texts) == len(set(texts)) > 300
