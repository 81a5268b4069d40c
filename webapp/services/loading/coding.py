"""What the lines of a file are coded to: activities, profit centres and jobs, found or made."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.gl import derive_account
from webapp.domain.ingest.grouping import Draft
from webapp.domain.ingest.lines import Line
from webapp.domain.ingest.mapping import ColumnMapping
from webapp.domain.ingest.values import same_name
from webapp.models import Activity, FinCo, GstType, Job, ProfitCentre
from webapp.services.loading.lookup import parts
from webapp.services.loading.targets import Target, other_name, targets


@dataclass(frozen=True)
class Needs:
    """What an organisation must hold for a line to be sent; texts that are empty need nothing."""

    account: str
    account_name: str
    department: str
    job: str


class Coding:
    """Which activity, profit centre and job each line of a file goes to."""

    def __init__(
        self, fin_co: FinCo, gst_type: GstType, mapping: ColumnMapping, drafts: Iterable[Draft]
    ) -> None:
        self._fin_co = fin_co
        self._gst_type = gst_type
        self._mapping = mapping
        activities: dict[str, None] = {}
        centres: dict[str, None] = {}
        jobs: set[str] = set()
        for line in (line for draft in drafts for line in draft.lines):
            activities[line.activity] = None
            centres[line.profit_centre] = None
            jobs.add(line.job)
        self._activities = {row.code: row for row in db.session.scalars(sa.select(Activity))}
        self._centres = {row.code: row for row in db.session.scalars(sa.select(ProfitCentre))}
        self._activity_of = {
            key: self._activity_target(target)
            for key, target in targets(
                activities, self._activity_code, mapping.activity_is_listed
            ).items()
        }
        self._centre_of = {
            key: self._centre_target(target)
            for key, target in targets(
                centres, mapping.profit_centre, mapping.profit_centre_is_listed
            ).items()
        }
        self._jobs = self._find_jobs(jobs)

    def reason(self, line: Line) -> str | None:
        """Why this line cannot be coded; None where it can."""
        centre = self._centre_of[same_name(line.profit_centre)]
        reasons = (
            self._activity_of[same_name(line.activity)].reason,
            centre.reason,
            None if centre.reason else self._job_reason(centre.code, line.job),
        )
        return "; ".join(filter(None, reasons)) or None

    def make(self, lines: Iterable[Line]) -> dict[str, int]:
        """Make what these lines need and is missing; say how many of each."""
        lines = list(lines)
        return {
            "activities": self._make_activities(lines),
            "profit centres": self._make_centres(lines),
            "jobs": self._make_jobs(lines),
        }

    def ids(self, line: Line) -> dict[str, int]:
        """The activity and job of a line, once all there is to make has been made."""
        centre = self._centre_of[same_name(line.profit_centre)]
        return {
            "activity_id": self._activities[self._activity_of[same_name(line.activity)].code].id,
            "job_id": self._jobs[centre.code, line.job].id,
        }

    def needs(self, line: Line) -> Needs:
        """What the line will ask of the organisation, whether its records are there or not."""
        activity = self._activity_of[same_name(line.activity)]
        centre = self._centre_of[same_name(line.profit_centre)]
        known_activity = self._activities.get(activity.code)
        known_centre = self._centres.get(centre.code)
        known_job = self._jobs.get((centre.code, line.job))
        account = derive_account(
            job_override=known_job.dr_gl_account if known_job else None,
            code=known_activity.dr_gl_account if known_activity else self._account(activity.name),
            prefix=known_centre.gl_prefix if known_centre else None,
            suffix=known_centre.gl_suffix if known_centre else None,
        )
        return Needs(
            account=account or "",
            account_name=activity.name,
            department=(known_centre.export_code or "") if known_centre else centre.name,
            job=line.job,
        )

    def _activity_code(self, name: str) -> str | None:
        target = self._mapping.activity(name)
        return target.code if target else None

    def _account(self, name: str) -> str | None:
        target = self._mapping.activity(name)
        return target.account if target else None

    def _activity_target(self, target: Target) -> Target:
        known = self._activities.get(target.code)
        reason = target.reason
        if reason is None and known is None and not self._mapping.create.activities:
            reason = f"there is no activity {target.code}, and the mapping does not create them"
        elif reason is None and known is not None:
            if not known.active:
                reason = f"activity {known.code} is inactive"
            elif not self._mapping.activity_is_listed(target.name):
                reason = other_name("activity", known.code, known.description, target.name)
        return Target(target.code, target.name, reason)

    def _centre_target(self, target: Target) -> Target:
        known = self._centres.get(target.code)
        reason = target.reason
        if reason is None and known is None and not self._mapping.create.profit_centres:
            reason = (
                f"there is no profit centre {target.code}, and the mapping does not create them"
            )
        elif reason is None and known is not None:
            if known.fin_co_id != self._fin_co.id:
                reason = f"profit centre {known.code} belongs to FinCo {known.fin_co.code}"
            elif not self._mapping.profit_centre_is_listed(target.name):
                reason = other_name("profit centre", known.code, known.description, target.name)
        return Target(target.code, target.name, reason)

    def _job_reason(self, centre: str, code: str) -> str | None:
        known = self._jobs.get((centre, code))
        if known is None and not self._mapping.create.jobs:
            return (
                f"there is no job {code} in profit centre {centre}, and the mapping does not "
                "create jobs"
            )
        if known is not None and not known.active:
            return f"job {code} is inactive"
        return None

    def _find_jobs(self, codes: Iterable[str]) -> dict[tuple[str, str], Job]:
        found: dict[tuple[str, str], Job] = {}
        for part in parts(codes):
            rows = db.session.execute(
                sa.select(ProfitCentre.code, Job)
                .join(Job.profit_centre)
                .where(ProfitCentre.fin_co_id == self._fin_co.id, Job.code.in_(part))
            )
            found |= {(centre, job.code): job for centre, job in rows}
        return found

    def _make_activities(self, lines: list[Line]) -> int:
        needed = {self._activity_of[same_name(line.activity)] for line in lines}
        made = {
            target.code: Activity(
                code=target.code,
                description=target.name,
                dr_gl_account=self._account(target.name),
                gst_type_id=self._gst_type.id,
            )
            for target in sorted(needed, key=lambda one: one.name, reverse=True)
            if target.code not in self._activities
        }
        db.session.add_all(made.values())
        db.session.flush()
        self._activities |= made
        return len(made)

    def _make_centres(self, lines: list[Line]) -> int:
        needed = {self._centre_of[same_name(line.profit_centre)] for line in lines}
        made = {
            target.code: ProfitCentre(
                code=target.code,
                description=target.name,
                export_code=target.name,
                fin_co_id=self._fin_co.id,
                location_id=self._fin_co.default_location_id,
            )
            for target in sorted(needed, key=lambda one: one.name, reverse=True)
            if target.code not in self._centres
        }
        db.session.add_all(made.values())
        db.session.flush()
        self._centres |= made
        return len(made)

    def _make_jobs(self, lines: list[Line]) -> int:
        needed = {(self._centre_of[same_name(one.profit_centre)].code, one.job) for one in lines}
        made = {
            (centre, code): Job(
                code=code, description=code, profit_centre_id=self._centres[centre].id
            )
            for centre, code in sorted(needed - set(self._jobs))
        }
        db.session.add_all(made.values())
        db.session.flush()
        self._jobs |= made
        return len(made)
