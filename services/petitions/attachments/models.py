"""Papers and pictures of a petition. Content, name and digest are sealed (`shared.storage.sealed_files`)."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Text, Uuid

from services.petitions.metadata import work_table
from shared.schemas.petitions.attachments import AttachmentKind
from shared.storage.tables import one_of

attachment = work_table(
    "attachment",
    Column("petition_id", Uuid, nullable=False),
    Column("file_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit_code", Text, comment="of who uploaded it"),
    one_of("kind", AttachmentKind),
    ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"]),
    ForeignKeyConstraint(["division_code", "file_id"], ["sealed_file.division_code", "sealed_file.id"]),
    Index("attachment_of_petition_idx", "division_code", "petition_id"),
)
