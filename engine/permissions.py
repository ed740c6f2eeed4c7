"""Who may take an action and who is to be told: roles from posts and assignments; nobody has one by default."""

from collections.abc import Iterable, Iterator

from engine.cases import CaseState
from engine.commands import SYSTEM, Bearer, Refusal
from engine.context import Context
from engine.kinds import SYSTEM_ROLE, Role
from engine.organizations import Holder
from engine.view import View


def holds_any(view: View, case: CaseState, who: str, roles: Iterable[str], today: str) -> bool:
    """Whether `who` (a person's id as text, or `system:…`) holds one of these roles towards a case today."""
    if who.startswith(SYSTEM):
        return SYSTEM_ROLE in roles
    person_id, known = int(who), view.registry.roles
    if not view.is_here(person_id, today):
        return False
    for name in roles:
        if name == SYSTEM_ROLE:
            continue
        if _holds(view, case, person_id, known[name], today):
            return True
    return False


def plays_part_of(view: View, case: CaseState, who: str, roles: Iterable[str], today: str) -> str | None:
    """Whose role `who` uses to do what `roles` may: their own, or that of somebody they stand in for; else None."""
    roles = tuple(roles)
    if holds_any(view, case, who, roles, today):
        return who
    return next((one for one in _stood_in_for(view, who, today) if holds_any(view, case, one, roles, today)), None)


def _stood_in_for(view: View, who: str, today: str) -> list[str]:
    """Whose part somebody plays today, as ids in text; nobody's most of the time."""
    away = view.stand_ins(today)
    return [str(one.for_id) for one in away if str(one.person_id) == who] if away else []


def on_behalf(context: Context) -> str | None:
    """Whom the signer stands in for in this action, or who lent them the role; None: they act for themselves."""
    if lender := _lender(context):
        return lender
    if not _stood_in_for(context.view, context.signer, context.today):
        return None
    part = plays_part_of(context.view, context.case, context.signer, context.action.roles, context.today)
    return None if part == context.signer else part


def _lender(context: Context) -> str | None:
    """Who keeps the role that the signer has on loan, where the action is not theirs in any other way."""
    loans, today = context.view.registry.loans, context.today
    for case in context.view.lineage(context.case):
        bearers = context.view.bearers(case)
        for one in bearers:
            lent = loans.get(one.role)
            if lent is None or lent not in context.action.roles:
                continue
            if str(one.person_id) == context.signer and one.holds_on(today):
                keepers = [str(by.person_id) for by in bearers if by.role == lent and by.holds_on(today)]
                return None if _is_own(context, lent, keepers) else next(iter(keepers), None)
    return None


def _is_own(context: Context, lent: str, keepers: list[str]) -> bool:
    others = [name for name in context.action.roles if name != lent]
    own = context.signer in keepers
    return own or holds_any(context.view, context.case, context.signer, others, context.today)


def hidden_from(view: View, case: CaseState, who: str, today: str) -> bool:
    """Whether a case is of a kind that names its readers, and `who` is none of them: to them it is not there."""
    readers = view.definition(view.root(case)).seen_by
    return bool(readers) and not who.startswith(SYSTEM) and not holds_any(view, case, who, readers, today)


def permitted(context: Context) -> Refusal | None:
    """Whether the actor may take the action, for themselves or on paper for the signer. Denied by default."""
    case = context.case
    if not case.is_new and hidden_from(context.view, case, context.command.actor, context.today):
        return Refusal("no_such_case", {"case_id": case.id})
    return _entitled(context)


def _entitled(context: Context) -> Refusal | None:
    command, view, case, today = context.command, context.view, context.case, context.today
    if command.signer in (None, command.actor):
        may = plays_part_of(view, case, command.actor, context.action.roles, today)
        return None if may else Refusal("not_yours", {"roles": list(context.action.roles)})
    if not context.action.paper:
        return Refusal("not_on_paper", {"action": context.action.name})
    if command.basis is None:
        return Refusal("no_basis")
    if not plays_part_of(view, case, command.actor, context.definition.recorders, today):
        return Refusal("not_yours", {"roles": list(context.definition.recorders)})
    if not plays_part_of(view, case, context.signer, context.action.roles, today):
        return Refusal("signer_not_entitled", {"roles": list(context.action.roles)})
    return None


