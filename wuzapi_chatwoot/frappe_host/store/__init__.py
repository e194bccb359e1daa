"""The bridge's `Store` on a site's DocTypes, by single SQL statements (MariaDB); one file per duty."""

from __future__ import annotations

from wuzapi_chatwoot.frappe_host.store.store import FrappeStore

__all__ = ["FrappeStore"]
