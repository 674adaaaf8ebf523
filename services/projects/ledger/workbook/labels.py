"""The words clerks use for statuses, types and problems, label by label: the dictionary to read and correct."""

from enum import StrEnum

from shared.schemas.projects.facts import (
    LABELS,
    ConstructionStatus,
    ListMembership,
    ProblemType,
    ProjectKind,
    ResolutionMode,
    ResolutionStatus,
    RiskLevel,
    Usage,
)
from shared.workbook.labels import Labels

SYNONYMS: dict[type[StrEnum], dict[str, str]] = {
    ConstructionStatus: {
        "stopped": (
            "停工 全面停工 烂尾 已停工 停建 停滞 完全停工 整体停工 长期停工 停工状态 停工停建 停工烂尾 "
            "处于停工状态 全停 项目停滞 未复工"
        ),
        "partly_stopped": (
            "半停工 部分停工 时建时停 半停 间歇性停工 断续施工 半停工状态 局部停工 停停建建 半停滞 部分复工"
        ),
        "behind_schedule": (
            "进度滞后 缓慢 滞后 逾期 进度缓慢 施工缓慢 建设缓慢 工期滞后 进展缓慢 建设滞后 推进缓慢 逾期未交付 "
            "延期 进度慢 施工进度缓慢 逾期交付 施工滞后 在建(进度滞后)"
        ),
        "on_schedule": (
            "正常施工 在建 正常 施工中 已复工 建设中 正常建设 复工 正常推进 在施 有序施工 续建 正在施工 复工建设 "
            "全面复工 正在建设 在建中 复工续建 已全面复工 续建中 正常施工中"
        ),
        "completed": (
            "竣工 已竣工 完工 已完工 竣工验收 已竣工验收 建成 已建成 竣工未交付 已建成未交付 已竣工未交付 "
            "主体竣工 竣工待交付 全面竣工"
        ),
        "delivered": (
            "交付 已交付 已交房 交付使用 已交付使用 全部交付 交房 已全部交付 竣工交付 已竣工交付 已入住 "
            "已完成交付 整体交付 全部交房"
        ),
    },
    ResolutionStatus: {
        "reserve": "谋划储备 储备 谋划 谋划中 储备项目",
        "unresolved": (
            "未化解 未启动 尚未化解 未处置 未办结 未开展 未启动化解 未解决 待化解 否 未销号 暂未化解 没有化解 "
            "尚未启动 待处置 未开始"
        ),
        "resolving": (
            "正在化解 化解中 处置中 推进中 正在处置 办理中 正在推进 部分化解 整改中 正在办理 正在化解中 进行中 "
            "化解推进中 处置化解中 解决中 正在解决 在化解 持续推进"
        ),
        "resolved": (
            "已化解 化解完毕 办结 已销号 已办结 化解 销号 完成化解 已完成化解 全部化解 已处置 处置完毕 化解完成 "
            "已解决 是 已完成 完成 已处置完毕 已办结销号 已化解销号 整改完成"
        ),
    },
    ProjectKind: {
        "stalled_housing": "问题楼盘 烂尾楼 烂尾楼盘 停工楼盘 商品房 问题楼盘项目 房地产",
        "shantytown": "棚户区改造 棚改 棚户区 棚改项目 城中村改造 旧城改造",
        "land_acquisition": "土地征收 征地 征地拆迁 土地征收项目 用地保障",
        "resettlement": "征收安置 征迁安置 拆迁安置 安置 征收安置项目 安置项目 回迁安置",
    },
    ListMembership: {
        "special_loan_2022": "保交楼(2022专项借款) 保交楼 专项借款 保交楼专项借款 保交楼项目",
        "delivery_2024": "保交房(2024) 保交房 保交房攻坚战 保交房项目",
        "whitelist": "白名单 融资白名单 白名单项目 房地产融资白名单",
        "rectification": "专项整治 整治 专项整治清单 集中整治",
    },
    ProblemType: {
        "funding": (
            "资金短缺 资金缺口 资金链断裂 资金不足 资金紧张 资金困难 缺资金 缺少资金 资金问题 资金链 融资困难 "
            "资金断裂 资金缺乏 后续资金 缺乏资金"
        ),
        "permits": (
            "手续不全 缺手续 手续不齐 手续不完善 手续缺失 手续问题 证件不全 五证不全 手续不完备 无手续 手续未办 "
            "未批先建 缺少手续 手续欠缺 证照不全 手续办理"
        ),
        "labour": "劳资纠纷 拖欠工资 欠薪 拖欠农民工工资 农民工工资 拖欠民工工资 讨薪 工资拖欠 欠付农民工工资",
        "quality": "工程质量 质量问题 渗漏 开裂 漏水 质量缺陷 质量隐患 裂缝 房屋质量 渗水",
        "debt": "债权债务 债权债务纠纷 债务纠纷 债务 债权纠纷 拖欠工程款 欠付工程款 经济纠纷 抵押",
        "legal": "涉法涉诉 诉讼 查封 涉诉 司法查封 法律纠纷 破产 涉法 冻结 司法程序 涉案 非法集资",
        "planning": "规划调整 规划变更 规划问题 规划不符 违规建设 超规划 违反规划 擅自变更规划",
        "other": "其他 其它 其他问题 其他原因",
    },
    Usage: {
        "residential": "住宅 普通住宅 商品住宅 居住 住宅小区 商品房住宅",
        "commercial": "商业 商办 商铺 写字楼 商业办公 商贸 公寓 商服",
        "resettlement": "安置 安置房 回迁房 保障房 拆迁安置房 保障性住房 回迁安置房",
        "mixed": "综合 商住 商住混合 商住综合 综合体 住宅商业 商业住宅 住宅、商业 混合",
    },
    RiskLevel: {
        "low": "低 低风险 较低 一般 一般风险 三级",
        "medium": "中 中风险 中等 较大 较大风险 二级 中等风险",
        "high": "高 高风险 重大 较高 重大风险 一级 极高",
    },
    ResolutionMode: {
        "resume_and_deliver": "复工交付 复工续建 续建交付 自救 复工建设 企业自救 自行复工 复工 续建 自建 自救复工",
        "merger_acquisition": "收并购 并购 兼并收购 收购 并购重组 引入战投 兼并重组 引进战投",
        "subrogated_refund": "代位退房 退房 退房退款 退款 代位退款",
        "in_kind_settlement": "实物安置 房源置换 实物抵偿 以房抵债 置换安置 异地安置 实物置换",
        "reorganization": "破产重整 重整 司法重整 预重整",
        "composition": "破产和解 和解",
        "liquidation": "破产清算 清算 破产",
    },
}

WORDS = Labels(LABELS, SYNONYMS)
