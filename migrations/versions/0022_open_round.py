"""One registration round is open at a time, whoever opens two at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_index(
        "uq_assessment_round_open",
        "assessment_round",
        ["state"],
        unique=True,
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    )


def downgrade() -> None:
    op.drop_index("uq_assessment_round_open", table_name="assessment_round")
