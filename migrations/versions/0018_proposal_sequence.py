"""A proposal is found by its running number without the year."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_fund_proposal_sequence", "fund_proposal"


def upgrade() -> None:
    op.create_index(INDEX, TABLE, ["sequence"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