def sealed(view: View, case: CaseState) -> Refusal | None:
    """Refuses a part of an earlier round, to everybody: it stays as it was."""
    return Refusal("earlier_round", {"round": case.round}) if case.round != view.root(case).round else None


def _holds(view: View, case: CaseState, person_id: int, role: Role, today: str) -> bool:
    if role.scope == "assignment":
        for above in view.lineage(case):
            for one in _in_role(view, above, role.name):
                if one.person_id == person_id and one.holds_on(today):
                    return True
        return False
    places = _places(view, case, role, today)
    return any(
        name == role.name and from_on <= today and (to_on is None or today <= to_on) and place in places
        for organization, department, name, from_on, to_on in view.posts(person_id)
        for place in (department if role.scope == "department" else organization,)
    )


def holders(view: View, case: CaseState, role_name: str, today: str) -> list[Holder]:
    """The people who hold a role towards a case today, in rank order, and after them who stands in for them.

    Of assignments the nearest ones.
    """
    found, away = own_holders(view, case, role_name, today), view.stand_ins(today)
    if not away:
        return found
    ids = {one.person_id for one in found}
    return [*found, *(one for one in away if one.for_id in ids)]


def own_holders(view: View, case: CaseState, role_name: str, today: str) -> list[Holder]:
    """The people who hold a role themselves."""
    role = view.registry.roles[role_name]
    if role.scope == "assignment":
        nearest = next(_assigned(view, case, role_name, today), ())
        return view.active_people(tuple(sorted(nearest)), today) if nearest else []
    places = tuple(_places(view, case, role, today))
    if not places:
        return []
    if role.scope == "department":
        return view.post_holders(role_name, today, departments=places)
    return view.post_holders(role_name, today, organizations=places)


def hearers(view: View, case: CaseState, role_name: str, today: str) -> list[Holder]:
    """Like `holders`, but when nobody holds the role, whoever it falls to: a message must reach somebody.

    In the end those of last resort, here or in the organisation above; empty only where truly nobody is left.
    """
    name: str | None = role_name
    while name is not None:
        if found := _not_hidden(view, case, holders(view, case, name, today), today):
            return found
        name = view.registry.roles[name].falls_to
    left = (_not_hidden(view, case, one, today) for one in _last_ones(view, case.organization_id, today))
    return next((found for found in left if found), [])


def _not_hidden(view: View, case: CaseState, found: list[Holder], today: str) -> list[Holder]:
    if not view.definition(view.root(case)).seen_by:
        return found
    return [one for one in found if not hidden_from(view, case, str(one.person_id), today)]


def last_resort(view: View, organization_id: int, today: str) -> list[Holder]:
    """Who hears what nobody else can hear: the first role marked so that anybody holds."""
    return next((found for found in _last_ones(view, organization_id, today) if found), [])


def _last_ones(view: View, organization_id: int, today: str) -> Iterator[list[Holder]]:
    """The holders of each role of last resort, in the organisation, then in each one above."""
    roles = [role.name for role in view.registry.roles.values() if role.last_resort]
    for place in (organization_id, *view.body(organization_id).above):
        for role in roles:
            yield view.post_holders(role, today, organizations=(place,))


def _places(view: View, case: CaseState, role: Role, today: str) -> list[int]:
    """The organisations or departments in which a post counts for this case."""
    if role.scope == "organization":
        return [case.organization_id]
    if role.scope == "above":
        return list(view.body(case.organization_id).above)
    found: list[int] = []
    for through in role.through:
        nearest = _nearest(view, case, through, today)
        found += [one.department_id for one in nearest if one.department_id is not None]
    return sorted(found)


def _assigned(view: View, case: CaseState, role: str, today: str) -> Iterator[set[int]]:
    """Who is assigned in a role or has it on loan: to the case, then to each one above it, where anybody is."""
    for above in view.lineage(case):
        found = {
            one.person_id
            for one in _in_role(view, above, role)
            if one.person_id is not None and one.holds_on(today)
        }
        if found:
            yield found


def _in_role(view: View, case: CaseState, role: str) -> list[Bearer]:
    """Whom the case itself names for a role, or as having it on loan, on whatever days."""
    loans = view.registry.loans
    return [one for one in view.bearers(case) if one.role == role or loans.get(one.role) == role]


def _nearest(view: View, case: CaseState, role: str, today: str) -> list[Bearer]:
    for above in view.lineage(case):
        if found := [one for one in view.bearers(above) if one.role == role and one.holds_on(today)]:
            return found
    return []
