"""Why TLS with somebody fails, as a sentence: what is wrong with the certificate, and what to do. Makes no connection."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

# By OpenSSL's number (X509_V_ERR_…) and, where only words are left, by those.
_NOT_YET = (frozenset({9}), ("not yet valid",))
_EXPIRED = (frozenset({10}), ("has expired",))
_ANOTHER_NAME = (frozenset({62, 64}), ("hostname mismatch", "ip address mismatch", "doesn't match"))
_UNKNOWN_ISSUER = (
	frozenset({2, 18, 19, 20, 21}),
	("self-signed", "self signed", "unable to get local issuer", "unable to get issuer", "unable to verify"),
)
_DISTRUST = (frozenset[int](), ("certificate_verify_failed", "certificate verify failed"))

_SENTENCES = (
	(_NOT_YET, "for {host} is not valid yet: look at the clocks of both machines"),
	(_EXPIRED, "for {host} has expired: renew it"),
	(
		_ANOTHER_NAME,
		"is not made for {host}: enter the address by a name that stands in it, or get one for {host}",
	),
	(
		_UNKNOWN_ISSUER,
		"for {host} comes from nobody whom this machine trusts: let {host} send its whole chain, get one of a public "
		"authority, or name the file of its issuer in REQUESTS_CA_BUNDLE",
	),
	(
		_DISTRUST,
		"for {host} cannot be trusted: check that it is valid, is made for this host name, and comes with its whole chain",
	),
)


def certificate_trouble(error: BaseException, whose: str) -> str | None:
	"""`whose`: "Chatwoot's". `None`: it is nothing about a certificate."""
	chain = list(_chain(error))
	refusal = next((each for each in chain if isinstance(each, ssl.SSLCertVerificationError)), None)
	code = getattr(refusal, "verify_code", None)
	words = f"{refusal or ''} {error}".lower()
	for (codes, signs), sentence in _SENTENCES:
		if code in codes or any(sign in words for sign in signs):
			return f"{whose} TLS certificate {sentence.format(host=_host(chain))}"
	if refusal is not None:
		return f"{whose} TLS certificate {_SENTENCES[-1][1].format(host=_host(chain))}"
	return None


def _chain(error: BaseException) -> Iterator[BaseException]:
	"""The error and what it wraps: requests and urllib3 put causes among the arguments, too."""
	waiting, seen = [error], set()
	while waiting:
		each = waiting.pop(0)
		if id(each) in seen:
			continue
		seen.add(id(each))
		yield each
		inner = (*each.args, getattr(each, "reason", None), each.__cause__, each.__context__)
		waiting += [one for one in inner if isinstance(one, BaseException)]


def _host(chain: list[BaseException]) -> str:
	for each in chain:
		url = getattr(getattr(each, "request", None), "url", None)
		if isinstance(url, str) and urlsplit(url).hostname:
			return str(urlsplit(url).hostname)
	return "this address"
