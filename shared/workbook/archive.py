"""A zip container read without trusting what it says about itself.

The directory's sizes are only claims: every part is inflated in small steps and must end exactly where the directory
said, because the libraries that parse later believe the same directory.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from shared.workbook.problems import NotAWorkbook, UnsafeWorkbook, WorkbookTooLarge

MAX_FILE_BYTES = 20 * 2**20
MAX_EXPANDED_BYTES = 200 * 2**20
MAX_RATIO = 150
RATIO_FREE_BYTES = 50 * 2**20
MAX_DIRECTORY_BYTES = 2**20
CHUNK = 2**18
_END_RECORD = struct.Struct("<4s4H2LH")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED = "文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"


def sniff(path: Path) -> None:
    """Judge the file by its first bytes. Raises WorkbookTooLarge (413) over 20 MB, NotAWorkbook (415) if not a zip."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise WorkbookTooLarge("文件不能超过 20 MB")
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            encrypted = "EncryptedPackage".encode("utf-16-le") in file.read()
            raise NotAWorkbook(
                "工作簿有打开密码，请取消密码后再上传" if encrypted else "这是旧版 .xls 文件，请另存为 .xlsx 后再上传"
            )
    if head[:4] != b"PK\x03\x04":
        raise NotAWorkbook("这不是 Excel 工作簿；CSV、网页、WPS 表格等请另存为 .xlsx 后再上传")


class Archive:
    """The parts of a zip file by name; sizes, ratio, names, methods and encryption are checked on opening."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        try:
            self._parts = self._directory(path.stat().st_size)
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError):
            self._file.close()
            raise UnsafeWorkbook(_DAMAGED) from None
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def _directory(self, file_size: int) -> dict[str, zipfile.ZipInfo]:
        self._file.seek(max(0, file_size - 65_557))
        tail = self._file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0:
            raise UnsafeWorkbook(_DAMAGED)
        directory_bytes = _END_RECORD.unpack_from(tail, at)[5]
        if directory_bytes > MAX_DIRECTORY_BYTES:
            raise UnsafeWorkbook(_DAMAGED)
        with zipfile.ZipFile(self._file) as listing:
            infos = listing.infolist()
        parts = {info.filename: info for info in infos}
        if len({name.lower() for name in parts}) != len(infos):
            raise UnsafeWorkbook(_DAMAGED)
        for info in infos:
            if info.flag_bits & 0x1:
                raise NotAWorkbook("工作簿有打开密码，请取消密码后再上传")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise UnsafeWorkbook(_DAMAGED)
        expanded = sum(info.file_size for info in infos)
        if expanded > MAX_EXPANDED_BYTES or (expanded > RATIO_FREE_BYTES and expanded > MAX_RATIO * file_size):
            raise WorkbookTooLarge("工作簿展开后过大，请删去多余的空行、图片和工作表后再上传")
        return parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part's bytes, at most 256 KB at a time. Raises UnsafeWorkbook where it is not as the directory says."""
        info = self._parts[name]
        self._file.seek(info.header_offset)
        header = self._file.read(_LOCAL_HEADER.size)
        if len(header) != _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise UnsafeWorkbook(_DAMAGED)
        name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)[9:]
        position = self._file.tell() + name_bytes + extra_bytes
        packed_left, written = info.compress_size, 0
        inflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        pending = b""
        while (packed_left or pending) and not (inflate and inflate.eof):
            if not pending:
                self._file.seek(position)
                pending = self._file.read(min(CHUNK, packed_left))
                if not pending:
                    raise UnsafeWorkbook(_DAMAGED)
                position += len(pending)
                packed_left -= len(pending)
            try:
                chunk = inflate.decompress(pending, CHUNK) if inflate else pending
            except zlib.error:
                raise UnsafeWorkbook(_DAMAGED) from None
            pending = inflate.unconsumed_tail if inflate else b""
            written += len(chunk)
            if written > info.file_size:
                raise UnsafeWorkbook(_DAMAGED)
            if chunk:
                yield chunk
        if written != info.file_size or (inflate and not inflate.eof):
            raise UnsafeWorkbook(_DAMAGED)
