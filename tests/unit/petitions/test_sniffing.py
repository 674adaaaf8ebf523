"""A file is what its bytes say, whatever it is called."""

import io
import zipfile

import pytest

from services.petitions.attachments import sniffing
from shared.workbook.response import XLSX


def packed(*members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n", sniffing.PDF),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", sniffing.JPEG),
        (b"\x89PNG\r\n\x1a\n\x00", sniffing.PNG),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", sniffing.WEBP),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", sniffing.WAV),
        (b"\x00\x00\x00\x20ftypisom", sniffing.MP4),
        (b"#!AMR\n", sniffing.AMR),
        (packed("[Content_Types].xml", "word/document.xml"), sniffing.DOCX),
        (packed("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (packed("OFD.xml", "Doc_0/Document.xml"), sniffing.OFD),
        (packed("evil.exe"), None),
        (b"PK\x03\x04 and nothing", None),
        (b"<html><script>", None),
        (b"MZ\x90\x00", None),
        (b"plain text", None),
        (b"", None),
    ],
)
def test_what_a_file_is(content: bytes, expected: str | None) -> None:
    file = io.BytesIO(content)
    assert sniffing.media_type(file) == expected
    assert file.tell() == 0
