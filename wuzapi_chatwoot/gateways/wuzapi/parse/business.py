"""Templates, buttons, lists, carousels: what businesses send, and what our own phone sends of the kind.

Go writes the alternatives of a protobuf `oneof` one level down, under the name of the `oneof`
(`Title.HydratedTitleText`, `Header.Text`, `header.Media.ImageMessage`); other encoders write them side by side.
Both are read.
"""

from __future__ import annotations

from collections.abc import Iterable

from wuzapi_chatwoot.bridge.model.content import (
	BusinessMessage,
	Button,
	ButtonKind,
	Content,
	ListRow,
	ListSection,
	Location,
	Media,
)
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields, load
from wuzapi_chatwoot.gateways.wuzapi.parse.media import audio, document, image, video
from wuzapi_chatwoot.gateways.wuzapi.parse.places import location
from wuzapi_chatwoot.gateways.wuzapi.parse.shop import money, product

_HEAD_FILES = {
	"documentmessage": document,
	"imagemessage": image,
	"videomessage": video,
	"audiomessage": audio,
}
# A carousel has ten cards; nobody's message may nest them further.
_MOST_CARDS = 20


def buttons_message(body: Fields) -> Content | None:
	head = one_of(body, "Header")
	buttons = (
		_flow_button(row.inner("nativeFlowInfo")) or _answer(row.inner("buttonText").text("displayText"))
		for row in body.rows("buttons")
	)
	return _if_any(
		BusinessMessage(
			title=head.text("text"),
			body=body.text("contentText"),
			footer=body.text("footerText"),
			files=_files(head),
			place=_place(head),
			buttons=_all(buttons),
		)
	)


def list_message(body: Fields) -> Content | None:
	sections = [_section(row) for row in body.rows("sections")]
	products = body.inner("productListInfo").rows("productSections")
	sections += [_product_section(row) for row in products]
	return _if_any(
		BusinessMessage(
			title=body.text("title"),
			body=body.text("description"),
			footer=body.text("footerText"),
			sections=tuple(section for section in sections if section.rows),
		)
	)


def template_message(body: Fields) -> Content | None:
	form = one_of(body, "Format")
	interactive = form.inner("InteractiveMessageTemplate")
	if interactive:
		return interactive_message(interactive)
	filled = body.inner("hydratedTemplate") or form.inner("HydratedFourRowTemplate")
	return _filled_template(filled) if filled else _old_template(form.inner("FourRowTemplate"))


def context_of(body: Fields) -> Fields:
	"""What goes with a message: quote, mentions, … Of a template it may stand inside what it is made of."""
	inner = one_of(body, "Format").inner("InteractiveMessageTemplate")
	return body.inner("contextInfo") or inner.inner("contextInfo")


def _filled_template(filled: Fields) -> Content | None:
	head = one_of(filled, "Title")
	buttons = (_template_button(one_of(row, "HydratedButton")) for row in filled.rows("hydratedButtons"))
	return _if_any(
		BusinessMessage(
			title=head.text("hydratedTitleText"),
			body=filled.text("hydratedContentText"),
			footer=filled.text("hydratedFooterText"),
			files=_files(head),
			place=_place(head),
			buttons=_all(buttons),
		)
	)


def _template_button(button: Fields) -> Button | None:
	link, call = button.inner("UrlButton"), button.inner("CallButton")
	if link:
		return _button(link.text("displayText"), ButtonKind.LINK, link.text("URL"))
	if call:
		return _button(call.text("displayText"), ButtonKind.CALL, call.text("phoneNumber"))
	return _answer(button.inner("QuickReplyButton").text("displayText"))


def _old_template(template: Fields) -> Content | None:
	"""Texts are structures of their own, that the business's phone fills in."""
	head = one_of(template, "Title")
	return _if_any(
		BusinessMessage(
			title=_structured_text(head.inner("highlyStructuredMessage")),
			body=_structured_text(template.inner("content")),
			footer=_structured_text(template.inner("footer")),
			files=_files(head),
			place=_place(head),
		)
	)


def structured_message(body: Fields) -> Content | None:
	"""A template of the first kind: filled in, or a name and what is to be filled in."""
	filled = body.inner("hydratedHsm")
	if filled:
		return template_message(filled)
	return _if_any(BusinessMessage(body=_structured_text(body)))


