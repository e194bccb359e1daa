"""A customer sends files that others stumble over, and then a text: all of it arrives in order, and nothing waits.

Frappe 16 parses PDFs for scripts, Frappe 15 draws pictures anew: neither may hold up a conversation.
"""

import base64
import hashlib

import pytest
from processes import until

PDF, SVG = "application/pdf", "image/svg+xml"
# As in WhatsApp: the name and the type are what the customer's phone says.
ODD = {
	"broken.pdf": (PDF, b"%PDF-1.7\n1 0 obj\n<<"),
	"encrypted.pdf": (PDF, b"%PDF-1.7\ntrailer << /Encrypt 5 0 R /Root 1 0 R >>\n%%EOF"),
	"script.pdf": (
		PDF,
		b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj\n%%EOF",
	),
	"no.pdf": (PDF, b"not a PDF at all"),
	"drawing.svg": (SVG, b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
	"page.html": ("text/html", b"<!doctype html><script>alert(1)</script>"),
	"half.jpg": ("image/jpeg", b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00half a picture"),
	"empty.pdf": (PDF, b""),
}
EMPTY = "📄 Document empty.pdf: could not be fetched (the file is empty)"
SEEN = [EMPTY if name == "empty.pdf" else name for name in ODD]
LAST = "After all those files"
REFUSED = "📄 {}: this site did not keep the file"


def send_odd_files(customer):
	"""The phone's messages by the file's name, and the text that follows."""
	sent = {}
	for name, (mime_type, content) in ODD.items():
		data = base64.b64encode(content).decode()
		more = {"name": name, "mimetype": mime_type, "data": data}
		sent[name] = customer.customer_sends(kind="document", **more)["id"]
		# Webhooks of a burst overtake each other on the way to the site.
		until(lambda: not customer.sandbox.control("counters")["gateway"]["webhooks"]["under_way"], name)
	return sent, customer.customer_sends(LAST)["id"]


def in_chatwoot(customer):
	"""What the agent sees, in its order: names of files, or the text."""
	return [
		" ".join(each["name"] for each in message["attachments"]) or message["content"]
		for message in customer.messages
	]


@pytest.fixture
def refusing_site(shop):
	shop.ask("demand_of_files", demanded=True)
	yield
	shop.ask("demand_of_files", demanded=False)


def digest(name):
	return hashlib.sha256(ODD[name][1]).hexdigest()


def test_odd_files_and_the_text_behind_them_arrive_in_order(customer, shop):
	sent, text = send_odd_files(customer)
	assert customer.row(text)["text"] == LAST
	customer.calm()
	assert in_chatwoot(customer) == [*SEEN, LAST]
	assert shop.ask("dead") == []
	for name, message in sent.items():
		row = customer.row(message)
		if ODD[name][1]:
			assert (row["text"] or "", customer.files_of(row)) == ("", {name: digest(name)})
		else:
			assert (row["text"] or "", customer.files_of(row)) == ("", {})


def test_what_the_site_refuses_to_keep_is_a_line_and_stops_nothing(customer, shop, refusing_site):
	"""A real refusal: somebody has made a field of files mandatory there."""
	sent, text = send_odd_files(customer)
	assert customer.row(text)["text"] == LAST
	customer.calm()
	assert in_chatwoot(customer) == [*SEEN, LAST]
	assert shop.ask("dead") == []
	for name, message in sent.items():
		row = customer.row(message)
		if ODD[name][1]:
			assert (row["text"], customer.files_of(row)) == (REFUSED.format(name), {})
			assert shop.ask("refused_files", message=row["name"]) == [[digest(name), "0o600"]]
		else:
			assert (row["text"] or "", customer.files_of(row)) == ("", {})
