"""Organizations: what was merged into which, pairs that are not the same, orders of the list; accounts by user name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("fund_organization", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("year_order", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("province_sort", sa.String(length=200), server_default="", nullable=False))
        batch_op.create_foreign_key(
            op.f("fk_fund_organization_merged_into_id_fund_organization"),
            "fund_organization",
            ["merged_into_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_fund_organization_merged_is_deleted"), "merged_into_id IS NULL OR deleted_at IS NOT NULL"
        )
        batch_op.create_index("ix_fund_organization_merged_into_id", ["merged_into_id"], unique=False)
        batch_op.create_index("ix_fund_organization_year_order", ["year_order", "id"], unique=False)
        batch_op.create_index("ix_fund_organization_province_sort", ["province_sort", "id"], unique=False)
    _fill_orders()

    op.create_table(
        "fund_organization_distinct",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("low_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("high_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_fund_organization_distinct_in_order")),
        sa.ForeignKeyConstraint(
            ["low_id"],
            ["fund_organization.id"],
            name=op.f("fk_fund_organization_distinct_low_id_fund_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["high_id"],
            ["fund_organization.id"],
            name=op.f("fk_fund_organization_distinct_high_id_fund_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["said_by"], ["ab_user.id"], name=op.f("fk_fund_organization_distinct_said_by_ab_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_organization_distinct")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_fund_organization_distinct_low_id_high_id")),
    )
    with op.batch_alter_table("core_one_time_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("value", sa.String(length=320), server_default="", nullable=False))
    with op.batch_alter_table("ab_user", schema=None) as batch_op:
        batch_op.create_index("ix_ab_user_email", ["email", "id"], unique=False)


def _fill_orders() -> None:
    # The dictionary's order of provinces is a rule of the program; a migration may ask it for rows that exist already.
    from models.core.reference.provinces import PROVINCES, province_name
    from models.core.thai.text import sort_key

    rows = sa.table(
        "fund_organization",
        sa.column("registered_year"),
        sa.column("year_order"),
        sa.column("province_code"),
        sa.column("province_sort"),
    )
    op.execute(rows.update().where(rows.c.registered_year.is_not(None)).values(year_order=rows.c.registered_year))
    for code in PROVINCES:
        op.execute(
            rows.update().where(rows.c.province_code == code).values(province_sort=sort_key(province_name(code, "th")))
        )


def downgrade() -> None:
    with op.batch_alter_table("ab_user", schema=None) as batch_op:
        batch_op.drop_index("ix_ab_user_email")
    with op.batch_alter_table("core_one_time_link", schema=None) as batch_op:
        batch_op.drop_column("value")
    op.drop_table("fund_organization_distinct")
    with op.batch_alter_table("fund_organization", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_organization_province_sort")
        batch_op.drop_index("ix_fund_organization_year_order")
        batch_op.drop_index("ix_fund_organization_merged_into_id")
        batch_op.drop_constraint(op.f("ck_fund_organization_merged_is_deleted"), type_="check")
        batch_op.drop_constraint(op.f("fk_fund_organization_merged_into_id_fund_organization"), type_="foreignkey")
        batch_op.drop_column("province_sort")
        batch_op.drop_column("year_order")
        batch_op.drop_column("merged_into_id")
