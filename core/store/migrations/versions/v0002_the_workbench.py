"""What people judge, look at, keep and stop; when a proposal ends; indexes for wide screens."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TIME = sa.DateTime(timezone=True)
_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add to what is there; no row is rewritten."""
    _judgements()
    _choices()
    _answers()
    _indexes()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _judgements() -> None:
    op.create_table(
        "override",
        sa.Column("position", _COUNTER, nullable=False),
        _text("tenant"),
        _text("id"),
        _text("application_id"),
        _text("person_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("tenant", "id", name="override_once"),
    )
    op.create_index("override_by_application", "override", ["tenant", "application_id", "position"])
    op.create_table(
        "own_view",
        sa.Column("position", _COUNTER, nullable=False),
        _text("tenant"),
        _text("application_id"),
        _text("requisition_id"),
        _text("person_id"),
        _text("user_id"),
        _text("leaning"),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("own_view_by_application", "own_view", ["tenant", "application_id", "position"])
    op.create_index(
        "own_view_by_reviewer",
        "own_view",
        ["tenant", "user_id", "requisition_id", "application_id", "position"],
    )
    op.create_table(
        "look",
        _text("tenant"),
        _text("application_id"),
        _text("user_id"),
        _text("assessment_id"),
        _text("requisition_id"),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "application_id", "user_id", "assessment_id"),
    )
    op.create_index(
        "look_by_requisition", "look", ["tenant", "requisition_id", "application_id", "user_id"]
    )


def _choices() -> None:
    op.create_table(
        "saved_view",
        _text("tenant"),
        _text("id"),
        _text("requisition_id"),
        _text("user_id"),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )
    op.create_index("saved_view_by_requisition", "saved_view", ["tenant", "requisition_id"])
    op.create_table(
        "setting",
        _text("tenant"),
        _text("key"),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "key"),
    )
    op.create_table(
        "stop",
        _text("tenant"),
        _text("id"),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )


def _answers() -> None:
    op.create_table(
        "change_request",
        _text("tenant"),
        _text("proposal_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "proposal_id"),
    )
    op.add_column("proposal", sa.Column("expires_at", _TIME, nullable=True))
    op.create_index(
        "proposal_by_end", "proposal", ["tenant", "state", "requisition_id", "expires_at"]
    )


def _indexes() -> None:
    op.drop_index("application_by_requisition", "application")
    op.create_index(
        "application_by_requisition",
        "application",
        ["tenant", "requisition_id", "id", "person_id", "resume", "fetched_at"],
    )
    op.create_index("candidate_by_time", "candidate", ["tenant", "person_id", "fetched_at"])
