import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base


class AttachmentContent(Base):
    """The bytes of an attachment, apart from what is listed of it.

    In the database, because web and worker may run on machines that share nothing else.
    """

    __tablename__ = "attachment_contents"

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
