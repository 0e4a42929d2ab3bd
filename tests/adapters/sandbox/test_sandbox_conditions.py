"""A search body means what its filters say, however they are grouped."""

import operator
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sandbox.icims.search import condition
from core.sandbox.icims.seed import Record
from core.sandbox.icims.store import Store
from tests.small_world import NORTH, SmallWorld

COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "!==": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
NUMBERS: dict[str, Callable[[Record], int]] = {
    "applicantworkflow.id": lambda record: record.id,
    "applicantworkflow.job.id": lambda record: int(record.body["baseprofile"]["id"]),
    "applicantworkflow.person.id": lambda record: int(record.body["associatedprofile"]["id"]),
}
APPLICATIONS = [
    record
    for record in SmallWorld().records("4711")
    if record.record_type == "applicantworkflows" and not 5_010 <= record.id < 6_040
]


class FewApplications(SmallWorld):
    """The applications at both ends only."""

    def records(self, customer_id: str) -> Iterator[Record]:
        yield from APPLICATIONS if customer_id == "4711" else ()


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    store = Store(FewApplications(), None, seed=1)
    yield store
    store.close()


def holds(group: dict[str, Any], record: Record) -> bool:
    """Judge a record by the search body itself, without SQL."""
    found = [
        (all if f["operator"].startswith("!") else any)(
            COMPARE[f["operator"]](NUMBERS[f["name"]](record), int(value)) for value in f["value"]
        )
        for f in group["filters"]
    ]
    found += [holds(child, record) for child in group["children"]]
    return all(found) if group["operator"] == "&" else any(found)


VALUES = st.sampled_from([101, 102, 1_000, 1_005, 2_101, 2_103, 5_000, 5_004, 6_045, 7_001])
FILTERS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(sorted(NUMBERS)),
        "operator": st.sampled_from(sorted(COMPARE)),
        "value": st.lists(VALUES.map(str), min_size=1, max_size=3),
    }
)


def groups(children: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    filters = st.lists(FILTERS, min_size=1, max_size=3)
    operators = st.sampled_from("&|")
    return st.fixed_dictionaries({"filters": filters, "operator": operators, "children": children})


def with_children(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return groups(st.lists(inner, max_size=2))


@given(query=st.recursive(groups(st.just([])), with_children, max_leaves=4))
def test_search_finds_exactly_what_its_filters_describe(
    store: Store, query: dict[str, Any]
) -> None:
    where, values = condition(NORTH, "applicantworkflows", query)
    found = store.ids("4711", "applicantworkflows", where, values)
    assert list(found) == [record.id for record in APPLICATIONS if holds(query, record)]
