"""How the gateway reports one message, where that differs from the usual. A value, nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
	"""The usual manner is all defaults."""

	# False: the gateway could not fetch the file in time, so the webhook comes without it.
	with_media: bool = True
	# True: the other identity of the author is not known.
	without_alt: bool = False
	# Number of the author's device, 0 for the first one.
	device: int = 0
	# How often the gateway had to ask again before it could read the message.
	retry_count: int = 0
	# A copy that the shop's phone sent again, since the gateway had not received the original.
	resent: bool = False
	# The layer that some phones put around the pictures of an album, and which the gateway leaves on.
	as_child: bool = False
	# True: the gateway gets the view-once picture; usually the phone keeps it to itself.
	view_once_delivered: bool = False


USUAL = Manner()
