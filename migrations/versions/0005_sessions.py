"""Sessions: invitations, attendance, conflicts judged to be none, meetings called off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATE = "ck_fund_evaluation_session_state"


def upgrade() -> None:
    with op.batch_alter_table("fund_evaluation_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar_uid", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cancel_reason", sa.String(length=500), nullable=False, server_default=""))
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(op.f(STATE), "state IN ('cancelled', 'closed', 'deleted', 'open')")
    # What calendars already know these meetings by.
    op.execute("UPDATE fund_evaluation_session SET calendar_uid = 'session-' || id || '@sala'")
    with op.batch_alter_table("fund_session_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attended", sa.Boolean(), nullable=True))
    with op.batch_alter_table("fund_agenda_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quorum_reason", sa.String(length=500), nullable=False, server_default=""))

    op.create_table(
        "fund_session_invitation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("session_id", KEY, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["fund_evaluation_session.id"],
            name=op.f("fk_fund_session_invitation_session_id_fund_evaluation_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_fund_session_invitation_user_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_session_invitation")),
        sa.UniqueConstraint("session_id", "user_id", name=op.f("uq_fund_session_invitation_session_id_user_id")),
    )
    with op.batch_alter_table("fund_session_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_session_invitation_user_id"), ["user_id"], unique=False)
    op.create_table(
        "fund_cleared_conflict",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("cleared_by_id", sa.Integer(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["fund_agenda_item.id"],
            name=op.f("fk_fund_cleared_conflict_item_id_fund_agenda_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_fund_cleared_conflict_user_id_ab_user")),
        sa.ForeignKeyConstraint(
            ["cleared_by_id"], ["ab_user.id"], name=op.f("fk_fund_cleared_conflict_cleared_by_id_ab_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_cleared_conflict")),
        sa.UniqueConstraint("item_id", "user_id", name=op.f("uq_fund_cleared_conflict_item_id_user_id")),
    )
    with op.batch_alter_table("fund_cleared_conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_cleared_conflict_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("fund_cleared_conflict")
    op.drop_table("fund_session_invitation")
    with op.batch_alter_table("fund_agenda_item", schema=None) as batch_op:
        batch_op.drop_column("quorum_reason")
    with op.batch_alter_table("fund_session_member", schema=None) as batch_op:
        batch_op.drop_column("attended")
    # A meeting that was called off had nothing on its agenda; before, it could only be closed.
    op.execute("UPDATE fund_evaluation_session SET state = 'closed' WHERE state = 'cancelled'")
    with op.batch_alter_table("fund_evaluation_session", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(op.f(STATE), "state IN ('closed', 'deleted', 'open')")
        batch_op.drop_column("cancel_reason")
        batch_op.drop_column("calendar_uid")
