"""The audit log speaks in words: of everything that the code records, and of who did it."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from re import fullmatch

import pytest

from core.domain.actor import ActorKind, Role
from core.domain.audit import AuditEvent, Fact
from core.domain.ids import TenantId
from core.domain.judgement import Blinding, BlindMode
from core.domain.policy import TenantPolicy
from core.domain.proposal import SetField
from core.domain.routing import Thresholds
from core.domain.views import TrailLine
from core.flow.write import Outcome
from core.services.controls import Controls
from core.services.details import MEANINGS, REFERENCES, subject_words
from core.services.wording import ACTIONS, change_line, trail_line
from tests.desk import open_desk
from tests.store_bench import NOON, CountedIds

CORE = Path(__file__).resolve().parents[3] / "core"
NAMES = {"u-rosa": "Rosa Field"}
_NO_DETAIL = {"tenant", "at", "actor", "actor_kind", "action", "subject", "data"}


def modules() -> Iterator[ast.Module]:
    """Walk the code that records facts; the made-up iCIMS records none."""
    for path in sorted(CORE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "sandbox" not in path.parts and ("fact_by(" in text or "Fact(" in text):
            yield ast.parse(text)


def called(node: ast.AST) -> str:
    """Name what is called, without what it is called on; empty where nothing is."""
    if not isinstance(node, ast.Call):
        return ""
    func = node.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def recorders(module: ast.Module) -> set[str]:
    """Name the module's functions that make facts: they are given details by others."""
    made = {"fact_by", "Fact"}
    return made | {
        function.name
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef)
        and function.args.kwarg
        and any(called(node) in made for node in ast.walk(function))
    }


def details() -> set[str]:
    """Find every name under which something is recorded."""
    return {
        given.arg
        for module in modules()
        for names in [recorders(module)]
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and called(node) in names
        for given in node.keywords
        if given.arg and given.arg not in _NO_DETAIL
    }


def actions() -> set[str]:
    """Find every event's name; those of writes are put together from their outcomes."""
    said = {
        node.value
        for module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and fullmatch(r"[a-z_]+\.[a-z_]+", node.value)
    }
    return said | {f"write.{outcome}" for outcome in Outcome if outcome is not Outcome.TAKEN}


def line(action: str = "proposal.approved", **data: str | float | bool | None) -> TrailLine:
    fact = Fact(
        tenant=TenantId("t1"),
        at=NOON,
        actor="u-rosa",
        actor_kind=ActorKind.PERSON,
        action=action,
        subject="application:20001",
        data=data,
    )
    return trail_line(AuditEvent(seq=1, fact=fact, previous="", hash="ab"), NAMES)


def test_the_walk_finds_what_is_recorded() -> None:
    assert {"verdict.overridden", "user.disabled", "write.done", "sign_in.failed"} <= actions()
    assert {"leaning", "transaction", "roles_before", "seconds", "stop"} <= details()


def test_every_event_has_words_and_all_words_are_of_an_event() -> None:
    assert actions() == set(ACTIONS)


def test_every_detail_has_words() -> None:
    assert details() - {*MEANINGS, *REFERENCES} == set()


