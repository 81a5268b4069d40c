"""The files of a document as they are told."""

from marshmallow import Schema, fields


class AttachmentAnswer(Schema):
    """A file."""

    file_name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "In bytes."})
    sha256 = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)


class AttachmentsAnswer(Schema):
    """All files of a document."""

    items = fields.List(fields.Nested(AttachmentAnswer), required=True)
