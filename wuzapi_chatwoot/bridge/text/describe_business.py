"""What a person reads of templates, buttons, lists, carousels, events and payments, with WhatsApp's own marks. Never raises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model import content as c
from wuzapi_chatwoot.bridge.text.map_links import link_to

_BUTTONS = {
	c.ButtonKind.ANSWER: "▫️ {label}",
	c.ButtonKind.LINK: "🔗 {label}: {target}",
	c.ButtonKind.CALL: "📞 {label}: {target}",
	c.ButtonKind.COPY: "📋 {label}: {target}",
	c.ButtonKind.PAY: "💳 {label}: {target}",
}
_PAYMENTS = {
	c.PaymentStep.REQUESTED: "💳 Payment request",
	c.PaymentStep.SENT: "💳 Payment",
	c.PaymentStep.DECLINED: "💳 Declined a payment request",
	c.PaymentStep.CANCELED: "💳 Canceled a payment request",
	c.PaymentStep.INVITED: "💳 Invitation to use payments on WhatsApp",
	c.PaymentStep.INVOICE: "🧾 Invoice",
	c.PaymentStep.REMINDER: "💳 Payment reminder",
	c.PaymentStep.SPLIT: "💳 Shared bill",
}


def business_text(message: c.BusinessMessage) -> str:
	"""Its texts, rows and buttons, each on a line of its own; empty if there are only files."""
	return "\n".join(line for line in _lines(message) if line)


def _lines(message: c.BusinessMessage) -> Iterator[str]:
	yield message.title
	if message.product is not None:
		yield product_text(message.product)
	if message.place is not None:
		yield location_text(message.place)
	yield message.body
	for section in message.sections:
		if section.title:
			yield f"{section.title}:"
		for row in section.rows:
			yield f"• {row.title}: {row.description}" if row.description else f"• {row.title}"
	for number, card in enumerate(message.cards, start=1):
		text = business_text(card)
		yield f"Card {number}: {text}" if text else ""
	yield message.footer
	for button in message.buttons:
		yield _button(button)


def _button(button: c.Button) -> str:
	template = _BUTTONS[button.kind] if button.target else _BUTTONS[c.ButtonKind.ANSWER]
	return template.format(label=button.label, target=button.target)


def event_text(event: c.CalendarEvent, at: Callable[[datetime], datetime] | None = None) -> str:
	"""`at` puts a time into the reader's zone; without it times are in UTC and say so."""
	title = "📞 Planned call" if event.is_call else "📅 Event"
	title += " canceled" if event.canceled else ""
	lines = [f"{title}: {event.name}" if event.name else title, _when(event, at)]
	if event.place is not None:
		place = event.place
		lines += [", ".join(part for part in (place.name, place.address) if part), link_to(place)]
	lines += [event.link, event.description]
	return "\n".join(line for line in lines if line)


def _when(event: c.CalendarEvent, at: Callable[[datetime], datetime] | None) -> str:
	if event.starts_at is None:
		return ""
	zone = "" if at else " UTC"
	local = at or (lambda moment: moment.astimezone(timezone.utc))
	start = local(event.starts_at)
	when = f"🕑 {_date(start)}, {start:%H:%M}"
	if event.ends_at is not None and event.ends_at > event.starts_at:
		end = local(event.ends_at)
		when += f" to {end:%H:%M}" if end.date() == start.date() else f" to {_date(end)}, {end:%H:%M}"
	return when + zone


def _date(moment: datetime) -> str:
	# Not `%B`: it follows the language of the machine.
	return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


_MONTHS = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
]


def payment_text(payment: c.Payment) -> str:
	title = _PAYMENTS[payment.step]
	if payment.amount:
		title += f": {payment.amount}"
	return "\n".join(line for line in (title, payment.note) if line)


def product_text(product: c.Product) -> str:
	title = f"🛍️ Product: {product.title}" if product.title else "🛍️ Product"
	if product.price:
		title += f", {product.price}"
	return "\n".join(line for line in (title, product.description, product.url) if line)


def location_text(location: c.Location) -> str:
	kind = "📍 Live location" if location.live else "📍 Location"
	title = f"{kind}: {location.name}" if location.name else kind
	return "\n".join(line for line in (title, location.address, location.caption, link_to(location)) if line)
