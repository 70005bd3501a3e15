"""Proposals: where one was brought forward from, lists that people saved, kinds that the office names itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ORIGIN = "fk_fund_proposal_origin_id_fund_proposal"
DISABILITIES = (
    "'autism', 'behaviour', 'hearing', 'intellectual', 'learning', 'multiple', 'physical', 'seeing', 'speech'"
)
DOCUMENTS = "'expense_table', 'other', 'research_outline', 'speaker_history', 'training_table'"
LINES = (
    "'current_activity', 'impact', 'indicator', 'objective', 'other_help', 'other_source', 'outcome', 'output',"
    " 'place', 'target'"
)
CONTRIBUTIONS = (
    "'contribution_budget', 'contribution_equipment', 'contribution_food', 'contribution_other', 'contribution_place',"
    " 'contribution_speaker', 'contribution_vehicle', 'contribution_volunteer'"
)


def _codes(listed: str) -> list[str]:
    return [code.strip(" '") for code in listed.split(",")]


def upgrade() -> None:
    with op.batch_alter_table("fund_proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("origin_revision", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f(ORIGIN), "fund_proposal", ["origin_id"], ["id"])
        batch_op.create_index("ix_fund_proposal_origin_id", ["origin_id"], unique=False)
    op.create_table(
        "core_saved_list",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_core_saved_list_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_saved_list")),
        sa.UniqueConstraint("user_id", "page", "name", name=op.f("uq_core_saved_list_user_id_page_name")),
    )
    # The office adds kinds of its own: what may stand there is a setting now.
    with op.batch_alter_table("fund_disability", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_fund_disability_kind"), type_="check")
    with op.batch_alter_table("fund_attachment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_fund_attachment_kind"), type_="check")
    with op.batch_alter_table("fund_line", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_fund_line_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_fund_line_kind"), f"kind IN ({LINES}) OR substr(kind, 1, 13) = 'contribution_'"
        )


def downgrade() -> None:
    # Rows of kinds that the office named itself: lost, or put under "other".
    disability, attachment, line = (
        sa.table(name, sa.column("kind"), sa.column("kind_name"))
        for name in ("fund_disability", "fund_attachment", "fund_line")
    )
    op.execute(disability.delete().where(disability.c.kind.not_in(_codes(DISABILITIES))))
    op.execute(
        attachment.update()
        .where(attachment.c.kind.not_in(_codes(DOCUMENTS)))
        .values(kind="other", kind_name=attachment.c.kind)
    )
    op.execute(
        line.update().where(line.c.kind.not_in(_codes(f"{LINES}, {CONTRIBUTIONS}"))).values(kind="contribution_other")
    )
    with op.batch_alter_table("fund_line", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_fund_line_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_fund_line_kind"), f"kind IN ({CONTRIBUTIONS}, {LINES})")
    with op.batch_alter_table("fund_attachment", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_fund_attachment_kind"), f"kind IN ({DOCUMENTS})")
    with op.batch_alter_table("fund_disability", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_fund_disability_kind"), f"kind IN ({DISABILITIES})")
    op.drop_table("core_saved_list")
    with op.batch_alter_table("fund_proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_proposal_origin_id")
        batch_op.drop_constraint(op.f(ORIGIN), type_="foreignkey")
        batch_op.drop_column("origin_revision")
        batch_op.drop_column("origin_id")
