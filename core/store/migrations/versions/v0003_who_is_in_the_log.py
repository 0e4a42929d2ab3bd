"""An index over who did what, so that the log of one person is found in a long log."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the index; no row is rewritten."""
    op.create_index("audit_by_actor", "audit_event", ["tenant", "actor", "seq"])
