"""The result that an officer chose on a screening form and did not send yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "fund_screening"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("chosen", sa.String(length=20), nullable=True))
        batch_op.create_check_constraint(op.f("ck_fund_screening_chosen"), "chosen IN ('documents', 'fail', 'pass')")


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_fund_screening_chosen"), type_="check")
        batch_op.drop_column("chosen")
