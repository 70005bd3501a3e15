"""The registry for assessment instruments: branches, schools, rounds, registrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "assessment_branch",
        sa.Column("id", KEY, nullable=False),
        sa.Column("curriculum", sa.String(length=10), nullable=False),
        sa.Column("programme_code", sa.String(length=10), nullable=False),
        sa.Column("programme", sa.String(length=300), nullable=False),
        sa.Column("field_code", sa.String(length=10), nullable=False),
        sa.Column("field", sa.String(length=300), nullable=False),
        sa.Column("branch_code", sa.String(length=10), nullable=False),
        sa.Column("branch", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("search", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "curriculum IN ('pvc2556', 'pvc2562', 'pvs2557', 'pvs2563')", name=op.f("ck_assessment_branch_curriculum")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_branch")),
        sa.UniqueConstraint("curriculum", "branch_code", name=op.f("uq_assessment_branch_curriculum_branch_code")),
    )
    op.create_index("ix_assessment_branch_place", "assessment_branch", ["curriculum", "position", "id"], unique=False)
    op.create_table(
        "assessment_round",
        sa.Column("id", KEY, nullable=False),
        sa.Column("academic_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('locked', 'open', 'prepared')", name=op.f("ck_assessment_round_state")),
        sa.CheckConstraint("academic_year BETWEEN 2500 AND 2700", name=op.f("ck_assessment_round_academic_year")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_assessment_round_closes_after_it_opens")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_round")),
        sa.UniqueConstraint("academic_year", "number", name=op.f("uq_assessment_round_academic_year_number")),
    )
    op.create_table(
        "assessment_school",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_sort", sa.String(length=200), nullable=False),
        sa.Column("search", sa.String(length=600), nullable=False),
        sa.Column("sector", sa.String(length=10), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("province_sort", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("committee", sa.String(length=10), nullable=True),
        sa.Column("under_id", KEY, nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "committee IS NULL OR committee IN ('bangkok', 'province')", name=op.f("ck_assessment_school_committee")
        ),
        sa.CheckConstraint("sector IN ('private', 'state')", name=op.f("ck_assessment_school_sector")),
        sa.CheckConstraint(
            "committee IS NULL OR under_id IS NULL", name=op.f("ck_assessment_school_a_committee_lies_under_none")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_assessment_school_account_id_ab_user")),
        sa.ForeignKeyConstraint(
            ["under_id"], ["assessment_school.id"], name=op.f("fk_assessment_school_under_id_assessment_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_school")),
        sa.UniqueConstraint("account_id", name=op.f("uq_assessment_school_account_id")),
        sa.UniqueConstraint("code", name=op.f("uq_assessment_school_code")),
    )
    op.create_index("ix_assessment_school_name_sort", "assessment_school", ["name_sort", "id"], unique=False)
    op.create_index("ix_assessment_school_province_code", "assessment_school", ["province_code", "id"], unique=False)
    op.create_index("ix_assessment_school_province_sort", "assessment_school", ["province_sort", "id"], unique=False)
    op.create_index("ix_assessment_school_under_id", "assessment_school", ["under_id", "id"], unique=False)
    op.create_table(
        "assessment_registration",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("school_id", KEY, nullable=False),
        sa.Column("curriculum", sa.String(length=10), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "curriculum IN ('pvc2556', 'pvc2562', 'pvs2557', 'pvs2563')",
            name=op.f("ck_assessment_registration_curriculum"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_round.id"], name=op.f("fk_assessment_registration_round_id_assessment_round")
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["ab_user.id"], name=op.f("fk_assessment_registration_saved_by_ab_user")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["assessment_school.id"], name=op.f("fk_assessment_registration_school_id_assessment_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_registration")),
        sa.UniqueConstraint(
            "round_id", "school_id", "curriculum", name=op.f("uq_assessment_registration_round_id_school_id_curriculum")
        ),
    )
    op.create_index(
        "ix_assessment_registration_school_id", "assessment_registration", ["school_id", "round_id"], unique=False
    )
    op.create_table(
        "assessment_unlock",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("school_id", KEY, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["ab_user.id"], name=op.f("fk_assessment_unlock_given_by_ab_user")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_round.id"], name=op.f("fk_assessment_unlock_round_id_assessment_round")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["assessment_school.id"], name=op.f("fk_assessment_unlock_school_id_assessment_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_unlock")),
    )
    op.create_index("ix_assessment_unlock_place", "assessment_unlock", ["round_id", "school_id", "until"], unique=False)
    op.create_table(
        "assessment_line",
        sa.Column("registration_id", KEY, nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.CheckConstraint("students BETWEEN 1 AND 9999", name=op.f("ck_assessment_line_students")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["assessment_branch.id"], name=op.f("fk_assessment_line_branch_id_assessment_branch")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["assessment_registration.id"],
            name=op.f("fk_assessment_line_registration_id_assessment_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "branch_id", name=op.f("pk_assessment_line")),
    )
    op.create_index("ix_assessment_line_branch_id", "assessment_line", ["branch_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_assessment_line_branch_id", table_name="assessment_line")
    op.drop_table("assessment_line")
    op.drop_index("ix_assessment_unlock_place", table_name="assessment_unlock")
    op.drop_table("assessment_unlock")
    op.drop_index("ix_assessment_registration_school_id", table_name="assessment_registration")
    op.drop_table("assessment_registration")
    op.drop_index("ix_assessment_school_under_id", table_name="assessment_school")
    op.drop_index("ix_assessment_school_province_sort", table_name="assessment_school")
    op.drop_index("ix_assessment_school_province_code", table_name="assessment_school")
    op.drop_index("ix_assessment_school_name_sort", table_name="assessment_school")
    op.drop_table("assessment_school")
    op.drop_table("assessment_round")
    op.drop_index("ix_assessment_branch_place", table_name="assessment_branch")
    op.drop_table("assessment_branch")
