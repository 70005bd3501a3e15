"""Scoring form: bands and the pass mark belong to the version; who published it, and what it was begun from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "fund_scoring_form"
PASSING = "ck_fund_scoring_form_passing"
BASED_ON = "fk_fund_scoring_form_based_on_id_fund_scoring_form"
PUBLISHED_BY = "fk_fund_scoring_form_published_by_id_ab_user"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        # What every version said until now.
        batch_op.add_column(sa.Column("floors", sa.Text(), nullable=False, server_default="[80,60,40,20]"))
        batch_op.add_column(sa.Column("passing", sa.Integer(), nullable=False, server_default="80"))
        batch_op.add_column(sa.Column("based_on_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("published_by_id", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f(PASSING), "passing BETWEEN 0 AND 100")
        batch_op.create_foreign_key(op.f(BASED_ON), TABLE, ["based_on_id"], ["id"])
        batch_op.create_foreign_key(op.f(PUBLISHED_BY), "ab_user", ["published_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(PUBLISHED_BY), type_="foreignkey")
        batch_op.drop_constraint(op.f(BASED_ON), type_="foreignkey")
        batch_op.drop_constraint(op.f(PASSING), type_="check")
        for column in ("published_by_id", "based_on_id", "passing", "floors"):
            batch_op.drop_column(column)
