"""Readers for the tests of this folder."""

from collections.abc import Iterator

import pytest

from core.documents import IsolatedReader, Limits, Reader


@pytest.fixture
def reader() -> Reader:
    return Reader(ocr=False)


@pytest.fixture(scope="session")
def isolated() -> Iterator[IsolatedReader]:
    with IsolatedReader(Limits(seconds=3.0, memory_mb=900), workers=1, ocr=False) as pool:
        yield pool
