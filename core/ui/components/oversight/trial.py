"""A version of instructions on a sample of scored resumes: begun, followed, and what would change.

The reader sees figures and no candidate: a resume is a number in a row.
"""

import streamlit as st

from core.domain.actor import Actor
from core.domain.evaluation import RunState
from core.domain.ids import RequisitionId, TrialId
from core.domain.prompt_views import PromptsView, SampleJob, TrialLine, VersionLine
from core.domain.prompts import Label
from core.domain.trials import LEAST_RESUMES, MOST_RESUMES, Trial
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.oversight.trial_result import result
from core.ui.components.states import empty
from core.ui.session import resumed
from core.ui.shell import spoken

_KEPT = "No score, proposal or comparison comes of it, and nobody's score changes."


def sample(actor: Actor, view: PromptsView, line: VersionLine) -> None:
    """Show the newest trial of a version, and offer another where one can be begun."""
    tried = line.trial
    if tried and tried.trial.under_way:
        follow(view.name, tried.trial.id, view.may_write)
        return
    if tried:
        _ended(tried)
    if Label.PRODUCTION in line.labels:
        if not tried:
            empty(
                "In production already",
                "Scores are made with this version. Choose another one to see what would change.",
                "check_circle",
            )
    elif not view.model:
        empty("No AI model is connected", "A sample needs the model that follows the instructions.",
              "cloud_off")  # fmt: skip
    elif view.may_write:
        _begin(actor, view.name, line, again=tried is not None)
    elif not tried:
        empty("Not tried yet", "An administrator can try it on resumes that are scored.", "science")


def _begin(actor: Actor, name: str, line: VersionLine, *, again: bool) -> None:
    jobs = {job.id: job for job in the_app().prompts.sample_jobs(actor)}
    if not jobs:
        empty(
            "No job has enough scored resumes",
            f"A sample needs a job with frozen criteria, at least {LEAST_RESUMES} scored resumes "
            "and scoring switched on.",
            "inbox",
        )
        return
    version = line.prompt.version
    with st.container(border=True, key="trial_begin"):
        st.markdown(
            f"**{'Try it again' if again else 'Try it on resumes that are scored'}**  \n"
            f"The model judges up to {MOST_RESUMES} resumes of one job with version {version}; you "
            f"see how scores and verdicts would differ, and no candidate. {_KEPT}"
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            job = st.selectbox(
                "Job, by title or number", list(jobs), index=None, key=f"trial_job_{version}",
                format_func=lambda job: _named(jobs[job]), placeholder="Choose a job",
            )  # fmt: skip
            if st.button(
                "Try", key=f"try-{version}", icon=f.icon("science"), type="primary",
                disabled=job is None,
            ):  # fmt: skip
                the_app().prompts.try_out(actor, name, version, RequisitionId(job or ""))
                st.rerun()
        st.caption(
            "Every request counts toward the limits on tokens and is recorded under “What left "
            "the building”, like any other."
        )


def _named(job: SampleJob) -> str:
    return f"{f.one_line(job.title, 70)} ({job.id}), {f.number(job.scored)} scored"


@st.fragment(run_every=2.0)
def follow(name: str, id: TrialId, may_stop: bool) -> None:
    """Follow a trial until it ends, then draw the whole screen anew."""
    actor = resumed(watching=True)
    if actor is None:
        st.rerun()
    with spoken():
        found = (line.trial for line in the_app().prompts.view(actor, name).versions)
        tried = next((each for each in found if each and each.trial.id == id), None)
        if tried is None or not tried.trial.under_way:
            st.rerun()
        run = tried.trial
        st.progress(run.done / max(1, run.total), text=_how_far(run))
        st.caption(f"On {_job(tried)}. You can leave this page; it goes on. {_KEPT}")
        if may_stop and st.button("Stop the trial", icon=f.icon("stop_circle"), key="stop_trial"):
            the_app().prompts.cancel_trial(actor, id)
            st.rerun()


def _how_far(run: Trial) -> str:
    if run.state is RunState.WAITING:
        return "Waiting for its turn"
    return f"Judged {f.number(run.done)} of {f.plural(run.total, 'resume')}"


def _ended(tried: TrialLine) -> None:
    run = tried.trial
    if run.state is RunState.DONE:
        result(tried)
    elif run.state is RunState.CANCELLED:
        st.info(
            f"The trial on {_job(tried)} that {f.escaped(tried.who)} asked for was stopped on "
            f"{f.when(run.ended_at)}; what it had found counts for nothing.",
            icon=f.icon("stop_circle"),
        )
    else:
        st.error(
            f"{f.escaped(run.problem, 400)} Tried on {f.when(run.ended_at)} with "
            f"{f.escaped(run.model)} on {_job(tried)}. Scoring goes on as before.",
            title="The trial could not be finished",
            icon=f.icon("link_off"),
        )


def _job(tried: TrialLine) -> str:
    named = f"“{f.escaped(tried.job, 80)}” " if tried.job else ""
    return f"{named}(job {f.escaped(tried.trial.requisition_id)})"
