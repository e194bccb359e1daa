"""The bridge as a service of its own: FastAPI on embedded SQLite, one process. For trying out, and for those without Frappe."""
