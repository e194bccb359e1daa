"""How long messages take while every fifth call is answered 500: on a clock that is moved by hand, with the real use cases.

    python -m benchmarks.hiccups [seed]

Not part of `python -m benchmarks`: it starts nothing, takes a minute, and gives the same figures on every machine.
"""

from __future__ import annotations

import random
import sys
from datetime import datetime
from pathlib import Path

# The world of the use cases' tests: both sides, the store and the clock are twins in memory.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

_SHARE = 0.2
_PEOPLE = 20
_ROUNDS = 25
_BETWEEN = 2.0
_STEP = 0.05


def main(seed: int) -> None:
	from bridge_world import new_world

	from wuzapi_chatwoot.bridge.model.addresses import Address
	from wuzapi_chatwoot.bridge.model.errors import Fault, Retriable, Uncertain

	chance, world = random.Random(seed), new_world()
	people = [Address(f"4477009001{number:02}", "s.whatsapp.net") for number in range(_PEOPLE)]

	def refusal(uncertain: bool) -> Exception | None:
		if chance.random() >= _SHARE:
			return None
		return Uncertain("500", fault=Fault.UNWELL) if uncertain else Retriable("500", fault=Fault.UNWELL)

	for method in ("find_contacts", "latest_conversation", "find_post"):
		world.chatwoot.refuse(method, lambda arguments: refusal(False))
	for method in ("create_contact", "create_conversation", "post_message"):
		world.chatwoot.refuse(method, lambda arguments: refusal(True))
	written: dict[str, datetime] = {}
	took: list[float] = []
	for number in range(_ROUNDS):
		for person in people:
			text = f"{person.user} {number}"
			world.receive(world.customer(text, id=text.replace(" ", "-"), chat=person, sender=person))
			written[text] = world.clock.now()
		took += _work(world, written, _BETWEEN)
	while written and world.store.next_due() is not None:
		took += _work(world, written, 1.0)
	took.sort()
	calls = world.chatwoot.count("find_contacts", "latest_conversation", "find_post", "create_contact")
	calls += world.chatwoot.count("create_conversation", "post_message")
	at = {share: took[min(int(len(took) * share), len(took) - 1)] for share in (0.5, 0.95, 0.99)}
	print(f"{len(took)} messages, {len(written)} missing, {calls / max(len(took), 1):.2f} calls each")
	print(", ".join(f"p{share * 100:.0f} {seconds:.2f} s" for share, seconds in at.items()))


def _work(world: object, written: dict[str, datetime], seconds: float) -> list[float]:
	"""So much time passes; how long each took that has arrived meanwhile."""
	took = []
	for _ in range(round(seconds / _STEP)):
		world.work(_STEP)  # type: ignore[attr-defined]
		for message in world.chatwoot.messages:  # type: ignore[attr-defined]
			began = written.pop(message.text, None)
			if began is not None:
				took.append((world.clock.now() - began).total_seconds())  # type: ignore[attr-defined]
	return took


if __name__ == "__main__":
	main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
