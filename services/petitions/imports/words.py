"""The words petition offices write in the cells, label by label: the dictionary to read and correct.

`SYNONYMS` are whole cells; `WITHIN` are searched in a cell that is none of them, the longest word first.
"""

from enum import StrEnum

from shared.schemas.petitions import intake, ratings, states
from shared.schemas.petitions.intake import Channel, Demand, Purpose, VisitLevel
from shared.schemas.petitions.ratings import Rating
from shared.schemas.petitions.states import PetitionClass
from shared.workbook.labels import Labels

SYNONYMS: dict[type[StrEnum], dict[str, str]] = {
    Channel: {
        "letter": (
            "来信 信函 书信 群众来信 写信 信件 邮寄 寄信 来函 信 函件 书面 书面来信 传真 挂号信 邮政信件 联名信 "
            "匿名信 材料"
        ),
        "visit": (
            "来访 走访 上访 群众来访 接访 个访 个人访 集体访 集访 群访 到访 现场 现场来访 领导接访 下访 约访 当面 "
            "面访 登门 窗口来访 来人 进京访 赴省访 县长接待日 领导接待 视频接访 来访接待 单访 个体访 窗口"
        ),
        "online": (
            "网上信访 网信 网上 网络 网络信访 网上投诉 网上来信 互联网 国家网上信访 手机信访 微信 公众号 app "
            "人民网留言 领导留言板 网民留言 市长信箱 县长信箱 书记信箱 领导信箱 电子邮件 邮件 邮箱 网站 门户网站 "
            "网络投诉 网络平台 微信公众号 小程序 人民网 网络留言 网上留言 线上 国家信访局网上 省长信箱 网络问政 短信 "
            "视频信访 信访微信"
        ),
        "phone": "来电 电话 电话信访 群众来电 热线电话 打电话 电话反映 电话投诉 值班电话 信访电话 电话来访",
        "hotline": (
            "12345转办 12345 12345热线 热线 政务热线 政府热线 市长热线 县长热线 12345工单 工单 热线转办 "
            "12345政务服务便民热线"
        ),
        "dedicated_line": "专线 信访专线 专线电话 专用线路 保交楼专线 保交房专线 问题楼盘专线",
        "one_stop_desk": (
            "一站式窗口 一站式 一站式接待 联合接访 联合接访窗口 综合窗口 一站式平台 联合接访中心 矛调中心 综治中心"
        ),
        "forwarded": (
            "上级转送交办 上级转送 上级交办 上级转办 上级 转办 交办 转送 转交 省转 市转 省交办 市交办 省转办 市转办 "
            "领导批示 领导交办 部门转办 部门转送 巡视移交 巡察移交 督查交办 国转 国家转送 上级督办 移交 省信访局转 "
            "市信访局转 转来"
        ),
    },
    VisitLevel: {
        "county": (
            "到县 县 县级 本县 来县 到县访 县访 到县上访 到区 区 区级 县区 县(区) 到县区 本级 来县访 到县级 赴县 到乡 "
            "到镇 乡镇 到乡镇 乡镇级 乡级 镇街 街道 到村 村级 基层 县本级 县信访局 县局 初访到县 到旗 旗县 到本县"
        ),
        "city": (
            "到市 市 市级 赴市 到市访 市访 到市上访 去市 到州 地市 州级 设区市 市信访局 赴市访 赴市上访 到地市 到盟 "
            "到市级"
        ),
        "province": (
            "赴省 到省 省 省级 省访 赴省访 赴省上访 到省访 去省 赴自治区 自治区 省信访局 到省上访 到省级 到自治区"
        ),
        "beijing": (
            "进京 赴京 北京 到京 去京 进京访 赴京访 进京上访 赴京上访 京 国家 国家级 国家信访局 到北京 部委 进京非访 "
            "到国家 中央 上京 国家局"
        ),
    },
    Demand: {
        "delivery": (
            "交房 延期交房 逾期交房 逾期交付 延期交付 交付 未交房 交楼 延迟交房 停工 烂尾 停工烂尾 项目停工 "
            "未按期交房 不能交房 无法交房 保交楼 保交房 复工 要求复工 迟迟不交房 晚交房 无法按期交房 逾期未交房 "
            "逾期交楼 延期交楼 楼盘停工 催促交房 要求交房 项目烂尾 烂尾楼 交房逾期 楼盘烂尾"
        ),
        "refund": (
            "退房退款 退房 退款 退购房款 要求退房 要求退款 退还房款 解除合同 退定金 退首付 退还购房款 退还定金 退订 "
            "退定 退认筹金 解约 解约退款 解除购房合同 退还首付 退团购费"
        ),
        "title": (
            "办证 办理不动产证 不动产证 房产证 办证难 产权证 不动产登记 办不了证 无法办证 办理房产证 未办证 "
            "不动产权证 房本 产权登记 产权办理 产权 办理产权证 房产证办理 登记难 不动产办证 产权证办理 权证办理 "
            "不动产权证办理 办理不动产权证 办理不动产权证书 证件办理 办理不动产登记 难办证"
        ),
        "quality": (
            "房屋质量 质量 质量问题 工程质量 房屋漏水 渗漏 漏水 开裂 质量缺陷 房屋开裂 房屋质量问题 建筑质量 质量纠纷 "
            "施工质量 质量安全 房屋渗漏 墙体开裂 裂缝 住宅质量 楼房质量 装修质量 住房质量"
        ),
        "wages": (
            "拖欠工资 欠薪 农民工工资 拖欠农民工工资 工资 讨薪 拖欠工程款 劳资纠纷 农民工欠薪 欠薪讨薪 拖欠民工工资 "
            "欠付工资 工程款 欠工资 劳动报酬 工程欠款 薪资 农民工讨薪 拖欠薪资 追讨工资"
        ),
        "compensation": (
            "征收补偿 补偿 拆迁补偿 征地拆迁 拆迁 征迁 安置补偿 征收安置 过渡费 回迁安置 拆迁安置 征地补偿 安置 棚改 "
            "补偿安置 房屋征收 土地征收 征地 回迁 违约金 征收拆迁 征拆 拆迁安置补偿 安置房 回迁房 土地补偿 征迁补偿 "
            "补偿款"
        ),
        "mortgage": (
            "停贷 断供 房贷 按揭 按揭贷款 停止还贷 停贷断供 贷款 贷款问题 银行贷款 停止还款 暂停还贷 按揭停贷 "
            "房贷停贷 月供 暂缓还贷 停供 停止房贷 集体停贷"
        ),
        "other": (
            "其他 其它 非住房类 非住房 其他类 其他问题 其它问题 其他诉求 其他事项 非涉房 非房地产 其它类 综合 "
            "其他类别 非楼盘类"
        ),
    },
    Rating: {
        "satisfied": "满意 非常满意 很满意 较满意 比较满意 十分满意 好 好评",
        "basically_satisfied": "基本满意 一般 一般满意 较为满意 中评 尚可 还行",
        "dissatisfied": "不满意 非常不满意 很不满意 不太满意 差 差评 极不满意",
    },
    PetitionClass: {
        "suggestion": "建议意见 意见建议 建议 意见 建议类 意见建议类 建议意见类 批评建议",
        "accusation": "检举控告 揭发控告 检举 控告 举报 检举控告类 揭发 检举揭发 控告类 举报类 投诉举报",
        "appeal_claim": "申诉求决 求决 申诉 申诉求决类 申诉类 求决类 投诉请求",
    },
    Purpose: {
        "appeal": "申诉 申诉类",
        "claim": "求决 求决类 申诉求决 请求解决",
        "suggestion": "意见建议 建议 意见 建议意见",
        "accusation": "揭发控告 检举控告 举报 控告 检举 揭发",
        "inquiry": "咨询 询问 政策咨询 咨询类",
        "other": "其他 其它 感谢",
    },
}
WITHIN: dict[type[StrEnum], dict[str, str]] = {
    Channel: {
        "hotline": "12345 热线 工单",
        "one_stop_desk": "一站式 联合接访 矛调",
        "dedicated_line": "专线",
        "online": "网 微信 公众号 信箱 邮箱 邮件 留言 app 小程序 短信 视频",
        "phone": "来电 电话",
        "visit": "来访 走访 上访 接访 接待 集体访 个访",
        "letter": "来信 信函 信件 书信 函",
        "forwarded": "转送 转办 交办 批示 移交 督办 转来",
    },
    VisitLevel: {
        "beijing": "进京 赴京 到京 北京 国家 中央 部委",
        "province": "自治区 省",
        "city": "市",
        "county": "县 区 旗 乡 镇 街 村",
    },
    Demand: {
        "refund": "退房 退款 退还 解除合同 退定 退首付 退购",
        "title": "办证 产权 不动产 房产证 房本",
        "mortgage": "停贷 断供 按揭 房贷 贷款 月供",
        "wages": "工资 欠薪 讨薪 劳资 农民工 工程款 薪",
        "compensation": "征收 拆迁 补偿 安置 征地 过渡费 回迁 征迁 棚改",
        "quality": "质量 漏水 渗漏 开裂 裂缝 渗水",
        "delivery": "交房 交付 交楼 停工 烂尾 复工 逾期 延期",
    },
}

WORDS = Labels({**intake.LABELS, **states.LABELS, **ratings.LABELS}, SYNONYMS)
_LONGEST_FIRST = {
    kind: sorted(
        ((word, value) for value, listed in by_value.items() for word in listed.split()), key=lambda item: -len(item[0])
    )
    for kind, by_value in WITHIN.items()
}


def value_in(kind: type[StrEnum], text: str) -> str | None:
    """The value of the whole cell, else of the longest known word in it."""
    known = WORDS.value(kind, text)
    if known is not None:
        return known
    form = text.lower().replace(" ", "")
    return next((value for word, value in _LONGEST_FIRST.get(kind, ()) if word in form), None)
