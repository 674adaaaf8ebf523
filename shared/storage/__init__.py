"""The database half of every app. Services import `Session`, `Database` and friends from here, never SQLAlchemy."""

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession as Session

__all__ = ["Session", "Table"]
