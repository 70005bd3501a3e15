"""Statistics: facts of proposals, sums over them, and differences not folded in yet; filled from the proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LEVELS = ("screening", "group", "sub", "board")
ENDS = "('failed', 'documents', 'refused', 'approved', 'not_considered')"


def upgrade() -> None:
    op.create_table(
        "fund_statistic_fact",
        sa.Column("proposal_id", KEY, autoincrement=False, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("sector", sa.String(length=10), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("days >= -1", name=op.f("ck_fund_statistic_fact_days")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["fund_proposal.id"],
            name=op.f("fk_fund_statistic_fact_proposal_id_fund_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_fund_statistic_fact")),
    )
    for name in ("cell", "delta"):
        key = ("family", "kind", "fiscal_year", "province", "sector", "code")
        unique = [sa.UniqueConstraint(*key, name=op.f("uq_fund_statistic_cell_key"))] if name == "cell" else []
        op.create_table(
            f"fund_statistic_{name}",
            sa.Column("id", KEY, nullable=False),
            sa.Column("family", sa.String(length=5), nullable=False),
            sa.Column("kind", sa.String(length=20), nullable=False),
            sa.Column("fiscal_year", sa.Integer(), nullable=False),
            sa.Column("province", sa.String(length=2), nullable=False),
            sa.Column("sector", sa.String(length=10), nullable=False),
            sa.Column("code", sa.String(length=30), nullable=False),
            sa.Column("proposals", sa.Integer(), nullable=False),
            sa.Column("asked", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_fund_statistic_{name}")),
            *unique,
        )
    _fill()


def _fill() -> None:
    """What proposals of before count as; the same as `flask sala statistics --rebuild` makes."""
    is_postgres = op.get_bind().dialect.name == "postgresql"

    def frozen(field: str) -> str:
        read = f"r.organization_snapshot::json->>'{field}'"
        return read if is_postgres else f"json_extract(r.organization_snapshot, '$.{field}')"

    def day(moment: str) -> str:
        in_bangkok = f"CAST(timezone('Asia/Bangkok', {moment}) AS date)"
        return in_bangkok if is_postgres else f"julianday(date({moment}, '+7 hours'))"

    ended = " ".join(f"WHEN p.{level}_status IN {ENDS} THEN r.{level}_at" for level in LEVELS)
    reached = " ".join(
        f"WHEN p.{level}_status <> 'none' THEN '{level}.' || p.{level}_status" for level in reversed(LEVELS[1:])
    )
    started = (
        "WHEN p.screening_status = 'waiting' AND EXISTS (SELECT 1 FROM fund_screening s"
        " WHERE s.revision_id = p.submitted_revision_id AND s.sent_at IS NULL) THEN 'screening.started'"
    )
    of_revision = "FROM fund_disability d WHERE d.revision_id = p.submitted_revision_id"
    if is_postgres:
        kinds = f"(SELECT string_agg(d.kind, ',' ORDER BY d.kind) {of_revision})"
    else:
        kinds = f"(SELECT group_concat(o.kind, ',') FROM (SELECT d.kind {of_revision} ORDER BY d.kind) o)"  # noqa: S608
    days = f"{day(f'(CASE {ended} END)')} - {day('r.submitted_at')}"
    op.execute(
        "INSERT INTO fund_statistic_fact (proposal_id, fiscal_year, province, sector, kinds, stage, days, asked)"  # noqa: S608
        f" SELECT p.id, p.fiscal_year, coalesce({frozen('province_code')}, ''), coalesce({frozen('sector')}, ''),"
        f" coalesce({kinds}, ''),"
        f" CASE {reached} {started} ELSE 'screening.' || p.screening_status END,"
        f" coalesce(CAST({days} AS INTEGER), -1), p.amount_asked"
        " FROM fund_proposal p JOIN fund_revision r ON r.id = p.submitted_revision_id"
        " WHERE p.fiscal_year IS NOT NULL"
    )
    columns = "family, kind, fiscal_year, province, sector, code, proposals, asked"
    of_kinds = (
        " JOIN fund_proposal p ON p.id = f.proposal_id"
        " JOIN fund_disability d ON d.revision_id = p.submitted_revision_id"
    )
    for kind, join, by in (("''", "", ""), ("d.kind", of_kinds, "d.kind, ")):
        for family, code, asked, counted in (
            ("stage", "f.stage", "sum(f.asked)", "1 = 1"),
            ("days", "CAST(f.days AS VARCHAR(30))", "0", "f.days <> -1"),
        ):
            op.execute(
                f"INSERT INTO fund_statistic_cell ({columns})"  # noqa: S608
                f" SELECT '{family}', {kind}, f.fiscal_year, f.province, f.sector, {code}, count(*), {asked}"
                f" FROM fund_statistic_fact f{join} WHERE {counted}"
                f" GROUP BY {by}f.fiscal_year, f.province, f.sector, {code}"
            )


def downgrade() -> None:
    for name in ("delta", "cell", "fact"):
        op.drop_table(f"fund_statistic_{name}")
