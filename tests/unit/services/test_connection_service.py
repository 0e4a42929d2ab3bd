"""What the administrator of the connection is told besides what iCIMS says."""

from dataclasses import replace
from pathlib import Path

from core.domain.actor import Role
from core.domain.ids import RequisitionId
from core.services.connection import Connection
from tests.desk import open_desk
from tests.store_bench import NOON


def test_requisitions_that_nobody_here_may_see_are_named(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    unit = desk.store.unit_of_work
    connection = Connection(unit, desk.clock, desk.ats, "https://api.example.com", "4711")
    viktor = desk.person("viktor", Role.ADMIN)
    desk.recruiter()
    assert not connection.view(viktor).problems
    with unit() as uow:
        for id in range(500, 507):
            job = replace(desk.requisition, id=RequisitionId(str(id)))
            uow.requisitions.put(replace(job, recruiter=None, hiring_manager=None), NOON)
        uow.commit()
    (problem,) = connection.view(viktor).problems
    assert "500, 501, 502, 503, 504 and 2 more" in problem
    desk.store.close()
