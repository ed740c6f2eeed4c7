"""Where a case is shown: the page of its own kind, or the one that shows anything that lives."""

from collections.abc import Mapping

from engine.cases import CaseState

# Kinds with a page of their own, by the path of it; `{id}` is the case's, `{root}` its dossier's.
PLACES: Mapping[str, str] = {
    "inspection": "/inspections/{id}",
    "problem": "/problems/{id}",
    "measure": "/problems/{root}#measure-{id}",
    "evidence": "/problems/{root}#evidence",
    "meeting": "/meetings/{id}",
    "notice": "/inspections/{root}/notices#notice-{id}",
    "letter": "/letters/{id}",
    "hazard_letter": "/letters/{id}",
    "commitment": "/commitments/{id}",
    "look_back_campaign": "/look-backs/{id}",
    "review": "/reviews/{id}",
}
ANY = "/cases/{id}"
# Steps that a page of its own takes better than a form of their parameters.
STEPS: Mapping[str, str] = {"import_document": "/inspections/{id}/import", "fill_sheet": "/commitments/{id}"}
# Kinds whose opening has a page of its own; the form of any other is drawn from its parameters.
OPENINGS: Mapping[str, str] = {
    "measure": "/problems/{id}/measures",
    "evidence": "/cases/{id}/evidence",
    "extension": "/cases/{id}/extension",
    "meeting": "/inspections/{id}/meeting",
    "look_back_campaign": "/look-backs",
    "notice": "/inspections/{id}/notices",
}
STEP = "/cases/{id}/actions/{action}"


def step_path(case_id: int, action: str) -> str:
    return STEPS.get(action, STEP).format(id=case_id, action=action)


def place_of(case: CaseState) -> str:
    return place(case.kind, case.id, case.root_id)


def place(kind: str, case_id: int, root_id: int) -> str:
    """The page of a case by its kind; of a problem by its dossier, whichever part is asked for."""
    return PLACES.get(kind, ANY).format(id=root_id if kind == "problem" else case_id, root=root_id)
