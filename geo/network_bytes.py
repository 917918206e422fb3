"""A road network as bytes: a header in JSON, then the arrays, all compressed."""

import json
import zlib
from dataclasses import fields
from typing import Any

import numpy as np

from geo.errors import UnreadableFileError
from geo.network import ADDED, RoadNetwork

_MAGIC = b"ROADNET2"
_READ = frozenset({b"ROADNET1", _MAGIC})
"""The first form lacks the arrays in `ADDED`."""
_LARGEST_BYTES = 4_000_000_000
_KINDS = frozenset("ifub")


def pack(network: RoadNetwork) -> bytes:
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


def unpack(data: bytes) -> RoadNetwork:
    """
    Unpack a network and check it against its hash.

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
        network = _from(header, plain[8 + length :])
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


def _from(header: dict[str, Any], body: memoryview) -> RoadNetwork:
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
    n_roads = len(arrays["road_from"])
    arrays = {**{name: np.full(n_roads, value) for name, value in ADDED.items()}, **arrays}
    wanted = {field.name for field in fields(RoadNetwork)}
    if set(arrays) != wanted or offset != len(body):
        message = "the stored road network has other parts than expected"
        raise UnreadableFileError(message)
    return RoadNetwork(**arrays)
