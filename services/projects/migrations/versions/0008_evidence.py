"""现场证据."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project_site",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("latitude", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("longitude", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("project_site_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("project_site_pkey")),
        sa.UniqueConstraint("division_code", "project_id", name=op.f("project_site_division_code_project_id_key")),
    )
    op.create_index("project_site_of_project_idx", "project_site", ["division_code", "project_id"])
    op.create_table(
        "evidence",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latitude", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("longitude", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("skew_minutes", sa.Integer(), nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("duplicate_project_id", sa.Uuid(), nullable=True),
        sa.Column("likeness", sa.Numeric(precision=5, scale=4), nullable=True),
        sa.Column("grey", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(latitude is null) = (longitude is null)", name=op.f("evidence_place_check")),
        sa.CheckConstraint("(duplicate_of is null) = (likeness is null)", name=op.f("evidence_duplicate_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("evidence_project_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "duplicate_of"],
            ["evidence.division_code", "evidence.id"],
            name=op.f("evidence_evidence_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("evidence_pkey")),
    )
    op.create_index("evidence_of_project_idx", "evidence", ["division_code", "project_id"])
    op.create_index("evidence_of_subject_idx", "evidence", ["division_code", "subject_type", "subject_id"])
    op.create_index("evidence_of_file_idx", "evidence", ["division_code", "sha256"])
    op.create_table(
        "photo_key",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "evidence_id"],
            ["evidence.division_code", "evidence.id"],
            name=op.f("photo_key_evidence_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "key", "evidence_id", name=op.f("photo_key_pkey")),
    )
    protect("project_site")
    protect("evidence", rights=("select", "insert"))
    protect("photo_key", rights=("select", "insert"))


def downgrade() -> None:
    op.drop_table("photo_key")
    op.drop_table("evidence")
    op.drop_table("project_site")
