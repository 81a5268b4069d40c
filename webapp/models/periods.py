import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PrimaryKey


class Period(Base):
    """A financial period of Period End Maintenance. Exactly one is the current one."""

    __tablename__ = "periods"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[PrimaryKey]
    year: Mapped[int]
    """The financial year, named after the calendar year it ends in."""
    number: Mapped[int]
    start_date: Mapped[dt.date]
    end_date: Mapped[dt.date]
    time_end_date: Mapped[dt.date | None]
    is_current: Mapped[bool] = mapped_column(default=False)
    ap_closed: Mapped[bool] = mapped_column(default=False)
    ar_closed: Mapped[bool] = mapped_column(default=False)
    time_closed: Mapped[bool] = mapped_column(default=False)
    plant_closed: Mapped[bool] = mapped_column(default=False)
    stock_closed: Mapped[bool] = mapped_column(default=False)
    disbursement_closed: Mapped[bool] = mapped_column(default=False)
    adjustment_closed: Mapped[bool] = mapped_column(default=False)
    receipt_closed: Mapped[bool] = mapped_column(default=False)
