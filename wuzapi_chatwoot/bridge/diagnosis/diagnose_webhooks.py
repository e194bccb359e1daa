"""The doctor's last look: whether webhooks of both sides have come to us, and whether one was refused."""

from __future__ import annotations

from collections.abc import Iterator

from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, HostFacts, Verdict


def diagnose_webhooks(facts: HostFacts) -> Iterator[Finding]:
	for who, last in (("gateway", facts.last_from_gateway), ("Chatwoot", facts.last_from_chatwoot)):
		step = f"webhooks of {who}" if who == "Chatwoot" else "webhooks of the gateway"
		if last is None:
			yield Finding(
				step,
				Verdict.WARNING,
				"None has come yet.",
				"Send a message; if still none comes, look at the steps above and at the other side's log.",
			)
		else:
			yield Finding(step, Verdict.OK, f"The last one came {facts.told(last)}.")
	if facts.last_refusal is not None:
		yield Finding(
			"refused webhooks",
			Verdict.WARNING,
			f"A webhook was refused: {facts.last_refusal}.",
			"If it was a genuine one, run the set-up again; a proxy must not change body or headers.",
		)
