"""Style sheets, scripts and the sprite go out compressed: packed once a process, kept in memory."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware

PACKED = frozenset({".css", ".js", ".svg", ".txt"})
"""What shrinks. A font is packed already."""


@lru_cache(maxsize=256)
def _packed(path: str) -> bytes:
    return gzip.compress(Path(path).read_bytes(), compresslevel=9, mtime=0)


class AssetsMiddleware(WhiteNoiseMiddleware):
    """Static files from the packages, without collecting and without a compressed copy on disk."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        """The file, packed where it shrinks and the browser takes it so."""
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        path = static_file.alternatives[-1][1]
        if Path(path).suffix not in PACKED:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        takes_it = "gzip" in request.headers.get("Accept-Encoding", "")
        if response.status_code != 200 or request.method != "GET" or not takes_it:
            return response
        packed = HttpResponse(_packed(path))
        for name, value in response.items():
            packed[name] = value
        packed["Content-Encoding"] = "gzip"
        packed["Content-Length"] = str(len(packed.content))
        response.close()
        return packed
