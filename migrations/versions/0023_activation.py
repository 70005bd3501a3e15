"""One-time codes by which a school signs in for the first time, from the letters of its province."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "assessment_activation_code",
        sa.Column("school_id", KEY, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["assessment_school.id"],
            name=op.f("fk_assessment_activation_code_school_id_assessment_school"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["ab_user.id"], name=op.f("fk_assessment_activation_code_made_by_ab_user")
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_assessment_activation_code")),
    )
    op.create_index("ix_assessment_activation_code_made_by", "assessment_activation_code", ["made_by"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_assessment_activation_code_made_by", table_name="assessment_activation_code")
    op.drop_table("assessment_activation_code")
