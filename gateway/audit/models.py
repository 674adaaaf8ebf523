"""Signed heads of every service's audit chains. Rows are only ever added."""

from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Table, Text

from gateway.metadata import metadata
from shared.storage.tables import division_column, moment_column

checkpoint = Table(
    "checkpoint",
    metadata,
    division_column(),
    Column("service", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    moment_column("recorded_at"),
    Column("signature", Text, nullable=False, comment="compact JWS over all of the above"),
    PrimaryKeyConstraint("division_code", "service", "seq", "hash"),
)
"""Two hashes under one seq are kept both: the second one is the evidence."""
