"""Who may look at a case: the one rule that every page and every file goes through."""

from engine.cases import CaseState
from engine.permissions import holds_any
from engine.view import FOR_GOOD, View


def may_see(view: View, case: CaseState, person_id: int, today: str) -> bool:
    """Whether a person may look at a case on a local day (ISO).

    Those of its organisation and of the ones above it may, and whoever has a part in it; of a kind that names its
    readers (`seen_by`) only those.
    """
    readers = view.definition(view.root(case)).seen_by
    if readers:
        return holds_any(view, case, str(person_id), readers, today)
    return view.is_here(person_id, today) and (
        _belongs(view, case, person_id, today) or _has_part(view, case, person_id, today)
    )


def _belongs(view: View, case: CaseState, person_id: int, today: str) -> bool:
    places = {case.organization_id, *view.body(case.organization_id).above}
    return any(
        organization in places and from_on <= today <= (to_on or FOR_GOOD)
        for organization, _department, _role, from_on, to_on in view.posts(person_id)
    )


def _has_part(view: View, case: CaseState, person_id: int, today: str) -> bool:
    """Assigned to it, or to what it is a part of: an outside accountant sees the problem they work on."""
    return any(
        one.person_id == person_id and one.holds_on(today)
        for above in view.lineage(case)
        for one in view.bearers(above)
    )
