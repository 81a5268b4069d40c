"""Which files a document may carry: no more and no others than Xero takes (xero-api d.11, Q30)."""

import re

LARGEST = 10 * 1024 * 1024
MOST = 10
LONGEST_NAME = 100
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "txt": "text/plain",
    "csv": "text/csv",
    "rtf": "application/rtf",
    "msg": "application/vnd.ms-outlook",
    "eml": "message/rfc822",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
"""By the ending of the name; what the sender says of a file is not relied on."""
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*+]')


def media_type(file_name: str) -> str | None:
    """The media type of a file by its name; None for one Xero would not take."""
    stem, dot, ending = file_name.rpartition(".")
    return MEDIA_TYPES.get(ending.lower()) if stem and dot else None


def is_name(file_name: str) -> bool:
    """Whether a file may be called so."""
    return (
        0 < len(file_name) <= LONGEST_NAME
        and file_name.isprintable()
        and file_name == file_name.strip()
        and not _NOT_IN_NAMES.search(file_name)
    )