def _structured_text(structure: Fields) -> str:
	given = [row.text("default") for row in structure.rows("localizableParams")]
	return " ".join([*structure.texts("params"), *(text for text in given if text)])


def interactive_message(body: Fields, *, as_card: bool = False) -> Content | None:
	card = _interactive(body, as_card=as_card)
	return _if_any(card)


def _interactive(body: Fields, *, as_card: bool) -> BusinessMessage:
	header, shape = body.inner("header"), one_of(body, "InteractiveMessage")
	head, foot = one_of(header, "Media"), one_of(body.inner("footer"), "Media")
	flow = shape.inner("NativeFlowMessage")
	buttons = _all(_flow_button(row) for row in flow.rows("buttons"))
	cards = shape.inner("CarouselMessage").rows("cards")[:_MOST_CARDS] if not as_card else []
	titles = (header.text("title"), header.text("subtitle"))
	return BusinessMessage(
		title="\n".join(title for title in titles if title),
		body=body.inner("body").text("text"),
		footer=body.inner("footer").text("text"),
		files=(*_files(head), *_files(foot)),
		place=_place(head),
		product=product(head.inner("ProductMessage")) if head.inner("ProductMessage") else None,
		sections=_flow_sections(flow),
		buttons=buttons,
		cards=tuple(_interactive(card, as_card=True) for card in cards),
	)


def _flow_button(row: Fields) -> Button | None:
	"""A button whose meaning stands in JSON of its own. One of which nothing is known has no line."""
	given = _given(row)
	label = given.text("display_text", "flow_cta")
	match row.text("name"):
		case "cta_url":
			return _button(label, ButtonKind.LINK, given.text("url", "merchant_url"))
		case "cta_call":
			return _button(label, ButtonKind.CALL, given.text("phone_number"))
		case "cta_copy":
			return _button(label or "Copy code", ButtonKind.COPY, given.text("copy_code", "id"))
		case "review_and_pay" | "review_order" | "payment_info" | "order_details":
			return _button(label or "Review and pay", ButtonKind.PAY, _total(given))
		case "send_location":
			return _answer(label or "Send location")
		case "address_message":
			return _answer(label or "Enter an address")
	# What opens a list says nothing beside the list.
	return _answer(label or ("" if given.rows("sections") else given.text("title")))


def _flow_sections(flow: Fields) -> tuple[ListSection, ...]:
	rows = [row for button in flow.rows("buttons") for row in _given(button).rows("sections")]
	return tuple(section for row in rows if (section := _section(row)).rows)


def _given(row: Fields) -> Fields:
	try:
		return Fields(load(row.text("buttonParamsJSON", "paramsJSON")))
	except (ValueError, RecursionError):
		return Fields(None)


def _total(given: Fields) -> str:
	"""`12.50 EUR`, of an order that is to be paid."""
	amount = given.inner("total_amount")
	return money(amount.count("value"), amount.count("offset") or 1, given.text("currency"))


def _section(row: Fields) -> ListSection:
	rows = (ListRow(each.text("title"), each.text("description")) for each in row.rows("rows"))
	return ListSection(tuple(each for each in rows if each.title), row.text("title"))


def _product_section(row: Fields) -> ListSection:
	"""Products of a catalogue are named by number only."""
	rows = (ListRow(f"Product {each.text('productID')}") for each in row.rows("products"))
	return ListSection(tuple(rows), row.text("title"))


def one_of(body: Fields, name: str) -> Fields:
	"""The alternatives of a `oneof`, wherever they are written."""
	return body.inner(name) or body


def _files(head: Fields) -> tuple[Media, ...]:
	return tuple(read(head.inner(key)) for key, read in _HEAD_FILES.items() if head.is_object(key))


def _place(head: Fields) -> Location | None:
	return location(head.inner("locationMessage"))


def _answer(label: str) -> Button | None:
	return Button(label) if label else None


def _button(label: str, kind: ButtonKind, target: str) -> Button | None:
	return Button(label or target, kind, target if label else "") if label or target else None


def _all(buttons: Iterable[Button | None]) -> tuple[Button, ...]:
	return tuple(button for button in buttons if button is not None)


def _if_any(message: BusinessMessage) -> Content | None:
	"""One without words and files is none."""
	return message if message != BusinessMessage() else None
