"""Messages: how each user wants to be told, which digest carried a mail, orders of the outgoing ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_message_choice",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_core_message_choice_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_core_message_choice")),
    )
    with op.batch_alter_table("core_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_core_message_digest_id_core_message"), "core_message", ["digest_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index("ix_core_message_digest_id", ["digest_id"], unique=False)
        batch_op.create_index("ix_core_message_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_core_message_address", ["address", "id"], unique=False)


def downgrade() -> None:
    # A message that waits for its digest would wait for ever: it goes out by itself.
    op.execute("UPDATE core_message SET state = 'waiting' WHERE state = 'held'")
    op.execute("UPDATE core_message SET state = 'sent' WHERE state = 'gathered'")
    with op.batch_alter_table("core_message", schema=None) as batch_op:
        batch_op.drop_index("ix_core_message_address")
        batch_op.drop_index("ix_core_message_state")
        batch_op.drop_index("ix_core_message_digest_id")
        batch_op.drop_constraint(op.f("fk_core_message_digest_id_core_message"), type_="foreignkey")
        batch_op.drop_column("digest_id")
    op.drop_table("core_message_choice")
