"""Orders, products and payments: what people read of them. Not their pictures."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.content import Order, Payment, PaymentStep, Product
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields

# WhatsApp gives thousandths of every currency's unit.
_THOUSANDTHS = 1000
# These have no smaller coin; all others show two digits.
_WITHOUT_COINS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"


def order(body: Fields) -> Order:
	total = money(body.count("totalAmount1000"), _THOUSANDTHS, body.text("totalCurrencyCode"))
	return Order(title=body.text("orderTitle", "message"), item_count=body.count("itemCount"), price=total)


def product(body: Fields) -> Product | None:
	"""One product, or the catalogue as a whole. `None` if it has neither name nor description."""
	said = body.inner("product") or body.inner("catalog")
	title, description = said.text("title"), said.text("description")
	if not title and not description:
		return None
	return Product(title=title, description=description, price=_price(said), url=said.text("URL"))


def request_payment(body: Fields) -> Payment:
	return Payment(PaymentStep.REQUESTED, _amount(body), _note(body))


def send_payment(body: Fields) -> Payment:
	target = body.inner("requestMessageKey").id("ID")
	return Payment(PaymentStep.SENT, _amount(body), _note(body), target)


def decline_payment(body: Fields) -> Payment:
	return Payment(PaymentStep.DECLINED, target_id=body.inner("key").id("ID"))


def cancel_payment(body: Fields) -> Payment:
	return Payment(PaymentStep.CANCELED, target_id=body.inner("key").id("ID"))


def invite_to_pay(body: Fields) -> Payment:
	return Payment(PaymentStep.INVITED)


def invoice(body: Fields) -> Payment:
	return Payment(PaymentStep.INVOICE, _amount(body), body.text("note"))


def payment_reminder(body: Fields) -> Payment:
	return Payment(PaymentStep.REMINDER, _amount(body), body.text("description"))


def split_payment(body: Fields) -> Payment:
	return Payment(PaymentStep.SPLIT, _money_of(body.inner("totalAmount")), body.text("description"))


def _amount(body: Fields) -> str:
	plain = money(body.count("amount1000"), _THOUSANDTHS, body.text("currencyCodeIso4217", "currencyCode"))
	return _money_of(body.inner("amount")) or plain


def _money_of(value: Fields) -> str:
	return money(value.count("value"), value.count("offset") or 1, value.text("currencyCode"))


def _note(body: Fields) -> str:
	note = body.inner("noteMessage")
	return note.inner("extendedTextMessage").text("text") or note.text("conversation")


def _price(product: Fields) -> str:
	return money(product.count("priceAmount1000"), _THOUSANDTHS, product.text("currencyCode"))


def money(value: int | None, parts: int, currency: str) -> str:
	"""`12.50 EUR`, of so many `parts` of the currency's unit; empty without both amount and currency."""
	if value is None or not currency:
		return ""
	whole, rest = divmod(value * _THOUSANDTHS // max(parts, 1), _THOUSANDTHS)
	if currency in _WITHOUT_COINS.split() and not rest:
		return f"{whole} {currency}"
	digits = f"{rest:03}" if rest % 10 else f"{rest // 10:02}"
	return f"{whole}.{digits} {currency}"
