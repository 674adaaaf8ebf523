"""Tables of 质量与安全."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.projects.metadata import work_table
from shared.schemas.projects.acceptances import AcceptanceStage, IncidentKind
from shared.schemas.projects.quality import (
    DefectKind,
    DefectSeverity,
    DefectStatus,
    QualityInspectionKind,
    QualityVerdict,
)
from shared.storage.tables import one_of

quality_inspection = work_table(
    "quality_inspection",
    Column("kind", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("inspected_on", Date, nullable=False),
    Column("inspected_by", Text, nullable=False),
    Column("inspected_name", Text, nullable=False),
    Column("inspected_unit", Text),
    Column("inspected_unit_name", Text),
    Column("note", Text, nullable=False),
    Column("document_number", Text),
    one_of("kind", QualityInspectionKind),
    one_of("verdict", QualityVerdict),
)

defect = work_table(
    "defect",
    Column("inspection_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("unit_code", Text),
    Column("unit_name", Text),
    Column("due_on", Date),
    Column("measure", Text),
    Column("document_number", Text),
    Column("ordered_on", Date),
    Column("rectified_by", Text),
    Column("rectified_name", Text),
    Column("rectified_unit", Text),
    Column("rectified_on", Date),
    Column("rectified_note", Text),
    Column("reinspected_by", Text),
    Column("reinspected_name", Text),
    Column("reinspected_unit", Text),
    Column("reinspected_on", Date),
    Column("reinspected_note", Text),
    Column("failures", Integer, nullable=False),
    ForeignKeyConstraint(
        ["division_code", "inspection_id"], ["quality_inspection.division_code", "quality_inspection.id"]
    ),
    one_of("kind", DefectKind),
    one_of("severity", DefectSeverity),
    one_of("status", DefectStatus),
    CheckConstraint("reinspected_by <> rectified_by", name="reinspected_by_another"),
    CheckConstraint("status = 'found' or num_nulls(unit_code, due_on, ordered_on) = 0", name="order_first"),
    CheckConstraint("status not in ('rectified', 'closed') or rectified_by is not null", name="rectification_first"),
    CheckConstraint("status <> 'closed' or reinspected_by is not null", name="reinspection_first"),
    Index("defect_of_inspection_idx", "division_code", "inspection_id"),
    Index("defect_open_idx", "division_code", "project_id", postgresql_where=text("status <> 'closed'")),
)

acceptance = work_table(
    "acceptance",
    Column("stage", Text, nullable=False),
    Column("part", Text),
    Column("passed", Boolean, nullable=False),
    Column("accepted_on", Date, nullable=False),
    Column("parties", JSONB, nullable=False, comment="role, unit, person and paper of each who signed"),
    Column("note", Text),
    Column("filed_on", Date),
    Column("filing_document", Text),
    one_of("stage", AcceptanceStage),
    CheckConstraint("filed_on is null or (passed and stage = 'completion')", name="filed_when_complete"),
)

incident = work_table(
    "incident",
    Column("kind", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("place", Text, nullable=False),
    Column("dead", Integer, nullable=False),
    Column("seriously_injured", Integer, nullable=False),
    Column("slightly_injured", Integer, nullable=False),
    Column("loss_fen", BigInteger),
    Column("note", Text, nullable=False),
    one_of("kind", IncidentKind),
)
