"""Requests about personal data, answered within thirty days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "core_privacy_request"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('correction', 'erasure', 'restriction', 'objection')", name=op.f("ck_core_privacy_request_kind")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'refused', 'withdrawn')", name=op.f("ck_core_privacy_request_state")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_core_privacy_request_user_id_ab_user")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["ab_user.id"], name=op.f("fk_core_privacy_request_answered_by_ab_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_privacy_request")),
    )
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.create_index("ix_core_privacy_request_state", ["state", "due_at", "id"], unique=False)
        batch_op.create_index("ix_core_privacy_request_due_at", ["due_at", "id"], unique=False)
        batch_op.create_index("ix_core_privacy_request_user_id", ["user_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table(TABLE)
