"""The page's own files: held in memory, served with their right type, and kept by the browser until they change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, and the mark that changes with its contents."""

    content: bytes
    type: str
    mark: str


def load(folder: Path = FOLDER) -> Mapping[str, StaticFile]:
    """Every file of FOLDER by its name. A file of an unknown type is refused: a guess could be run as a script."""
    return {path.name: _read(path) for path in sorted(folder.iterdir()) if path.is_file()}


def address(files: Mapping[str, StaticFile], name: str) -> str:
    """Where the page finds NAME; a changed file has a new address, so that no browser shows an old one."""
    return f"/static/{name}?{files[name].mark}"


def response(files: Mapping[str, StaticFile], request: Request) -> Response:
    """The file that REQUEST names: only what was there at the start, never a path."""
    file = files.get(request.path_params["name"])
    if file is None:
        return PlainTextResponse("No such file.", 404)
    headers = {
        "etag": f'"{file.mark}"',
        "cache-control": FOR_EVER if request.url.query == file.mark else "no-cache",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.type, headers=headers)


def _read(path: Path) -> StaticFile:
    if path.suffix not in TYPES:
        raise ValueError(f"{path}: static files are {', '.join(TYPES)}; add the type to TYPES in {Path(__file__).name}.")
    content = path.read_bytes()
    return StaticFile(content, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:12])
