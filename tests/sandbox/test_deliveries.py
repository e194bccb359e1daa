"""Deliveries that are given up end, whatever swallows their cancellation."""

import asyncio
import random
from contextlib import suppress

from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries


def test_a_delivery_that_swallowed_its_cancellation_is_given_up_all_the_same():
	swallowed = []

	async def stubborn():
		with suppress(asyncio.CancelledError):
			await asyncio.Event().wait()
		swallowed.append(True)
		await asyncio.Event().wait()

	async def stop():
		deliveries = Deliveries(SwitchBoard(), random.Random(0))
		deliveries.start(stubborn)
		await asyncio.sleep(0)
		await asyncio.wait_for(deliveries.stop(), 20)

	asyncio.run(stop())
	assert swallowed == [True]
