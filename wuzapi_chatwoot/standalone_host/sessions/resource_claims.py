"""What the sessions of this service use on both sides, and which of them an address for webhooks belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from wuzapi_chatwoot.bridge.sessions.options import ResourceClaim, ResourceClaims
from wuzapi_chatwoot.standalone_host.wiring.host import Host

_WEBHOOKS = ("/webhook/wuzapi", "/webhook/chatwoot")


def resource_claims_of(host: Host, session: str) -> ResourceClaims:
	"""As the set-up of that session sees it."""
	others = tuple(each for each in _holdings(host) if each.session != session)
	return ResourceClaims(session, others, lambda address: _owner_of(host, address))


def _holdings(host: Host) -> Iterator[ResourceClaim]:
	for name in host.sessions.names:
		kept = host.sessions.kept(name)
		where = host.sessions.sessions().get(name) or kept
		if where is None:
			continue
		inbox_id = where.inbox_id or (kept.made.inbox_id if kept is not None else None)
		yield ResourceClaim(
			session=name,
			gateway_url=where.gateway_url,
			gateway_token=where.gateway_token,
			chatwoot_url=where.chatwoot_url,
			account_id=where.account_id,
			inbox_id=inbox_id,
		)


def _owner_of(host: Host, address: str) -> str | None:
	path = address.strip().partition("?")[0].rstrip("/")
	for webhook in _WEBHOOKS:
		base = host.settings.public_url + webhook
		if path == base:
			# Without a name it is that of the only one.
			names = list(host.sessions.sessions())
			return names[0] if len(names) == 1 else None
		if path.startswith(f"{base}/"):
			return unquote(path[len(base) + 1 :])
	return None
