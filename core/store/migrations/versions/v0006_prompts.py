"""Versions of instructions to models, kept from changing by triggers; labels, evaluations."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TIME = sa.DateTime(timezone=True)
_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = {"prompt_version": "version", "prompt_move": "position"}
"""Tables whose rows stay as they were written, and what numbers those rows."""


def upgrade() -> None:
    """Add the tables and the triggers on those that are append-only."""
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        for table, number in _KEPT.items():
            _keep_on_sqlite(table, number)
        return
    op.execute(
        """CREATE FUNCTION refuse_prompt_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'versions of instructions never change'; END $$"""
    )
    for table in _KEPT:
        op.execute(
            f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_prompt_change()"""
        )
        op.execute(
            f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_prompt_change()"""
        )


def _keep_on_sqlite(table: str, number: str) -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'versions of instructions never change'); END"
    for deed in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} {refuse}")
    # INSERT OR REPLACE would delete a row without firing the triggers above.
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS"  # noqa: S608
        f" (SELECT 1 FROM {table} WHERE tenant = NEW.tenant AND name = NEW.name"
        f" AND {number} = NEW.{number}) {refuse}"
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _tables() -> None:
    op.create_table(
        "prompt_version",
        _text("tenant"),
        _text("name"),
        sa.Column("version", sa.Integer(), nullable=False),
        _long("text"),
        _text("sha256"),
        _text("author"),
        _long("note"),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "name", "version"),
    )
    op.create_table(
        "prompt_move",
        sa.Column("position", _COUNTER, nullable=False),
        _text("tenant"),
        _text("name"),
        _text("label"),
        _text("version"),
        _long("document"),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("prompt_move_newest", "prompt_move", ["tenant", "name", "label", "position"])
    for table in ("prompt_promotion", "prompt_evaluation"):
        op.create_table(
            table,
            _text("tenant"),
            _text("id"),
            _text("name"),
            _text("state"),
            sa.Column("asked_at", _TIME, nullable=False),
            _long("document"),
            sa.PrimaryKeyConstraint("tenant", "id"),
        )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "prompt_promotion_open", "prompt_promotion", ["tenant", "name"],
        unique=True, sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip
    op.create_index(
        "prompt_evaluation_by_name", "prompt_evaluation", ["tenant", "name", "asked_at"]
    )
