"""What a province says to a school's numbers: statuses of schools without any, notes, reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    op.create_table(
        "assessment_status",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("school_id", KEY, nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('closed', 'no_students', 'normal')", name=op.f("ck_assessment_status_status")),
        _reference("assessment_status", "round_id", "assessment_round"),
        _reference("assessment_status", "school_id", "assessment_school"),
        _reference("assessment_status", "set_by", "ab_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_status")),
        sa.UniqueConstraint("round_id", "school_id", name=op.f("uq_assessment_status_round_id_school_id")),
    )
    op.create_index("ix_assessment_status_school_id", "assessment_status", ["school_id"], unique=False)
    op.create_table(
        "assessment_note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("school_id", KEY, nullable=False),
        sa.Column("curriculum", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "curriculum IN ('pvc2556', 'pvc2562', 'pvs2557', 'pvs2563')", name=op.f("ck_assessment_note_curriculum")
        ),
        sa.CheckConstraint("state IN ('answered', 'open', 'settled')", name=op.f("ck_assessment_note_state")),
        _reference("assessment_note", "round_id", "assessment_round"),
        _reference("assessment_note", "school_id", "assessment_school"),
        _reference("assessment_note", "written_by", "ab_user"),
        _reference("assessment_note", "answered_by", "ab_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_note")),
    )
    op.create_index(
        "ix_assessment_note_place", "assessment_note", ["round_id", "school_id", "curriculum", "id"], unique=False
    )
    op.create_index("ix_assessment_note_school_id", "assessment_note", ["school_id"], unique=False)
    op.create_table(
        "assessment_reminder",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("school_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        _reference("assessment_reminder", "round_id", "assessment_round"),
        _reference("assessment_reminder", "school_id", "assessment_school"),
        _reference("assessment_reminder", "sent_by", "ab_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_reminder")),
        sa.UniqueConstraint("school_id", "day", name=op.f("uq_assessment_reminder_school_id_day")),
    )
    op.create_index(
        "ix_assessment_reminder_round_id", "assessment_reminder", ["round_id", "school_id", "day"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_assessment_reminder_round_id", table_name="assessment_reminder")
    op.drop_table("assessment_reminder")
    op.drop_index("ix_assessment_note_school_id", table_name="assessment_note")
    op.drop_index("ix_assessment_note_place", table_name="assessment_note")
    op.drop_table("assessment_note")
    op.drop_index("ix_assessment_status_school_id", table_name="assessment_status")
    op.drop_table("assessment_status")
