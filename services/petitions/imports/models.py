"""Imports of registers; what they brought are petitions (`petition.import_id`)."""

from services.petitions.metadata import metadata
from shared.workbook.imports.models import import_table

register_import = import_table("register_import", metadata)
