"""The admin page's files. Everything on the page comes by the admin API; nothing here is secret."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

_FOLDER = Path(__file__).parent / "page"
_KINDS = {".js": "text/javascript", ".css": "text/css"}
_FILES = {path.name: path for path in _FOLDER.iterdir() if path.suffix in _KINDS}
_HEADERS = {
	# Only what the service itself gives, and pictures that come inside an answer.
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
	"img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
	"Cache-Control": "no-cache",
}


def add_admin_page(app: FastAPI) -> None:
	@app.get("/admin")
	def page() -> FileResponse:
		return FileResponse(_FOLDER / "index.html", media_type="text/html", headers=_HEADERS)

	@app.get("/admin/page/{file}")
	def part(file: str) -> FileResponse:
		path = _FILES.get(file)
		if path is None:
			raise HTTPException(404, "there is no such file")
		return FileResponse(path, media_type=_KINDS[path.suffix], headers=_HEADERS)
