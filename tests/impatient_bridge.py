"""The standalone host as it is, but for its patience with answers: `impatient_bridge.py SECONDS serve`.

So that what takes minutes with a real silence takes seconds in a test.
"""

from __future__ import annotations

import sys
from typing import Any

import requests

from wuzapi_chatwoot.net.http_pool import PooledHttp
from wuzapi_chatwoot.standalone_host.__main__ import main

seconds = float(sys.argv.pop(1))
patient = PooledHttp.send


def send(http: PooledHttp, request: requests.PreparedRequest, **options: Any) -> requests.Response:
	connect, read = options["timeout"]
	return patient(http, request, **{**options, "timeout": (connect, min(read, seconds))})


PooledHttp.send = send  # type: ignore[method-assign]
main(prog_name="wuzapi-chatwoot")
