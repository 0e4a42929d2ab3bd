"""The generated world and the server agree on what a record looks like."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from core.sandbox.icims.seed import TenantSpec
from core.sandbox.icims.world import DemoWorld
from tests.sandbox_server import RunningSandbox, start_sandbox

WORLD = DemoWorld(1, 150, date(2026, 3, 2))


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningSandbox]:
    with start_sandbox(WORLD) as running:
        yield running


def ids(client: httpx.Client, record_type: str, singular: str) -> list[int]:
    everything = {"filters": [{"name": f"{singular}.id", "operator": ">", "value": ["0"]}]}
    hits = client.post(f"/search/{record_type}", json=everything).json()["searchResults"]
    return [hit["id"] for hit in hits]


def addresses(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in ("profile", "file"):
                yield part
            yield from addresses(part)
    if isinstance(value, list):
        for part in value:
            yield from addresses(part)


@pytest.mark.parametrize("tenant", WORLD.tenants, ids=lambda tenant: tenant.customer_id)
def test_every_link_leads_to_a_record_or_is_denied(
    demo: RunningSandbox, tenant: TenantSpec
) -> None:
    with demo.client(tenant) as client:
        kinds = (("jobs", "job"), ("applicantworkflows", "applicantworkflow"), ("forms", "form"))
        records = [
            client.get(f"/{record_type}/{id}").json()
            for record_type, singular in kinds
            for id in ids(client, record_type, singular)[-40:]
        ]
        links = {link for record in records for link in addresses(record)}
        answers = [client.get(link) for link in links if not link.endswith("/binary")]
    assert answers
    denied = [a.json()["errors"][0]["errorCode"] for a in answers if a.status_code != 200]
    assert set(denied) <= {3}


@pytest.mark.parametrize("tenant", WORLD.tenants, ids=lambda tenant: tenant.customer_id)
def test_every_application_of_a_complete_record_can_be_written(
    demo: RunningSandbox, tenant: TenantSpec
) -> None:
    field = next(f for f in tenant.custom_fields if f.logical == "ai_match_score")
    with demo.client(tenant) as client:
        answers = [
            client.patch(f"/applicantworkflows/{id}", json={field.json_id: 50})
            for id in ids(client, "applicantworkflows", "applicantworkflow")[:60]
        ]
    refused = [answer.headers["x-error"] for answer in answers if not answer.is_success]
    assert len(refused) < len(answers) / 2
    assert all(reason.endswith(":required") for reason in refused)
