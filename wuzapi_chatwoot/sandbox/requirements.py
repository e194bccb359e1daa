"""What the sandbox needs and would miss only later: Starlette asks for its multipart parser when the first file comes."""

from __future__ import annotations

from importlib.util import find_spec

_NEEDED = {
	"python_multipart": "python-multipart",
	"httpx": "httpx",
	"uvicorn": "uvicorn",
	"starlette": "starlette",
}


class Missing(Exception):
	"""Its text says what to install."""


def require_packages() -> None:
	missing = [package for module, package in _NEEDED.items() if find_spec(module) is None]
	if missing:
		raise Missing(
			f"The sandbox needs {', '.join(missing)}: pip install 'wuzapi_chatwoot[sandbox]', or pip install {' '.join(missing)}"
		)
