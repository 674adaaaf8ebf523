"""What a file is, told by its own bytes: neither its name nor what the client says is believed."""

import zipfile
from typing import BinaryIO

from shared.workbook.response import XLSX

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLE, OFD = "application/x-ole-storage", "application/ofd"
MP3, WAV, AMR, MP4 = "audio/mpeg", "audio/wav", "audio/amr", "video/mp4"
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", PDF),
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (8, b"WEBP", WEBP),
    (8, b"WAVE", WAV),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"ID3", MP3),
    (0, b"\xff\xfb", MP3),
    (0, b"#!AMR", AMR),
    (4, b"ftyp", MP4),
)
PACKED = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "OFD.xml": OFD}
"""A member that tells what a ZIP is."""
KINDS = (*dict.fromkeys(kind for _, _, kind in SIGNATURES), DOCX, XLSX, OFD)
_HEAD_BYTES = 16


def media_type(file: BinaryIO) -> str | None:
    """One of `KINDS`; None for anything else. The file stands at its beginning afterwards."""
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _packed(file)
    return next((kind for at, magic, kind in SIGNATURES if head[at : at + len(magic)] == magic), None)


def _packed(file: BinaryIO) -> str | None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    finally:
        file.seek(0)
    return next((kind for member, kind in PACKED.items() if member in members), None)
