"""What gunicorn serves: one site of the bench, whatever the Host header says. Runs in the bench's Python."""

import os

import frappe.app

frappe.app._site = os.environ["SITE"]
# With the assets, which nginx serves otherwise.
application = frappe.app.application_with_statics()
