"""The Frappe module `WuzAPI Chatwoot`: DocTypes and what belongs to them on the desk. No logic of the bridge."""
