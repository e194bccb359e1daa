"""What bridge, connectors and jobs say in English, in the language of whoever reads it.

They know no languages, and fill in their sentences by themselves: here a sentence is recognised by the texts that are
listed for the catalogue, and said again in another language with the same filled in. What is not recognised stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import frappe

from wuzapi_chatwoot.bridge.diagnosis.findings import Finding
from wuzapi_chatwoot.frappe_host.i18n.sentences_of_bridge import TEXTS as OF_BRIDGE
from wuzapi_chatwoot.frappe_host.i18n.sentences_of_connectors import TEXTS as OF_CONNECTORS

_FILLED_IN = re.compile(r"\{(\d)\}")
# What the other side has answered, or why something is as it is, stands behind the sentence.
_BEHIND = " ("


def translate_for_reader(text: str, language: str | None = None) -> str:
	"""Without a `language`, in that of the one who asks."""
	return _listed(text, language) or _with_reason(text, language) or _filled_in(text, language) or text


def translate_finding(found: Finding) -> Finding:
	said = {each: translate_for_reader(getattr(found, each)) for each in ("step", "sentence", "fix")}
	return replace(found, **said)


def _listed(text: str, language: str | None) -> str | None:
	"""`None`: as it stands, it is none of those that are listed. So it is below."""
	found = _whole().get(_bare(text))
	return _as_said(text, found, frappe._(found, language)) if found is not None else None


def _filled_in(text: str, language: str | None) -> str | None:
	for pattern, template in _templates():
		found = pattern.fullmatch(text)
		if found is not None:
			values = [_value(each, language) for each in found.groups()]
			return _as_said(text, template, frappe._(template, language).format(*values))
	return None


def _value(text: str, language: str | None) -> str:
	"""A reason is a sentence of its own. A name of one word is never taken for one."""
	return translate_for_reader(text, language) if " " in text else text


def _with_reason(text: str, language: str | None) -> str | None:
	"""A sentence with something in brackets behind it."""
	core = text.removesuffix(".")
	if not core.endswith(")"):
		return None
	for at in _places(core, _BEHIND):
		said = _listed(core[:at], language) or _filled_in(core[:at], language)
		if said is not None:
			reason = _value(core[at + len(_BEHIND) : -1], language)
			return f"{said.removesuffix('.')} ({reason}){text[len(core) :]}"
	return None


def _places(text: str, sign: str) -> Iterator[int]:
	at = text.find(sign)
	while at >= 0:
		yield at
		at = text.find(sign, at + 1)


def _as_said(text: str, listed: str, said: str) -> str:
	"""It may have been put at the beginning of a line, or ended by a period, unlike as it is listed."""
	if listed[0].islower() and text[0].isupper():
		said = said[:1].upper() + said[1:]
	if text.endswith(".") and not listed.endswith("."):
		return f"{said}."
	return said if text.endswith(".") or not listed.endswith(".") else said.removesuffix(".")


def _bare(text: str) -> str:
	return text[:1].lower() + text[1:].removesuffix(".")


@lru_cache(maxsize=1)
def _whole() -> dict[str, str]:
	return {_bare(text): text for text in (*OF_BRIDGE, *OF_CONNECTORS) if not _FILLED_IN.search(text)}


@lru_cache(maxsize=1)
def _templates() -> list[tuple[re.Pattern[str], str]]:
	"""Those that say most themselves come first."""
	texts = [text for text in (*OF_BRIDGE, *OF_CONNECTORS) if _FILLED_IN.search(text)]
	texts.sort(key=lambda text: len(_FILLED_IN.sub("", text)), reverse=True)
	return [(_pattern(text), text) for text in texts]


def _pattern(template: str) -> re.Pattern[str]:
	seen: set[str] = set()
	pattern = ""
	for number, part in enumerate(_FILLED_IN.split(template.removesuffix("."))):
		if number % 2 == 0:
			pattern += re.escape(part)
			continue
		pattern += f"(?P=v{part})" if part in seen else f"(?P<v{part}>.+?)"
		seen.add(part)
	first = pattern[0]
	if first.isalpha():
		pattern = f"[{first.lower()}{first.upper()}]{pattern[1:]}"
	return re.compile(pattern + r"\.?", re.DOTALL)
