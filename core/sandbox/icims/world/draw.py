"""Repeatable chance: every draw follows from the words that name it."""

import random
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Self, TypeVar

T = TypeVar("T")


class Draw(random.Random):
    """A random source that gives the same sequence for the same name, on every machine."""

    @classmethod
    def of(cls, *parts: object) -> Self:
        """Seed a source by its name, e.g. ``Draw.of(seed, "4711", "career", 17)``."""
        digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
        return cls(int.from_bytes(digest, "big"))

    def pick(self, items: Sequence[T]) -> T:
        """Take one item."""
        return items[int(self.random() * len(items))]

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self.random() < probability

    def between(self, low: int, high: int) -> int:
        """Take a whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Take up to ``count`` different items, in random order."""
        pool = list(items)
        return [pool.pop(int(self.random() * len(pool))) for _ in range(min(count, len(pool)))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Take a key with a chance in proportion to its weight."""
        point = self.random() * sum(weights.values())
        for item, weight in weights.items():
            point -= weight
            if point < 0:
                return item
        return next(reversed(list(weights)))
