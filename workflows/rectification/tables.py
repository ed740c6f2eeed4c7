"""The tables of the kinds whose columns registers filter by: problem, measure, evidence."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from engine import tables


class Problem(SQLModel, table=True):
    """What the inspection found: the thing with the state machine. Dates ISO, flags 0 or 1."""

    __tablename__ = "problem"
    case_id: int = tables.whole(key=True, to="cases.id")
    organization_id: int = tables.whole(to="organization.id")
    inspection_id: int = tables.whole(to="cases.id")
    number: str = tables.text()
    title: str = tables.text()
    area_number: str | None = tables.text(null=True)
    area: str | None = tables.text(null=True)
    heading_number: str | None = tables.text(null=True)
    heading: str | None = tables.text(null=True)
    source: str = tables.text()
    source_document: str | None = tables.text(null=True)
    source_line: int | None = tables.whole(null=True)
    draft_answer: str | None = tables.text(null=True)
    key_problem: int | None = tables.whole(null=True)
    publicity: str | None = tables.text(null=True)
    result: str | None = tables.text(null=True)
    long_term: int | None = tables.whole(null=True)
    submission: int = tables.whole(default=1)
    close_out_number: int | None = tables.whole(null=True)
    close_out_year: int | None = tables.whole(null=True)
    closed_on: str | None = tables.text(null=True)
    recognition: str | None = tables.text(null=True)
    verdict: str | None = tables.text(null=True)
    original_due_on: str | None = tables.text(null=True)
    merged_into: int | None = tables.whole(null=True)
    merge_kind: str | None = tables.text(null=True)
    taken_in: str | None = tables.text(null=True)
    fixed_early: int | None = tables.whole(null=True)
    dispute_reason: str | None = tables.text(null=True)
    dispute_by: str | None = tables.text(null=True)
    raise_reason: str | None = tables.text(null=True)
    raise_by: str | None = tables.text(null=True)
    stage_until: str | None = tables.text(null=True)
    stage_reason: str | None = tables.text(null=True)
    stage_by: str | None = tables.text(null=True)
    relapse_of: int | None = tables.whole(null=True)
    withhold_ground: str | None = tables.text(null=True)
    withhold_reason: str | None = tables.text(null=True)
    withhold_by: str | None = tables.text(null=True)
    withhold_consented_on: str | None = tables.text(null=True)
    signals_cleared: str | None = tables.text(null=True)
    ladder: str | None = tables.text(null=True)
    __table_args__ = (Index("ix_problem_inspection", "inspection_id", "case_id"),)


class Measure(SQLModel, table=True):
    """A task under a problem, on one of the three tracks."""

    __tablename__ = "measure"
    case_id: int = tables.whole(key=True, to="cases.id")
    organization_id: int = tables.whole(to="organization.id")
    text: str = tables.text()
    track: str = tables.text()
    result: str | None = tables.text(null=True)
    progress: str | None = tables.text(null=True)
    progress_on: str | None = tables.text(null=True)
    accepted_on: str | None = tables.text(null=True)
    regulation_title: str | None = tables.text(null=True)
    regulation_number: str | None = tables.text(null=True)
    regulation_on: str | None = tables.text(null=True)
    regulation_id: int | None = tables.whole(null=True)
    no_regulation_reason: str | None = tables.text(null=True)
    original_due_on: str | None = tables.text(null=True)


class Evidence(SQLModel, table=True):
    """A file that proves something; the bytes lie in the file store under `sha256`."""

    __tablename__ = "evidence"
    case_id: int = tables.whole(key=True, to="cases.id")
    organization_id: int = tables.whole(to="organization.id")
    sha256: str = tables.text()
    file_name: str = tables.text()
    title: str = tables.text()
    about_on: str | None = tables.text(null=True)
    arrived_on: str | None = tables.text(null=True)
    catalogue_no: str | None = tables.text(null=True)
    __table_args__ = (Index("ix_evidence_sha256", "sha256"),)


TABLES = {
    "problem": Problem.__table__,  # type: ignore[attr-defined]
    "measure": Measure.__table__,  # type: ignore[attr-defined]
    "evidence": Evidence.__table__,  # type: ignore[attr-defined]
}
