"""Where a case is shown: the page of its own kind, or the one that shows anything that lives."""

from collections.abc import Mapping

from engine.cases import CaseState

# Kinds with a page of their own, by the path of it; `{id}` is the case's, `{root}` its dossier's.
PLACES: Mapping[str, str] = {}
ANY = "/cases/{id}"


def place_of(case: CaseState) -> str:
    return PLACES.get(case.kind, ANY).format(id=case.id, root=case.root_id)
