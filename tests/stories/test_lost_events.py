"""iCIMS tells of a change once or not at all; nothing is lost either way."""

from collections.abc import Iterator

import pytest

from core.domain.events import AtsEvent, EventKind, SweepKind
from core.domain.ids import ApplicationId
from core.services.ingest import Ingest, Told
from tests.whole import CUSTOMER, POLL, RECRUITER, SUPPORT, Whole, start_whole


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A tenant whose every event is lost: the sandbox has nowhere to send them."""
    with start_whole(tmp_path_factory.mktemp("whole"), people=60) as started:
        started.app.reconciliation.poll(POLL)
        started.pull(SUPPORT)
        started.freeze(SUPPORT)
        yield started


def applied(whole: Whole) -> ApplicationId:
    """Let one more person apply."""
    before = set(whole.sandbox.records(CUSTOMER, "applicantworkflows"))
    burst = {"job": int(SUPPORT), "applications": 1, "per_second": 100}
    whole.sandbox.admin.request("POST", f"customers/{CUSTOMER}/burst", burst)
    whole.sandbox.admin.flush_events()
    (new,) = set(whole.sandbox.records(CUSTOMER, "applicantworkflows")) - before
    return ApplicationId(str(new))


def differing(whole: Whole) -> set[str]:
    """List the applications to the job whose stage we have differs from iCIMS's, or is missing."""
    theirs = {
        str(id): body["status"]["id"]
        for id, body in whole.sandbox.records(CUSTOMER, "applicantworkflows").items()
        if str(body["baseprofile"]["id"]) == SUPPORT
    }
    with whole.app.store.unit_of_work() as uow:
        ours = {c.application.id: c.application.stage.id for c in uow.applications.of(SUPPORT)}
    return {id for id, stage in theirs.items() if ours.get(ApplicationId(id)) != stage}


def test_one_comparison_finds_every_change_that_no_event_told_of(whole: Whole) -> None:
    app, admin = whole.app, whole.sandbox.admin
    with app.store.unit_of_work() as uow:
        ids = [cached.application.id for cached in uow.applications.of(SUPPORT)]
    stages = dict(app.field_map.statuses)
    moved = [id for id in ids if id not in differing(whole)][:3]
    for id in moved:
        status = {"id": list(stages.values())[-1]}
        admin.edit(CUSTOMER, "applicantworkflows", int(id), {"status": status})
    new = applied(whole)
    admin.edit(CUSTOMER, "jobs", int(SUPPORT), {"overview": "Now with night shifts."})
    assert {*moved, new} <= differing(whole)
    found = app.reconciliation.poll(POLL)
    assert (found.kind, found.missed >= 4) == (SweepKind.POLL, True)
    whole.work()
    assert not differing(whole)
    rosa = whole.sign_in(RECRUITER)
    trail = app.review.application(rosa, moved[0]).trail
    assert [line.who for line in trail if line.action == "stage.changed"] == ["iCIMS"]
    change = app.criteria.open(rosa, SUPPORT).posting_change
    assert change is not None
    assert change.parts[0][2] == "Now with night shifts."


def test_an_application_that_an_event_tells_of_is_scored_and_proposed(whole: Whole) -> None:
    app, id = whole.app, applied(whole)
    kind = EventKind.APPLICATION_COMPLETED
    event = AtsEvent(kind=kind, tenant=app.tenant, application=id)
    Ingest(app.store.unit_of_work, app.clock).keep([Told(event=event, body=b"{}", proof="once")])
    whole.work()
    with app.store.unit_of_work() as uow:
        assessment = uow.assessments.latest(id)
    assert assessment is not None
    assert assessment.score is not None or assessment.ungraded


def test_a_sweep_of_the_night_finds_nothing_where_comparisons_were_made(whole: Whole) -> None:
    found = whole.app.sweeping.sweep(whole.app.clock.now(), POLL)
    assert found.listed > 20
    assert (found.missed, found.gone) == (0, 0)
