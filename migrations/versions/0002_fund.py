"""The fund: organizations, proposals, review, sessions, scoring."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund_organization",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_sort", sa.String(length=200), nullable=False),
        sa.Column("name_search", sa.String(length=600), nullable=False),
        sa.Column("sector", sa.String(length=10), nullable=False),
        sa.Column("parent_agency", sa.String(length=300), nullable=False),
        sa.Column("registered_year", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("subdistrict", sa.String(length=100), nullable=False),
        sa.Column("district", sa.String(length=100), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("chair_title", sa.String(length=50), nullable=False),
        sa.Column("chair_first_name", sa.String(length=150), nullable=False),
        sa.Column("chair_last_name", sa.String(length=150), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sector IN ('private', 'public')", name=op.f("ck_fund_organization_sector")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_fund_organization_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_fund_organization_longitude")),
        sa.CheckConstraint("registered_year BETWEEN 2300 AND 2800", name=op.f("ck_fund_organization_registered_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_organization")),
    )
    with op.batch_alter_table("fund_organization", schema=None) as batch_op:
        batch_op.create_index("ix_fund_organization_name_sort", ["name_sort", "id"], unique=False)
        batch_op.create_index("ix_fund_organization_province_code", ["province_code", "id"], unique=False)

    op.create_table(
        "fund_scoring_form",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_fund_scoring_form_published_at")
        ),
        sa.CheckConstraint("state IN ('draft', 'published', 'discarded')", name=op.f("ck_fund_scoring_form_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_scoring_form")),
        sa.UniqueConstraint("number", name=op.f("uq_fund_scoring_form_number")),
    )
    with op.batch_alter_table("fund_scoring_form", schema=None) as batch_op:
        batch_op.create_index(
            "uq_fund_scoring_form_draft",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "fund_committee_affiliation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "organization_id IS NOT NULL OR name <> ''", name=op.f("ck_fund_committee_affiliation_names_one")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["fund_organization.id"],
            name=op.f("fk_fund_committee_affiliation_organization_id_fund_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_fund_committee_affiliation_user_id_ab_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_committee_affiliation")),
    )
    with op.batch_alter_table("fund_committee_affiliation", schema=None) as batch_op:
        batch_op.create_index("ix_fund_committee_affiliation_user_id", ["user_id"], unique=False)

    op.create_table(
        "fund_evaluation_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_search", sa.String(length=900), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invitation_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'deleted') = (deleted_at IS NOT NULL)", name=op.f("ck_fund_evaluation_session_deleted_at")
        ),
        sa.CheckConstraint("level IN ('board', 'group', 'sub')", name=op.f("ck_fund_evaluation_session_level")),
        sa.CheckConstraint("state IN ('closed', 'deleted', 'open')", name=op.f("ck_fund_evaluation_session_state")),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_fund_evaluation_session_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_fund_evaluation_session_created_by_id_ab_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_evaluation_session")),
    )
    with op.batch_alter_table("fund_evaluation_session", schema=None) as batch_op:
        batch_op.create_index("ix_fund_evaluation_session_level", ["level", "starts_at", "id"], unique=False)
        batch_op.create_index("ix_fund_evaluation_session_starts_at", ["starts_at", "id"], unique=False)

    op.create_table(
        "fund_membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('manager', 'member')", name=op.f("ck_fund_membership_role")),
        sa.CheckConstraint(
            "state IN ('active', 'left', 'removed', 'suspended')", name=op.f("ck_fund_membership_state")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["fund_organization.id"],
            name=op.f("fk_fund_membership_organization_id_fund_organization"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_fund_membership_user_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_membership")),
    )
    with op.batch_alter_table("fund_membership", schema=None) as batch_op:
        batch_op.create_index("ix_fund_membership_organization_id", ["organization_id", "state"], unique=False)
        batch_op.create_index("ix_fund_membership_user_id", ["user_id", "state"], unique=False)
        batch_op.create_index(
            "uq_fund_membership_belongs",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('active', 'suspended')"),
            postgresql_where=sa.text("state IN ('active', 'suspended')"),
        )

    op.create_table(
        "fund_organization_objective",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["fund_organization.id"],
            name=op.f("fk_fund_organization_objective_organization_id_fund_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_organization_objective")),
    )
    with op.batch_alter_table("fund_organization_objective", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fund_organization_objective_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "fund_organization_person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=50), nullable=False),
        sa.Column("first_name", sa.String(length=150), nullable=False),
        sa.Column("last_name", sa.String(length=150), nullable=False),
        sa.Column("citizen_id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("role IN ('director', 'officer')", name=op.f("ck_fund_organization_person_role")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["fund_organization.id"],
            name=op.f("fk_fund_organization_person_organization_id_fund_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_organization_person")),
    )
    with op.batch_alter_table("fund_organization_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_organization_person_citizen_id"), ["citizen_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_fund_organization_person_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "fund_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("current_revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_reason", sa.String(length=500), nullable=False),
        sa.Column("number_sort", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_sort", sa.String(length=200), nullable=False),
        sa.Column("title_search", sa.String(length=900), nullable=False),
        sa.Column("organization_sort", sa.String(length=200), nullable=False),
        sa.Column("amount_asked", sa.BigInteger(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("screening_status", sa.String(length=20), nullable=False),
        sa.Column("group_status", sa.String(length=20), nullable=False),
        sa.Column("sub_status", sa.String(length=20), nullable=False),
        sa.Column("board_status", sa.String(length=20), nullable=False),
        sa.Column("group_points", sa.Integer(), nullable=True),
        sa.Column("sub_points", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'deleted') = (deleted_at IS NOT NULL)", name=op.f("ck_fund_proposal_deleted_at")),
        sa.CheckConstraint(
            "board_status IN ('approved', 'none', 'not_considered', 'refused', 'scheduled', 'waiting')",
            name=op.f("ck_fund_proposal_board_status"),
        ),
        sa.CheckConstraint(
            "group_status IN ('failed', 'none', 'not_considered', 'passed', 'scheduled', 'waiting')",
            name=op.f("ck_fund_proposal_group_status"),
        ),
        sa.CheckConstraint(
            "screening_status IN ('documents', 'failed', 'none', 'not_considered', 'passed', 'waiting')",
            name=op.f("ck_fund_proposal_screening_status"),
        ),
        sa.CheckConstraint(
            "state IN ('agenda_board', 'agenda_group', 'agenda_sub', 'approved', 'deleted', 'draft', 'not_considered', 'ready', 'returned', 'screening', 'wait_board', 'wait_group', 'wait_sub')",
            name=op.f("ck_fund_proposal_state"),
        ),
        sa.CheckConstraint(
            "sub_status IN ('failed', 'none', 'not_considered', 'passed', 'scheduled', 'waiting')",
            name=op.f("ck_fund_proposal_sub_status"),
        ),
        sa.CheckConstraint(
            "submitted_revision_id IS NOT NULL OR state IN ('draft', 'ready', 'deleted')",
            name=op.f("ck_fund_proposal_submitted_when_under_way"),
        ),
        sa.CheckConstraint(
            "submitted_revision_id IS NULL OR state <> 'deleted'", name=op.f("ck_fund_proposal_deleted_only_as_draft")
        ),
        sa.CheckConstraint("(fiscal_year IS NULL) = (sequence IS NULL)", name=op.f("ck_fund_proposal_number_is_whole")),
        sa.CheckConstraint(
            "(sequence IS NULL) OR (sequence > 0 AND sequence < 1000000)", name=op.f("ck_fund_proposal_sequence")
        ),
        sa.CheckConstraint(
            "(submitted_revision_id IS NULL) = (sequence IS NULL)",
            name=op.f("ck_fund_proposal_numbered_when_submitted"),
        ),
        sa.CheckConstraint("amount_asked >= 0", name=op.f("ck_fund_proposal_amount_asked")),
        sa.ForeignKeyConstraint(["author_id"], ["ab_user.id"], name=op.f("fk_fund_proposal_author_id_ab_user")),
        sa.ForeignKeyConstraint(
            ["current_revision_id"], ["fund_revision.id"], name="fk_fund_proposal_current_revision_id", use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["fund_organization.id"],
            name=op.f("fk_fund_proposal_organization_id_fund_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["submitted_revision_id"],
            ["fund_revision.id"],
            name="fk_fund_proposal_submitted_revision_id",
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_proposal")),
        sa.UniqueConstraint("fiscal_year", "sequence", name=op.f("uq_fund_proposal_fiscal_year_sequence")),
    )
    with op.batch_alter_table("fund_proposal", schema=None) as batch_op:
        batch_op.create_index("ix_fund_proposal_amount_asked", ["amount_asked", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_author_id", ["author_id", "listed_at", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_board_status", ["board_status", "listed_at", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_fiscal_year", ["fiscal_year", "listed_at", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_group_status", ["group_status", "listed_at", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_listed_at", ["listed_at", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_number_sort", ["number_sort", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_organization_id", ["organization_id", "listed_at", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_organization_sort", ["organization_sort", "id"], unique=False)
        batch_op.create_index(
            "ix_fund_proposal_screening_status", ["screening_status", "listed_at", "id"], unique=False
        )
        batch_op.create_index("ix_fund_proposal_state", ["state", "listed_at", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_sub_status", ["sub_status", "listed_at", "id"], unique=False)
        batch_op.create_index("ix_fund_proposal_title_sort", ["title_sort", "id"], unique=False)

    op.create_table(
        "fund_scoring_topic",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_th", sa.String(length=300), nullable=False),
        sa.Column("full_marks", sa.Integer(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.CheckConstraint("full_marks BETWEEN 0 AND 100", name=op.f("ck_fund_scoring_topic_full_marks")),
        sa.CheckConstraint("number BETWEEN 1 AND 11", name=op.f("ck_fund_scoring_topic_number")),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["fund_scoring_form.id"],
            name=op.f("fk_fund_scoring_topic_form_id_fund_scoring_form"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_scoring_topic")),
        sa.UniqueConstraint("form_id", "number", name=op.f("uq_fund_scoring_topic_form_id_number")),
    )
    op.create_table(
        "fund_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("organization_snapshot", sa.Text(), nullable=True),
        sa.Column("achievements", sa.Text(), nullable=False),
        sa.Column("asked_before", sa.Boolean(), nullable=True),
        sa.Column("times_asked", sa.Integer(), nullable=True),
        sa.Column("last_supported_year", sa.Integer(), nullable=True),
        sa.Column("last_project", sa.String(length=300), nullable=False),
        sa.Column("problems_met", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("unit_name", sa.String(length=300), nullable=False),
        sa.Column("unit_phone", sa.String(length=50), nullable=False),
        sa.Column("unit_email", sa.String(length=254), nullable=False),
        sa.Column("coordinator_name", sa.String(length=300), nullable=False),
        sa.Column("coordinator_phone", sa.String(length=50), nullable=False),
        sa.Column("coordinator_email", sa.String(length=254), nullable=False),
        sa.Column("is_research", sa.Boolean(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("amount_asked", sa.BigInteger(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("span_starts_on", sa.Date(), nullable=True),
        sa.Column("span_ends_on", sa.Date(), nullable=True),
        sa.Column("budget_note", sa.String(length=500), nullable=False),
        sa.Column("screening_result", sa.String(length=20), nullable=True),
        sa.Column("screening_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("group_result", sa.String(length=20), nullable=True),
        sa.Column("group_points", sa.Integer(), nullable=True),
        sa.Column("group_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sub_result", sa.String(length=20), nullable=True),
        sa.Column("sub_points", sa.Integer(), nullable=True),
        sa.Column("sub_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("board_result", sa.String(length=20), nullable=True),
        sa.Column("board_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (organization_snapshot IS NULL)",
            name=op.f("ck_fund_revision_frozen_at_submission"),
        ),
        sa.CheckConstraint("amount_asked >= 0", name=op.f("ck_fund_revision_amount_asked")),
        sa.CheckConstraint("budget >= 0", name=op.f("ck_fund_revision_budget")),
        sa.CheckConstraint("duration_days >= 0", name=op.f("ck_fund_revision_duration_days")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_fund_revision_period")),
        sa.CheckConstraint("group_points BETWEEN 0 AND 100", name=op.f("ck_fund_revision_group_points")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_fund_revision_number")),
        sa.CheckConstraint("span_ends_on >= span_starts_on", name=op.f("ck_fund_revision_span")),
        sa.CheckConstraint("sub_points BETWEEN 0 AND 100", name=op.f("ck_fund_revision_sub_points")),
        sa.CheckConstraint(
            "submitted_at IS NOT NULL OR (screening_result IS NULL AND group_result IS NULL AND sub_result IS NULL AND board_result IS NULL)",
            name=op.f("ck_fund_revision_judged_after_submission"),
        ),
        sa.CheckConstraint("times_asked >= 1", name=op.f("ck_fund_revision_times_asked")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["fund_proposal.id"], name=op.f("fk_fund_revision_proposal_id_fund_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["ab_user.id"], name=op.f("fk_fund_revision_submitted_by_id_ab_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_revision")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_fund_revision_proposal_id_number")),
    )
    with op.batch_alter_table("fund_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_revision_submitted_at"), ["submitted_at"], unique=False)

    op.create_table(
        "fund_scoring_indicator",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.CheckConstraint("position BETWEEN 0 AND 3", name=op.f("ck_fund_scoring_indicator_position")),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["fund_scoring_topic.id"],
            name=op.f("fk_fund_scoring_indicator_topic_id_fund_scoring_topic"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_scoring_indicator")),
        sa.UniqueConstraint("topic_id", "position", name=op.f("uq_fund_scoring_indicator_topic_id_position")),
    )
    op.create_table(
        "fund_session_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('chair', 'member', 'secretary')", name=op.f("ck_fund_session_member_role")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["fund_evaluation_session.id"],
            name=op.f("fk_fund_session_member_session_id_fund_evaluation_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_fund_session_member_user_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_session_member")),
        sa.UniqueConstraint("session_id", "user_id", name=op.f("uq_fund_session_member_session_id_user_id")),
    )
    with op.batch_alter_table("fund_session_member", schema=None) as batch_op:
        batch_op.create_index("ix_fund_session_member_user_id", ["user_id", "session_id"], unique=False)
        batch_op.create_index(
            "uq_fund_session_member_chair",
            ["session_id"],
            unique=True,
            sqlite_where=sa.text("role = 'chair'"),
            postgresql_where=sa.text("role = 'chair'"),
        )

    op.create_table(
        "fund_agenda_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=5), nullable=False),
        sa.Column("put_on_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('on', 'off', 'done')", name=op.f("ck_fund_agenda_item_state")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["fund_proposal.id"], name=op.f("fk_fund_agenda_item_proposal_id_fund_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["fund_revision.id"], name=op.f("fk_fund_agenda_item_revision_id_fund_revision")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["fund_evaluation_session.id"],
            name=op.f("fk_fund_agenda_item_session_id_fund_evaluation_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_agenda_item")),
    )
    with op.batch_alter_table("fund_agenda_item", schema=None) as batch_op:
        batch_op.create_index("ix_fund_agenda_item_proposal_id", ["proposal_id", "state"], unique=False)
        batch_op.create_index("ix_fund_agenda_item_session_id", ["session_id", "position"], unique=False)
        batch_op.create_index(
            "uq_fund_agenda_item_on",
            ["proposal_id"],
            unique=True,
            sqlite_where=sa.text("state = 'on'"),
            postgresql_where=sa.text("state = 'on'"),
        )

    op.create_table(
        "fund_attachment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("kind_name", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("kind = 'other' OR kind_name = ''", name=op.f("ck_fund_attachment_kind_name")),
        sa.CheckConstraint(
            "kind IN ('expense_table', 'other', 'research_outline', 'speaker_history', 'training_table')",
            name=op.f("ck_fund_attachment_kind"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["core_file.id"], name=op.f("fk_fund_attachment_file_id_core_file")),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["fund_revision.id"],
            name=op.f("fk_fund_attachment_revision_id_fund_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_attachment")),
        sa.UniqueConstraint("revision_id", "line_id", name=op.f("uq_fund_attachment_revision_id_line_id")),
    )
    with op.batch_alter_table("fund_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_attachment_file_id"), ["file_id"], unique=False)

    op.create_table(
        "fund_board_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("resolution_number", sa.String(length=500), nullable=False),
        sa.Column("resolution_date", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("result IN ('approved', 'refused')", name=op.f("ck_fund_board_decision_result")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["ab_user.id"], name=op.f("fk_fund_board_decision_recorded_by_id_ab_user")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["fund_revision.id"], name=op.f("fk_fund_board_decision_revision_id_fund_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_board_decision")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_fund_board_decision_revision_id")),
    )
    op.create_table(
        "fund_disability",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "kind IN ('autism', 'behaviour', 'hearing', 'intellectual', 'learning', 'multiple', 'physical', 'seeing', 'speech')",
            name=op.f("ck_fund_disability_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["fund_revision.id"],
            name=op.f("fk_fund_disability_revision_id_fund_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_disability")),
        sa.UniqueConstraint("revision_id", "kind", name=op.f("uq_fund_disability_revision_id_kind")),
    )
    op.create_table(
        "fund_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('contribution_budget', 'contribution_equipment', 'contribution_food', 'contribution_other', 'contribution_place', 'contribution_speaker', 'contribution_vehicle', 'contribution_volunteer', 'current_activity', 'impact', 'indicator', 'objective', 'other_help', 'other_source', 'outcome', 'output', 'place', 'target')",
            name=op.f("ck_fund_line_kind"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_fund_line_amount")),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["fund_revision.id"],
            name=op.f("fk_fund_line_revision_id_fund_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_line")),
        sa.UniqueConstraint("revision_id", "line_id", name=op.f("uq_fund_line_revision_id_line_id")),
    )
    with op.batch_alter_table("fund_line", schema=None) as batch_op:
        batch_op.create_index("ix_fund_line_revision_id", ["revision_id", "kind", "position"], unique=False)

    op.create_table(
        "fund_screening",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("result IN ('documents', 'fail', 'pass')", name=op.f("ck_fund_screening_result")),
        sa.CheckConstraint("(result IS NULL) = (sent_at IS NULL)", name=op.f("ck_fund_screening_result_when_sent")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["fund_revision.id"], name=op.f("fk_fund_screening_revision_id_fund_revision")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["ab_user.id"], name=op.f("fk_fund_screening_saved_by_id_ab_user")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["ab_user.id"], name=op.f("fk_fund_screening_sent_by_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_screening")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_fund_screening_revision_id")),
    )
    op.create_table(
        "fund_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("form_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("level IN ('group', 'sub')", name=op.f("ck_fund_sheet_level")),
        sa.CheckConstraint("total BETWEEN 0 AND 100", name=op.f("ck_fund_sheet_total")),
        sa.ForeignKeyConstraint(
            ["form_id"], ["fund_scoring_form.id"], name=op.f("fk_fund_sheet_form_id_fund_scoring_form")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["fund_revision.id"], name=op.f("fk_fund_sheet_revision_id_fund_revision")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["ab_user.id"], name=op.f("fk_fund_sheet_saved_by_id_ab_user")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["ab_user.id"], name=op.f("fk_fund_sheet_sent_by_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_sheet")),
        sa.UniqueConstraint("revision_id", "level", name=op.f("uq_fund_sheet_revision_id_level")),
    )
    with op.batch_alter_table("fund_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_fund_sheet_form_id", ["form_id"], unique=False)

    op.create_table(
        "fund_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["fund_revision.id"],
            name=op.f("fk_fund_step_revision_id_fund_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_step")),
        sa.UniqueConstraint("revision_id", "line_id", name=op.f("uq_fund_step_revision_id_line_id")),
    )
    op.create_table(
        "fund_activity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("budget >= 0", name=op.f("ck_fund_activity_budget")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_fund_activity_period")),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["fund_revision.id"],
            name=op.f("fk_fund_activity_revision_id_fund_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["fund_step.id"], name=op.f("fk_fund_activity_step_id_fund_step"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_activity")),
        sa.UniqueConstraint("revision_id", "line_id", name=op.f("uq_fund_activity_revision_id_line_id")),
    )
    with op.batch_alter_table("fund_activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_activity_step_id"), ["step_id"], unique=False)

    op.create_table(
        "fund_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=5), nullable=True),
        sa.Column("ticked", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.CheckConstraint("choice = 'has' OR ticked = 0", name=op.f("ck_fund_answer_ticks_only_where_has")),
        sa.CheckConstraint("choice IN ('none', 'has')", name=op.f("ck_fund_answer_choice")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_fund_answer_points")),
        sa.CheckConstraint("ticked BETWEEN 0 AND 15", name=op.f("ck_fund_answer_ticked")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["fund_sheet.id"], name=op.f("fk_fund_answer_sheet_id_fund_sheet"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["fund_scoring_topic.id"], name=op.f("fk_fund_answer_topic_id_fund_scoring_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_answer")),
        sa.UniqueConstraint("sheet_id", "topic_id", name=op.f("uq_fund_answer_sheet_id_topic_id")),
    )
    op.create_table(
        "fund_screening_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("screening_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=True),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "choice IN ('correct', 'does_not_fit', 'fits', 'incorrect', 'missing', 'not_needed')",
            name=op.f("ck_fund_screening_item_choice"),
        ),
        sa.ForeignKeyConstraint(
            ["screening_id"],
            ["fund_screening.id"],
            name=op.f("fk_fund_screening_item_screening_id_fund_screening"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_screening_item")),
        sa.UniqueConstraint("screening_id", "code", name=op.f("uq_fund_screening_item_screening_id_code")),
    )
    op.create_table(
        "fund_stepping_out",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('found', 'declared')", name=op.f("ck_fund_stepping_out_reason")),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["fund_agenda_item.id"],
            name=op.f("fk_fund_stepping_out_item_id_fund_agenda_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_fund_stepping_out_user_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_stepping_out")),
        sa.UniqueConstraint("item_id", "user_id", name=op.f("uq_fund_stepping_out_item_id_user_id")),
    )
    with op.batch_alter_table("fund_stepping_out", schema=None) as batch_op:
        batch_op.create_index("ix_fund_stepping_out_user_id", ["user_id", "item_id"], unique=False)

    # ### end Alembic commands ###
    if op.get_bind().dialect.name != "sqlite":
        # The two tables name each other; SQLite took these with the table.
        op.create_foreign_key(
            "fk_fund_proposal_current_revision_id", "fund_proposal", "fund_revision", ["current_revision_id"], ["id"]
        )
        op.create_foreign_key(
            "fk_fund_proposal_submitted_revision_id",
            "fund_proposal",
            "fund_revision",
            ["submitted_revision_id"],
            ["id"],
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_fund_proposal_current_revision_id", "fund_proposal", type_="foreignkey")
        op.drop_constraint("fk_fund_proposal_submitted_revision_id", "fund_proposal", type_="foreignkey")
    with op.batch_alter_table("fund_stepping_out", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_stepping_out_user_id")

    op.drop_table("fund_stepping_out")
    op.drop_table("fund_screening_item")
    op.drop_table("fund_answer")
    with op.batch_alter_table("fund_activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_activity_step_id"))

    op.drop_table("fund_activity")
    op.drop_table("fund_step")
    with op.batch_alter_table("fund_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_sheet_form_id")

    op.drop_table("fund_sheet")
    op.drop_table("fund_screening")
    with op.batch_alter_table("fund_line", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_line_revision_id")

    op.drop_table("fund_line")
    op.drop_table("fund_disability")
    op.drop_table("fund_board_decision")
    with op.batch_alter_table("fund_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_attachment_file_id"))

    op.drop_table("fund_attachment")
    with op.batch_alter_table("fund_agenda_item", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_fund_agenda_item_on", sqlite_where=sa.text("state = 'on'"), postgresql_where=sa.text("state = 'on'")
        )
        batch_op.drop_index("ix_fund_agenda_item_session_id")
        batch_op.drop_index("ix_fund_agenda_item_proposal_id")

    op.drop_table("fund_agenda_item")
    with op.batch_alter_table("fund_session_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_fund_session_member_chair",
            sqlite_where=sa.text("role = 'chair'"),
            postgresql_where=sa.text("role = 'chair'"),
        )
        batch_op.drop_index("ix_fund_session_member_user_id")

    op.drop_table("fund_session_member")
    op.drop_table("fund_scoring_indicator")
    with op.batch_alter_table("fund_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_revision_submitted_at"))

    op.drop_table("fund_revision")
    op.drop_table("fund_scoring_topic")
    with op.batch_alter_table("fund_proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_proposal_title_sort")
        batch_op.drop_index("ix_fund_proposal_sub_status")
        batch_op.drop_index("ix_fund_proposal_state")
        batch_op.drop_index("ix_fund_proposal_screening_status")
        batch_op.drop_index("ix_fund_proposal_organization_sort")
        batch_op.drop_index("ix_fund_proposal_organization_id")
        batch_op.drop_index("ix_fund_proposal_number_sort")
        batch_op.drop_index("ix_fund_proposal_listed_at")
        batch_op.drop_index("ix_fund_proposal_group_status")
        batch_op.drop_index("ix_fund_proposal_fiscal_year")
        batch_op.drop_index("ix_fund_proposal_board_status")
        batch_op.drop_index("ix_fund_proposal_author_id")
        batch_op.drop_index("ix_fund_proposal_amount_asked")

    op.drop_table("fund_proposal")
    with op.batch_alter_table("fund_organization_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_organization_person_organization_id"))
        batch_op.drop_index(batch_op.f("ix_fund_organization_person_citizen_id"))

    op.drop_table("fund_organization_person")
    with op.batch_alter_table("fund_organization_objective", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_organization_objective_organization_id"))

    op.drop_table("fund_organization_objective")
    with op.batch_alter_table("fund_membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_fund_membership_belongs",
            sqlite_where=sa.text("state IN ('active', 'suspended')"),
            postgresql_where=sa.text("state IN ('active', 'suspended')"),
        )
        batch_op.drop_index("ix_fund_membership_user_id")
        batch_op.drop_index("ix_fund_membership_organization_id")

    op.drop_table("fund_membership")
    with op.batch_alter_table("fund_evaluation_session", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_evaluation_session_starts_at")
        batch_op.drop_index("ix_fund_evaluation_session_level")

    op.drop_table("fund_evaluation_session")
    with op.batch_alter_table("fund_committee_affiliation", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_committee_affiliation_user_id")

    op.drop_table("fund_committee_affiliation")
    with op.batch_alter_table("fund_scoring_form", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_fund_scoring_form_draft",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.drop_table("fund_scoring_form")
    with op.batch_alter_table("fund_organization", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_organization_province_code")
        batch_op.drop_index("ix_fund_organization_name_sort")

    op.drop_table("fund_organization")
    # ### end Alembic commands ###
