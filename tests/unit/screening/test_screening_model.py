"""The language-model assessor: claims count only as far as their quotes are found."""

import json
from typing import Any

import jsonschema
import pytest

from core.assist.screening import ModelAssessor
from core.assist.screening.model import NO_EVIDENCE, PLAIN, read_prompt, reply_schema
from core.domain.assessment import Standing, Verdict
from core.domain.criteria import CriterionKind
from core.domain.prompts import FirstPrompt, Prompt, require_fit
from core.errors import ModelUnavailable
from tests.screening_bench import RESUME, ScriptedModel, criterion, request_for

TILLS = criterion(CriterionKind.DUTY, "Count the tills", id="tills")
EXCEL = criterion(CriterionKind.SKILL, "Excel", id="excel")
REAL = "Kept the inventory in Excel."


def entry(id: str, standing: str, *quotes: str) -> dict[str, Any]:
    return {"criterion": id, "standing": standing, "quotes": list(quotes), "reason": "Because."}


def reply(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"verdicts": list(entries)}


def judge(model: ScriptedModel, resume: str = RESUME) -> tuple[Verdict, ...]:
    return ModelAssessor(model, read_prompt()).assess(request_for(TILLS, EXCEL, resume=resume))


def judge_excel(*replies: dict[str, Any], resume: str = RESUME) -> Verdict:
    (only,) = ModelAssessor(ScriptedModel(list(replies)), read_prompt()).assess(
        request_for(EXCEL, resume=resume)
    )
    return only


def test_a_quoted_claim_counts() -> None:
    verdict = judge_excel(reply(entry("excel", "met", REAL)))
    assert (verdict.standing, verdict.credit) == (Standing.MET, 1.0)
    assert verdict.evidence[0].quote == REAL


def test_model_quote_not_in_text_becomes_no_evidence() -> None:
    invented = reply(entry("excel", "met", "Ten years of Excel at a bank."))
    verdict = judge_excel(invented, invented)
    assert (verdict.standing, verdict.credit) == (Standing.NOT_SHOWN, 0.0)
    assert verdict.reason == NO_EVIDENCE


def test_the_model_is_asked_once_more_only_for_what_it_could_not_quote() -> None:
    model = ScriptedModel(
        [
            reply(entry("tills", "not_shown"), entry("excel", "met", "kept inventory in excel")),
            reply(entry("excel", "met", REAL)),
        ]
    )
    verdicts = judge(model)
    assert [v.standing for v in verdicts] == [Standing.NOT_SHOWN, Standing.MET]
    assert '"tills"' not in model.systems[1]
    assert len(model.systems) == 2


def test_a_model_that_cannot_be_asked_again_has_not_judged() -> None:
    with pytest.raises(ModelUnavailable):
        judge_excel(reply(entry("excel", "met", "Invented.")))


def test_what_a_second_look_cannot_quote_either_has_no_evidence() -> None:
    invented = reply(entry("excel", "met", "Invented."))
    assert judge_excel(invented, invented).reason == NO_EVIDENCE


def test_only_broken_white_space_is_forgiven() -> None:
    resume = "Kept the inventory\n   in Excel and more\n"
    verdict = judge_excel(reply(entry("excel", "met", REAL.rstrip("."))), resume=resume)
    assert verdict.evidence[0].quote == "Kept the inventory\n   in Excel"
    changed = reply(entry("excel", "met", "kept the inventory in EXCEL"))
    assert judge_excel(changed, changed).standing is Standing.NOT_SHOWN


@pytest.mark.parametrize("quote", ["[NAME_1]\n[EMAIL_1]", "in", "", "   ", RESUME * 2])
def test_a_token_a_snippet_or_a_whole_page_is_no_evidence(quote: str) -> None:
    poor = reply(entry("excel", "met", quote))
    assert judge_excel(poor, poor, resume=RESUME * 2).standing is Standing.NOT_SHOWN


def test_quotes_for_what_is_not_shown_are_dropped() -> None:
    verdict = judge_excel(reply(entry("excel", "not_shown", REAL)))
    assert (verdict.evidence, verdict.credit) == ((), 0.0)


def test_no_data_has_no_credit_at_all() -> None:
    assert judge_excel(reply(entry("excel", "no_data"))).credit is None


def test_leaving_a_criterion_out_is_no_answer() -> None:
    with pytest.raises(ModelUnavailable):
        judge(ScriptedModel([reply(entry("excel", "met", REAL))]))


def test_two_verdicts_on_one_criterion_are_no_answer() -> None:
    twice = reply(entry("excel", "not_shown"), entry("excel", "met", REAL))
    with pytest.raises(ModelUnavailable, match="more than once"):
        judge_excel(twice)


