"""Files that are kept as they were sent, compressed, so that nobody makes them a second time."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.cache import caches
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from .compression import COMPRESSED, accepts

# Bytes of a file as it is kept: a larger one is made each time.
LARGEST = 16_000_000
# That of gzip's formats which has a header, as browsers take it; the quickest level.
_GZIP, _LEVEL = 31, 1
_PIECE = 65_536


@dataclass
class KeptFile:
    """A file as it is kept: what is not compressed by itself is."""

    headers: dict[str, str]
    is_gzip: bool
    content: bytes = b""


@dataclass
class _Keeping:
    """A file that is sent and kept meanwhile; what is too long, or breaks off, is not kept."""

    key: str
    file: KeptFile
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, piece: bytes) -> bytes:
        self.size += len(piece)
        if self.size <= LARGEST:
            self.pieces.append(piece)
        else:
            self.pieces.clear()
        return piece

    def end(self) -> None:
        if self.size <= LARGEST:
            self.file.content = b"".join(self.pieces)
            caches["files"].set(self.key, self.file)


def keep(request, response, key: str):
    """Return the response, of which the content is kept under this key once it is sent."""
    headers = dict(response.headers)
    is_gzip = not headers["Content-Type"].startswith(COMPRESSED)
    keeping = _Keeping(key, KeptFile(headers, is_gzip))
    file = response.file_to_stream if isinstance(response, FileResponse) else None
    if file:
        keeping.add(file.read(LARGEST + 1))
        file.seek(0)
        keeping.end()
    elif accepts(request, "gzip"):
        response.headers["Content-Encoding"] = "gzip"
        response.streaming_content = _compressed(response.streaming_content, keeping)
    else:
        response.streaming_content = _plain(response.streaming_content, keeping)
    return response


def sent(request, file: KeptFile) -> HttpResponse | StreamingHttpResponse:
    """Return a file that was kept as the client takes it."""
    if file.is_gzip and not accepts(request, "gzip"):
        return StreamingHttpResponse(_unpacked(file.content), headers=file.headers)
    response = HttpResponse(file.content, headers=file.headers)
    if file.is_gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _compressed(content: Iterable[bytes], keeping: _Keeping) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    for piece in content:
        yield keeping.add(packer.compress(piece))
    yield keeping.add(packer.flush())
    keeping.end()


def _plain(content: Iterable[bytes], keeping: _Keeping) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    for piece in content:
        if keeping.size <= LARGEST:
            keeping.add(packer.compress(piece))
        yield piece
    keeping.add(packer.flush())
    keeping.end()


def _unpacked(content: bytes) -> Iterator[bytes]:
    packed = zlib.decompressobj(wbits=_GZIP)
    for start in range(0, len(content), _PIECE):
        yield packed.decompress(content[start : start + _PIECE])
