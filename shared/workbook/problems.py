"""Why a workbook as a whole is refused; what is wrong with single cells is told by the reader, cell by cell."""

from shared.errors import Invalid, TooLarge, UnsupportedMediaType


class NotAWorkbook(UnsupportedMediaType):
    code, title, title_en = "not_a_workbook", "请上传 .xlsx 工作簿", "Not an .xlsx workbook"


class WorkbookTooLarge(TooLarge):
    code, title, title_en = "workbook_too_large", "工作簿过大", "Workbook too large"


class SheetTooLarge(Invalid):
    code, title, title_en = "sheet_too_large", "工作表的行列过多", "Sheet too large"


class UnsafeWorkbook(Invalid):
    code, title, title_en = "unsafe_workbook", "工作簿已损坏或含有不允许的内容", "Damaged or unsafe workbook"


class FormulasFound(Invalid):
    code, title, title_en = "formulas_found", "工作簿中含有公式", "Formulas found"


class NoSheet(Invalid):
    code, title, title_en = "no_sheet", "没有找到可以导入的表", "No sheet to import found"