@pytest.mark.parametrize("place", ["{{criteria}}", "{{ criteria }}", "{{\ncriteria}}"])
def test_wherever_criteria_may_be_asked_for_they_are_put(place: str) -> None:
    prompt = Prompt("screening", "2", f"Judge.\n{place}\n")
    require_fit(prompt.text, FirstPrompt(Prompt("screening", "1", "{{criteria}}")))
    model = ScriptedModel([reply(entry("excel", "met", REAL))])
    ModelAssessor(model, prompt).assess(request_for(EXCEL))
    assert '"asks_for": "Excel"' in model.systems[0]


def test_no_model_no_verdict() -> None:
    with pytest.raises(ModelUnavailable):
        judge(ScriptedModel())


def test_the_schema_is_closed() -> None:
    schema = reply_schema([TILLS, EXCEL])
    good = reply(entry("excel", "met", REAL))
    jsonschema.validate(good, schema)
    for bad in (
        {**good, "score": 99},
        reply(entry("other", "met")),
        reply(entry("excel", "hire")),
        reply({**entry("excel", "met"), "advice": "hire"}),
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)


def test_the_criteria_stand_in_the_instructions_and_the_resume_does_not() -> None:
    model = ScriptedModel([reply(entry("excel", "met", REAL))])
    ModelAssessor(model, read_prompt()).assess(request_for(EXCEL))
    assert '"asks_for": "Excel"' in model.systems[0]
    assert REAL not in model.systems[0]
    assert "{{" not in model.systems[0]


def test_the_prompt_has_its_header_cut_off_and_tells_to_ignore_instructions() -> None:
    prompt = read_prompt("1").text
    assert not prompt.startswith("---")
    assert "without meaning for the task" in prompt


def test_the_version_names_prompt_and_model() -> None:
    assert ModelAssessor(ScriptedModel(), read_prompt()).version == "model-2 prompt-1 scripted"


def test_a_reason_is_kept_to_one_line() -> None:
    said = {**entry("excel", "met", REAL), "reason": "one\n\ntwo " * 90}
    verdict = judge_excel(json.loads(json.dumps(reply(said))))
    assert "\n" not in verdict.reason
    assert len(verdict.reason) <= 200


ENGLISH = "Keep the inventory of the shop in Excel every day"
GERMAN = "Den Bestand des Ladens jeden Tag in Excel führen"


def reason_given(reason: str, label: str, standing: str = "met") -> str:
    asked = criterion(CriterionKind.SKILL, label, id="excel")
    said = {**entry("excel", standing, REAL), "reason": reason}
    (verdict,) = ModelAssessor(ScriptedModel([reply(said)]), read_prompt()).assess(
        request_for(asked)
    )
    assert bool(verdict.evidence) is (standing == "met")
    return verdict.reason


@pytest.mark.parametrize(
    ("reason", "label"),
    [
        ("候选人使用Excel管理库存", "Excel"),
        ("Да, вёл учёт", "Excel"),
        ("Kept the inventory.", "вести учёт товара"),
        ("El candidato dirigió un equipo de ventas durante tres años.", ENGLISH),
        ("Der Lebenslauf zeigt, dass der Bestand in Excel geführt wurde.", ENGLISH),
        ("The resume shows that the inventory was kept in Excel for years.", GERMAN),
    ],
)
def test_a_reason_readers_of_the_criteria_cannot_read_gives_way_to_a_plain_one(
    reason: str, label: str
) -> None:
    assert reason_given(reason, label) == PLAIN[Standing.MET]
    assert reason_given(reason, label, "not_shown") == PLAIN[Standing.NOT_SHOWN]


@pytest.mark.parametrize(
    ("reason", "label"),
    [
        ("Inventario en Excel.", ENGLISH),
        ("El candidato llevaba el inventario de la tienda en Excel.", "Excel"),
        ("Says “vedl sklad a inventuru v Excelu po dobu tří let” of Excel.", ENGLISH),
        ("Writes 「在庫管理」 in a list of tasks.", ENGLISH),
        ("Worked at Société Générale as an analyst in Paris.", ENGLISH),
        ("Candidate managed Gestão de Pessoas at Banco do Brasil.", ENGLISH),
        ("Der Lebenslauf zeigt, dass der Bestand in Excel geführt wurde.", GERMAN),
        ("在庫をエクセルで管理した", "在庫管理"),
        ("3/5", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_in_doubt_the_model_s_reason_stands(reason: str, label: str) -> None:
    assert reason_given(reason, label) == reason
