"""Files by purpose and month, as the file browser walks them."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_core_file_purpose", "core_file"


def upgrade() -> None:
    op.create_index(INDEX, TABLE, ["purpose", "uploaded_at", "id"])


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
