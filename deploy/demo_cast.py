"""Who lives in the demo county 示范县: its units, its leaders, and the accounts `make run` prints."""

from pathlib import Path

COUNTY = "999901"
PASSWORD = "Anju-demo-2024"  # noqa: S105 - printed by `make run`, and only ever set on a machine of one's own
DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
"""The demo workbooks; tests import the same."""
UNITS = (
    ("XJB", "领导小组办公室", "government", None),
    ("ZF", "县人民政府", "government", None),
    ("JW", "县纪委监委", "government", None),
    ("XFJ", "信访局", "petition_office", None),
    ("SJ", "审计局", "department", None),
    ("ZJJ", "住房和城乡建设局", "department", "县住建局"),
    ("RSJ", "人力资源和社会保障局", "department", "县人社局"),
    ("ZRZY", "自然资源和规划局", "department", "县自然资源局"),
    ("CZJ", "财政局", "department", None),
    ("JRB", "金融工作办公室", "department", "县金融办"),
    ("GAJ", "公安局", "department", None),
    ("ZB1", "东河片区专班", "taskforce", None),
    ("DH", "东河镇人民政府", "township", None),
    ("FY", "县人民法院", "court", "县法院"),
    ("DSDC", "鼎盛房地产开发有限公司", "enterprise", None),
    ("GDGS", "供电公司", "other", None),
    ("JLGS", "诚信监理公司", "other", None),
)
"""Code, name, kind, and what the sheets call it where that is not its name."""
PERSONS = (
    ("YXJ", "杨霞娟", "常务副县长", "ZF"),
    ("MJ", "马杰", "县委副书记、县长", "ZF"),
    ("LQ", "李强", "专班组长", "ZB1"),
    ("ZH", "周红", "局长", "ZJJ"),
)
STAFF = (
    ("office", "领导小组办公室", "office", "XJB"),
    ("petitions", "信访局", "petition_office", "XFJ"),
    ("leader", "县领导", "leader", "ZF"),
    ("housing", "住建局", "department", "ZJJ"),
    ("labour", "人社局", "department", "RSJ"),
    ("land", "自然资源局", "department", "ZRZY"),
    ("taskforce", "东河片区专班", "taskforce", "ZB1"),
    ("township", "东河镇", "township", "DH"),
    ("enterprise", "鼎盛公司", "enterprise", "DSDC"),
    ("inspector", "纪委监委", "inspector", "JW"),
    ("auditor", "审计员", "auditor", "SJ"),
)
"""Account, name, role, unit; the account is called `office.999901` and so on."""
OTHERS = (
    ("office.999902", "演示县领导小组办公室", "office", "999902"),
    ("leader.999900", "示范市市领导", "leader", "999900"),
)
"""Accounts outside the demo county: name, what it is, role, division."""
ACCOUNTS = (
    *((f"{who}.{COUNTY}", PASSWORD, f"示范县{name} {COUNTY}") for who, name, _, _ in STAFF),
    *((username, PASSWORD, f"{name} {division}") for username, name, _, division in OTHERS),
)
"""Name, password and what it is, for the lines `make run` prints."""
