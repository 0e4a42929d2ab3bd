"""Events, sweeps and stage changes as received; turns and brokers for jobs; the shared quota."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TIME = sa.DateTime(timezone=True)
_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add to what is there; no row is rewritten. Jobs of kinds that are no more go."""
    _events()
    _found()
    _readings()
    _jobs()
    _calls()


def _calls() -> None:
    op.add_column("ats_call", sa.Column("lane", sa.String(), nullable=False, server_default=""))
    for column in ("quota_limit", "quota_remaining"):
        op.add_column("ats_call", sa.Column(column, sa.Integer(), nullable=True))
    for column in ("quota_resets_at", "blocked_until"):
        op.add_column("ats_call", sa.Column(column, _TIME, nullable=True))
    _index_where("ats_call_quota", "quota_remaining IS NOT NULL", ["tenant", "position"])
    _index_where("ats_call_paused", "blocked_until IS NOT NULL", ["tenant", "blocked_until"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _events() -> None:
    op.create_table(
        "ats_event",
        sa.Column("position", _COUNTER, nullable=False),
        _text("tenant"),
        sa.Column("received_at", _TIME, nullable=False),
        _text("kind"),
        _text("application_id"),
        _text("requisition_id"),
        _text("person_id"),
        _text("proof"),
        _text("day"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("tenant", "proof", name="ats_event_once"),
    )
    op.create_index("ats_event_by_time", "ats_event", ["tenant", "received_at"])
    op.create_index(
        "ats_event_by_application", "ats_event", ["tenant", "application_id", "received_at"]
    )


def _found() -> None:
    op.create_table(
        "stage_change",
        sa.Column("position", _COUNTER, nullable=False),
        _text("tenant"),
        _text("application_id"),
        _text("requisition_id"),
        _text("person_id"),
        _text("before"),
        _text("after"),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index(
        "stage_change_by_application", "stage_change", ["tenant", "application_id", "position"]
    )
    op.create_table(
        "sweep",
        sa.Column("position", _COUNTER, nullable=False),
        _text("tenant"),
        _text("kind"),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("sweep_by_time", "sweep", ["tenant", "at"])


def _readings() -> None:
    """Gone applications; the posting that criteria were held against; jobs of earlier kinds."""
    op.add_column("application", sa.Column("gone_at", _TIME, nullable=True))
    op.drop_index("application_by_requisition", "application")
    wide = ("tenant", "requisition_id", "id", "person_id", "resume", "fetched_at", "gone_at")
    op.create_index("application_by_requisition", "application", wide)
    op.create_table(
        "posting_fit",
        _text("tenant"),
        _text("requisition_id"),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "requisition_id"),
    )
    # One comparison takes over from two.
    op.execute("UPDATE cursor SET name = 'poll' WHERE name = 'people'")
    op.execute("DELETE FROM cursor WHERE name = 'requisitions'")
    op.execute("DELETE FROM job WHERE kind IN ('sync_requisitions', 'sync_people')")


def _jobs() -> None:
    op.add_column("job", sa.Column("turn", _COUNTER, nullable=False, server_default="0"))
    op.add_column("job", sa.Column("published_at", _TIME, nullable=True))
    op.add_column("job", sa.Column("spared", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("job_due", "job")
    op.create_index("job_due", "job", ["tenant", "state", "priority", "turn", "due_at"])
    pending = "state IN ('waiting', 'running', 'retrying')"
    next_job = ["tenant", "priority", "turn", "due_at", "position"]
    _index_where("job_next", pending, next_job)
    _index_where("job_turns", pending, ["tenant", "priority", "job_group", "turn"])
    _index_where("job_told", "published_at IS NOT NULL", ["tenant", "priority", "published_at"])


def _index_where(name: str, where: str, columns: list[str]) -> None:
    some, table = sa.text(where), "ats_call" if name.startswith("ats_call") else "job"
    op.create_index(name, table, columns, sqlite_where=some, postgresql_where=some)
