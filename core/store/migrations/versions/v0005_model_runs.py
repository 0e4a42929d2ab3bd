"""Requests to language models: what lies open of each, and its texts under the candidate's key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TIME = sa.DateTime(timezone=True)
_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add two tables; nothing that is there changes."""
    _runs()
    _bodies()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _runs() -> None:
    op.create_table(
        "model_run",
        sa.Column("position", _COUNTER, nullable=False),
        *map(_text, ("tenant", "id", "application_id", "requisition_id", "capability")),
        *map(_text, ("assessor", "input", "prompt_name", "prompt_version", "model", "host")),
        sa.Column("parameters", sa.Text(), nullable=False),
        _text("outcome"),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        _number("tokens_in", nullable=True),
        _number("tokens_out", nullable=True),
        *map(_number, ("used_in", "used_out", "sent_bytes", "received_bytes")),
        _text("sent_sha256"),
        sa.Column("expired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("tenant", "id", name="model_run_once"),
    )
    summed = ["used_in", "used_out", "sent_bytes"]
    by_requisition = ["tenant", "requisition_id", "position", *summed]
    op.create_index("model_run_by_time", "model_run", ["tenant", "asked_at", *summed])
    op.create_index("model_run_by_requisition", "model_run", by_requisition)
    op.create_index(
        "model_run_by_application", "model_run", ["tenant", "application_id", "position"]
    )
    op.create_index("model_run_newest", "model_run", ["tenant", "position"])
    op.create_index("model_run_by_model", "model_run", ["tenant", "model", "position"])


def _bodies() -> None:
    op.create_table(
        "model_run_body",
        *map(_text, ("tenant", "run_id", "application_id", "person_id")),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("sent", sa.LargeBinary(), nullable=False),
        sa.Column("received", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "run_id"),
    )
    for what, column in (
        ("application", "application_id"),
        ("person", "person_id"),
        ("time", "asked_at"),
    ):
        op.create_index(f"model_run_body_by_{what}", "model_run_body", ["tenant", column])
