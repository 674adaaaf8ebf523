"""Petitions: the register; sealed files and attachments; content classes, the same for every division.

The names of the classes are those that petition systems are seen to use for housing (domain.md 1.4), with their parents;
codes and third levels are ours: two digits a level. A county that knows the national code list loads its own in a
revision of its own.
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.migrations import app_role, create_sealed_tables, drop_sealed_tables, protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CLASSES = {
    "01": "城乡建设",
    "0101": "住房保障与房地产",
    "010101": "逾期交房、停工烂尾",
    "010102": "不动产登记办证",
    "010103": "房屋质量",
    "010104": "退房退款",
    "010105": "商品房销售与合同",
    "010106": "预售资金与按揭贷款",
    "010107": "配套设施",
    "010108": "住房保障",
    "010109": "物业服务与维修资金",
    "0102": "国有土地上房屋征收与补偿",
    "010201": "征收补偿标准",
    "010202": "安置房交付",
    "010203": "过渡费发放",
    "010204": "征收程序",
    "0103": "建筑市场",
    "010301": "拖欠工程款",
    "010302": "施工扰民与安全",
    "02": "自然资源",
    "0201": "土地征收",
    "020101": "征地补偿安置",
    "020102": "征地程序",
    "0202": "规划管理",
    "020201": "规划变更",
    "03": "劳动和社会保障",
    "0301": "劳动保障",
    "030101": "拖欠农民工工资",
    "04": "政法",
    "0401": "法院",
    "040101": "审判执行",
    "040102": "企业破产",
    "05": "财税金融",
    "0501": "金融",
    "050101": "非法集资",
    "050102": "个人住房贷款",
    "06": "纪检监察",
    "0601": "作风与履职",
    "060101": "不作为、慢作为、乱作为",
    "99": "其他",
}


def upgrade() -> None:
    op.add_column("petition", sa.Column("project_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("petition_of_another_check"), "petition", "merged_into <> id and split_from <> id")
    create_sealed_tables()
    op.create_table(
        "attachment",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True, comment="of who uploaded it"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('original', 'identity', 'evidence', 'recording', 'document')",
            name=op.f("attachment_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "file_id"],
            ["sealed_file.division_code", "sealed_file.id"],
            name=op.f("attachment_sealed_file_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("attachment_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("attachment_pkey")),
    )
    op.create_index("attachment_of_petition_idx", "attachment", ["division_code", "petition_id"], unique=False)
    protect("attachment")
    classes = op.create_table(
        "content_class",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "level between 1 and 3 and length(code) = 2 * level", name=op.f("content_class_level_check")
        ),
        sa.CheckConstraint("(level = 1) = (parent is null)", name=op.f("content_class_parent_check")),
        sa.PrimaryKeyConstraint("code", name=op.f("content_class_pkey")),
    )
    op.bulk_insert(
        classes,
        [
            {"code": code, "level": len(code) // 2, "parent": code[:-2] or None, "name": name}
            for code, name in CLASSES.items()
        ],
    )
    op.execute(f'grant select on content_class to "{app_role()}"')


def downgrade() -> None:
    op.drop_table("content_class")
    op.drop_table("attachment")
    drop_sealed_tables()
    op.drop_constraint(op.f("petition_of_another_check"), "petition", type_="check")
    op.drop_column("petition", "project_asked_at")
