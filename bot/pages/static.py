"""The files that pages load: held in memory, served with their right type, and kept by the browser until they change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

SHARED = Path(__file__).parent / "static"
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


class Files:
    """The files that every page shares and those of FOLDERS, served below the path UNDER: only what was there at the start."""

    def __init__(self, under: str, *folders: Path) -> None:
        self._under = under
        self._files: dict[str, StaticFile] = {}
        for path in (path for folder in (SHARED, *folders) for path in sorted(folder.iterdir()) if path.is_file()):
            if path.name in self._files:
                raise ValueError(f"{path}: there is a file of that name in another folder; give it one of its own.")
            self._files[path.name] = _read(path)

    def __getitem__(self, name: str) -> StaticFile:
        return self._files[name]

    def address(self, name: str) -> str:
        """Where a page finds NAME; a changed file has a new address, so that no browser shows an old one."""
        return f"{self._under}/{name}?{self._files[name].mark}"

    @property
    def route(self) -> Route:
        """The route that serves them."""
        return Route(f"{self._under}/{{name}}", self._response)

    async def _response(self, request: Request) -> Response:
        """The file that REQUEST names: never a path."""
        file = self._files.get(request.path_params["name"])
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
    """PATH as it is served. A file of an unknown type is refused: a guess could be run as a script."""
    if path.suffix not in TYPES:
        raise ValueError(f"{path}: static files are {', '.join(TYPES)}; add the type to TYPES in {Path(__file__).name}.")
    content = path.read_bytes()
    return StaticFile(content, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:12])
