"""Trials of instructions on samples of scored resumes: figures only."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "prompt_trial",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("tenant", "id", "name")),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )
    op.create_index("prompt_trial_by_name", "prompt_trial", ["tenant", "name", "asked_at"])
