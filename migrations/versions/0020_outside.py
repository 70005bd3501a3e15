"""Outside schools and agencies, as provinces report them; or a province's word that there is none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "assessment_outside",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("committee_id", KEY, nullable=False),
        sa.Column("curriculum", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_sort", sa.String(length=200), nullable=False),
        sa.Column("search", sa.String(length=600), nullable=False),
        sa.Column("sector", sa.String(length=10), nullable=False),
        sa.Column("parent", sa.String(length=300), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "curriculum IN ('pvc2556', 'pvc2562', 'pvs2557', 'pvs2563')", name=op.f("ck_assessment_outside_curriculum")
        ),
        sa.CheckConstraint("sector IN ('private', 'state')", name=op.f("ck_assessment_outside_sector")),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["assessment_school.id"],
            name=op.f("fk_assessment_outside_committee_id_assessment_school"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_round.id"], name=op.f("fk_assessment_outside_round_id_assessment_round")
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["ab_user.id"], name=op.f("fk_assessment_outside_saved_by_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_outside")),
    )
    op.create_index(
        "ix_assessment_outside_committee_id",
        "assessment_outside",
        ["committee_id", "round_id", "name_sort", "id"],
        unique=False,
    )
    op.create_index("ix_assessment_outside_name_sort", "assessment_outside", ["name_sort", "id"], unique=False)
    op.create_index("ix_assessment_outside_round_id", "assessment_outside", ["round_id", "curriculum"], unique=False)
    op.create_index(
        "uq_assessment_outside_once",
        "assessment_outside",
        ["round_id", "committee_id", "curriculum", "province_code", "name_sort"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_table(
        "assessment_outside_none",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("committee_id", KEY, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["assessment_school.id"],
            name=op.f("fk_assessment_outside_none_committee_id_assessment_school"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["ab_user.id"], name=op.f("fk_assessment_outside_none_confirmed_by_ab_user")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_round.id"], name=op.f("fk_assessment_outside_none_round_id_assessment_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_outside_none")),
        sa.UniqueConstraint("round_id", "committee_id", name=op.f("uq_assessment_outside_none_round_id_committee_id")),
    )
    op.create_index(
        "ix_assessment_outside_none_committee_id", "assessment_outside_none", ["committee_id"], unique=False
    )
    op.create_table(
        "assessment_outside_line",
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.CheckConstraint("students BETWEEN 1 AND 9999", name=op.f("ck_assessment_outside_line_students")),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["assessment_outside.id"],
            name=op.f("fk_assessment_outside_line_agency_id_assessment_outside"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["assessment_branch.id"], name=op.f("fk_assessment_outside_line_branch_id_assessment_branch")
        ),
        sa.PrimaryKeyConstraint("agency_id", "branch_id", name=op.f("pk_assessment_outside_line")),
    )
    op.create_index("ix_assessment_outside_line_branch_id", "assessment_outside_line", ["branch_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_assessment_outside_line_branch_id", table_name="assessment_outside_line")
    op.drop_table("assessment_outside_line")
    op.drop_index("ix_assessment_outside_none_committee_id", table_name="assessment_outside_none")
    op.drop_table("assessment_outside_none")
    op.drop_index("uq_assessment_outside_once", table_name="assessment_outside")
    op.drop_index("ix_assessment_outside_round_id", table_name="assessment_outside")
    op.drop_index("ix_assessment_outside_name_sort", table_name="assessment_outside")
    op.drop_index("ix_assessment_outside_committee_id", table_name="assessment_outside")
    op.drop_table("assessment_outside")
