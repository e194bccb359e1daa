"""Orders and products from a catalogue: what people read of them. Not their pictures."""

from __future__ import annotations

from ..bridge.content import Order, Product
from .fields import Fields

# WhatsApp gives thousandths of every currency's unit. These have no smaller coin; all others show two digits.
_WITHOUT_COINS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"


def order(body: Fields) -> Order:
	return Order(title=body.text("orderTitle", "message"), item_count=body.count("itemCount"))


def product(body: Fields) -> Product | None:
	"""One product, or the catalogue as a whole. `None` if it has neither name nor description."""
	said = body.inner("product") or body.inner("catalog")
	title, description = said.text("title"), said.text("description")
	if not title and not description:
		return None
	return Product(title=title, description=description, price=_price(said), url=said.text("URL"))


def _price(product: Fields) -> str:
	"""`12.50 EUR`; empty without both amount and currency."""
	thousandths, currency = product.count("priceAmount1000"), product.text("currencyCode")
	if thousandths is None or not currency:
		return ""
	whole, rest = divmod(thousandths, 1000)
	if currency in _WITHOUT_COINS.split() and not rest:
		return f"{whole} {currency}"
	digits = f"{rest:03}" if rest % 10 else f"{rest // 10:02}"
	return f"{whole}.{digits} {currency}"
