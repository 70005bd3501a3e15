"""Saved lists that are shared; records of bulk deeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LISTS, ROWS = "core_saved_list", "core_bulk_row"


def upgrade() -> None:
    op.add_column(LISTS, sa.Column("is_shared", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_core_saved_list_shared", LISTS, ["page", "is_shared"])
    op.create_table(
        ROWS,
        sa.Column("id", KEY, nullable=False),
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("stamp", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["core_job.id"], name=op.f(f"fk_{ROWS}_job_id_core_job"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ROWS}")),
    )
    op.create_index("ix_core_bulk_row_outcome", ROWS, ["job_id", "outcome", "id"])


def downgrade() -> None:
    # What is kept of columns has no name; pages of before do not know it.
    lists = sa.table(LISTS, sa.column("name"))
    op.execute(lists.delete().where(lists.c.name == ""))
    op.drop_table(ROWS)
    op.drop_index("ix_core_saved_list_shared", table_name=LISTS)
    op.drop_column(LISTS, "is_shared")