def test_every_detail_of_changed_settings_has_words(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    controls = Controls(desk.store.unit_of_work, desk.clock, CountedIds(), TenantPolicy())
    other = TenantPolicy(
        thresholds=Thresholds(1, 2),
        sure_from=0.1,
        readable_from=0.2,
        blinding=Blinding(BlindMode.ALWAYS, 0.7),
    )
    controls.set_policy(desk.person("viktor", Role.ADMIN), other)
    with desk.store.unit_of_work() as uow:
        told = trail_line(next(iter(uow.audit.events())), {})
    desk.store.close()
    assert told.detail == (
        "talent pool suggested below 1, before that below 40, "
        "screening call suggested above 2, before that above 80, "
        "confident enough from 10%, before that from 50%, "
        "read well enough from 20%, before that from 60%, "
        "own view first for everybody, before that: own view first for nobody, "
        "a sample is 70%, before that 20%"
    )


@pytest.mark.parametrize(
    ("action", "data", "words"),
    [
        ("view.recorded", {"leaning": "advance", "blind": False},
         "put forward, after the score could be seen"),
        ("application.opened", {"hidden": "own_view_first"},
         "the score was hidden until they had a view of their own"),
        ("session.started", {"method": "password"}, "with a password"),
        ("write.done", {"approved_by": "u-rosa", "was_in_doubt": False}, "approved by Rosa Field"),
        ("write.stale", {"reason": "RecordMoved", "dropped": 0},
         "because: the record had changed in iCIMS"),
        ("application.assessed", {"band": 4, "score": 87}, "score 87 ± 4"),
        ("criteria.saved", {"count": 1}, "1 criterion"),
        ("screening.started", {"criteria_version": 2, "count": 24},
         "criteria version 2, 24 applications"),
        ("user.changed", {"roles": "admin,recruiter", "roles_before": ""},
         "as administrator and recruiter"),
    ],
)  # fmt: skip
def test_details_are_told_in_words(
    action: str, data: dict[str, str | float | bool | None], words: str
) -> None:
    assert line(action, **data).detail == words


def test_what_only_serves_to_look_something_up_stands_apart() -> None:
    told = line("write.done", transaction="8f2c", proposal="p1", attempt=2)
    assert told.detail == "try 2"
    assert told.references == "iCIMS transaction 8f2c, proposal p1"
    told = line(undo_until="2026-11-23T10:20:00.123+00:00", approval="a" * 64)
    assert told.references == (
        "approval aaaaaaaaaaaa…, could be undone until 23 Nov 2026 10:20 UTC"
    )


def test_an_assessor_is_named_and_its_exact_name_can_be_looked_up() -> None:
    exact = "built-in-6 words-2.7 minilm-l6"
    fact = Fact(
        tenant=TenantId("t1"), at=NOON, actor=f"model:{exact}", actor_kind=ActorKind.MODEL,
        action="application.assessed", subject="application:20001", data={"score": 87},
    )  # fmt: skip
    told = trail_line(AuditEvent(seq=1, fact=fact, previous="", hash="ab"), NAMES)
    assert told.who == "Built-in assessor, version 6"
    assert told.references == f"assessor {exact}"
    part = replace(fact, actor="service:writer", actor_kind=ActorKind.SERVICE)
    told = trail_line(AuditEvent(seq=1, fact=part, previous="", hash="ab"), NAMES)
    assert (told.who, told.references) == ("Copilot (writing)", "")


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("application:20001", "Application 20001"),
        ("user:u-rosa", "User Rosa Field"),
        ("capability:writing", "Writing to iCIMS"),
        ("policy:tenant", "Thresholds and limits"),
        ("audit", "This log"),
    ],
)
def test_what_an_event_is_about_is_told_in_words(subject: str, words: str) -> None:
    assert subject_words(subject, NAMES) == words


SKILLS = (
    '{"v":1,"assessment":"d1","score":87,"band":4,"criteria":[{"name":"Crane","kind":"skill",'
    '"standing":"partly","credit":0.5,"points":20.0,"of":40.0,"by":"recruiter"}]}'
)


def test_data_reads_as_a_list_and_stands_with_it_exactly_as_approved() -> None:
    told = change_line(SetField("ai_skills_json", None, SKILLS))
    assert told.new == "Score 87 ± 4\n◐ Crane: partly met, 20 of 40 points, set by a recruiter"
    assert (told.exact_old, told.exact_new) == ("", SKILLS)


def test_data_that_somebody_else_wrote_is_shown_as_it_is() -> None:
    told = change_line(SetField("ai_skills_json", "[1]", None))
    assert (told.old, told.new, told.exact_old, told.exact_new) == ("[1]", "", "", "")
