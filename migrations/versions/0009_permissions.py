"""Permissions: each change of the matrix with its reason; indexes by which the access log is filtered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_matrix_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("domain", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["ab_user.id"], name=op.f("fk_core_matrix_change_made_by_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_matrix_change")),
    )
    op.create_index("ix_core_matrix_change_domain", "core_matrix_change", ["domain", "id"], unique=False)
    op.create_index("ix_core_audit_entry_entity", "core_audit_entry", ["entity", "seq"], unique=False)
    op.create_index("ix_core_audit_entry_address", "core_audit_entry", ["address", "seq"], unique=False)
    op.create_index("ix_core_audit_entry_actor_action", "core_audit_entry", ["actor_id", "action", "seq"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_core_audit_entry_actor_action", table_name="core_audit_entry")
    op.drop_index("ix_core_audit_entry_address", table_name="core_audit_entry")
    op.drop_index("ix_core_audit_entry_entity", table_name="core_audit_entry")
    op.drop_index("ix_core_matrix_change_domain", table_name="core_matrix_change")
    op.drop_table("core_matrix_change")
