"""Bytes of a WFDB signal file -> digital samples, in the formats 16, 80 and 212.

Formats: https://physionet.org/physiotools/wag/signal-5.htm.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

DigitalArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SignalFormat:
    """How `samples` values stand in `bytes`, and the value that means "no sample"."""

    samples_per_group: int
    bytes_per_group: int
    missing: int
    decode: Callable[[bytes, int], DigitalArray]

    def byte_count(self, samples: int) -> int:
        """Bytes that hold so many samples; a last group that is not full ends with its last sample."""
        groups, rest = divmod(samples, self.samples_per_group)
        return groups * self.bytes_per_group + (2 * rest if self.samples_per_group > 1 else 0)

    def sample_count(self, byte_count: int) -> int:
        """Samples that so many bytes hold."""
        groups, rest = divmod(byte_count, self.bytes_per_group)
        return groups * self.samples_per_group + (rest // 2 if self.samples_per_group > 1 else 0)


def _decode_16(content: bytes, count: int) -> DigitalArray:
    """Little-endian 16-bit two's complement."""
    return np.frombuffer(content, "<i2", count=count).astype(np.int64)


def _decode_80(content: bytes, count: int) -> DigitalArray:
    """8-bit offset binary: 128 is 0."""
    return np.frombuffer(content, np.uint8, count=count).astype(np.int64) - 128


def _decode_212(content: bytes, count: int) -> DigitalArray:
    """Pairs of 12-bit two's complement in three bytes: low byte, both high nibbles, low byte."""
    padded = np.frombuffer(content + b"\0" * (-len(content) % 3), np.uint8).astype(np.int64).reshape(-1, 3)
    pairs = np.empty((len(padded), 2), dtype=np.int64)
    pairs[:, 0] = padded[:, 0] | (padded[:, 1] & 0x0F) << 8
    pairs[:, 1] = padded[:, 2] | (padded[:, 1] & 0xF0) << 4
    values = pairs.reshape(-1)[:count]
    return np.where(values > 0x7FF, values - 0x1000, values)


SIGNAL_FORMATS: Mapping[int, SignalFormat] = MappingProxyType(
    {
        16: SignalFormat(1, 2, -(2**15), _decode_16),
        80: SignalFormat(1, 1, -(2**7), _decode_80),
        212: SignalFormat(2, 3, -(2**11), _decode_212),
    }
)


def checksum(samples: DigitalArray) -> int:
    """The sum of the samples as a signed 16-bit number, as headers state it."""
    return (int(samples.sum()) + 2**15) % 2**16 - 2**15
