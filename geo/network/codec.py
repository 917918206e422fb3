"""A road network as bytes: a header in JSON, then the arrays, all compressed."""

import json
import zlib
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.errors import UnreadableFileError

_MAGIC = b"ROADNET2"
_READ = frozenset({b"ROADNET1", _MAGIC})
"""The first form lacks arrays that were added later."""
_LARGEST_BYTES = 4_000_000_000
_KINDS = frozenset("ifub")


class Packable(Protocol):
    """Arrays and names that are known by a hash."""

    @property
    def names(self) -> tuple[str, ...]:
        """Texts that arrays refer to by number."""
        ...

    @property
    def content_hash(self) -> str:
        """Equal for equal contents."""
        ...

    def arrays(self) -> Iterable[tuple[str, NDArray[Any]]]:
        """Give every array with its name, in the order they are stored."""
        ...


_Network = TypeVar("_Network", bound=Packable)


def pack(network: Packable) -> bytes:
    """Pack a network; the same network always gives the same bytes."""
    arrays = list(network.arrays())
    header = json.dumps(
        {
            "arrays": [[name, array.dtype.str, list(array.shape)] for name, array in arrays],
            "names": list(network.names),
            "content_hash": network.content_hash,
        },
        ensure_ascii=False,
    ).encode()
    body = b"".join(np.ascontiguousarray(array).tobytes() for _, array in arrays)
    size = 8 + len(header) + len(body)
    packed = zlib.compress(len(header).to_bytes(8, "little") + header + body, level=1)
    return _MAGIC + size.to_bytes(8, "little") + packed


def unpack(data: bytes, build: Callable[[dict[str, Any]], _Network]) -> _Network:
    """
    Unpack a network and check it against its hash.

    Parameters
    ----------
    data
        What `pack` made.
    build
        Makes the network of its arrays and `names`, or raises ValueError when they are others than expected.

    Raises
    ------
    UnreadableFileError
        The bytes are damaged, cut short or something else.
    """
    if data[:8] not in _READ:
        message = "this is not a stored road network"
        raise UnreadableFileError(message)
    try:
        size = int.from_bytes(data[8:16], "little")
        if size > _LARGEST_BYTES:
            message = f"a network of {size} bytes is not believable"
            raise UnreadableFileError(message)
        plain = memoryview(_inflate(data[16:], size))
        length = int.from_bytes(plain[:8], "little")
        header = json.loads(bytes(plain[8 : 8 + length]))
        network = build(_arrays(header, plain[8 + length :]))
    except (ValueError, TypeError, KeyError, IndexError, zlib.error, MemoryError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        message = f"the stored road network is damaged: {error}"
        raise UnreadableFileError(message) from error
    if network.content_hash != header["content_hash"]:
        message = "the stored road network is damaged: its hash does not fit"
        raise UnreadableFileError(message)
    return network


def _inflate(data: bytes, size: int) -> bytes:
    # The declared size bounds what a damaged or hostile stream may unpack to.
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(data, size + 1)
    if len(plain) != size or not unpacker.eof:
        message = "the stored road network is cut short"
        raise UnreadableFileError(message)
    return plain


def _arrays(header: dict[str, Any], body: memoryview) -> dict[str, Any]:
    arrays: dict[str, Any] = {"names": tuple(str(name) for name in header["names"])}
    offset = 0
    for name, kind, shape in header["arrays"]:
        dtype = np.dtype(kind)
        if dtype.kind not in _KINDS:
            message = f"{name} has the type {kind}"
            raise UnreadableFileError(message)
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(body, dtype=dtype, count=count, offset=offset).reshape(shape).copy()
        offset += count * dtype.itemsize
    if offset != len(body):
        message = "the stored road network has more bytes than its arrays"
        raise UnreadableFileError(message)
    return arrays
