"""The policy without HTTP: each permission x each kind of actor x each relation to the patient."""

from itertools import product

import pytest

from app.access import Actor, ActorRole, Permission, Relation, is_about_a_patient, may_enter, permits
from app.access.actor import JOB, OPERATOR
from app.access.policy import POLICY

PATIENT_ID = 7

ACTORS = {
    "anonymous": Actor(role=ActorRole.ANONYMOUS),
    "herself": Actor(role=ActorRole.PATIENT, user_id=1, patient_id=PATIENT_ID),
    "other patient": Actor(role=ActorRole.PATIENT, user_id=2, patient_id=PATIENT_ID + 1),
    "patient without record": Actor(role=ActorRole.PATIENT, user_id=3),
    "waiting doctor": Actor(role=ActorRole.DOCTOR, user_id=4),
    "doctor": Actor(role=ActorRole.DOCTOR, user_id=5, is_validated=True),
    "doctor on cover": Actor(role=ActorRole.DOCTOR, user_id=6, is_validated=True, on_unit_cover=True),
    "waiting doctor on cover": Actor(role=ActorRole.DOCTOR, user_id=7, on_unit_cover=True),
    "admin": Actor(role=ActorRole.ADMIN, user_id=8),
    "operator": OPERATOR,
    "job": JOB,
}
RELATIONS = {
    "none": None,
    "stranger": Relation(PATIENT_ID),
    "herself": Relation(PATIENT_ID, is_self=True),
    "linked": Relation(PATIENT_ID, has_live_link=True),
    "listed": Relation(PATIENT_ID, is_on_unit_list=True),
}

SIGNED_IN = {name for name, actor in ACTORS.items() if actor.is_signed_in}
DOCTORS = {"doctor", "doctor on cover"}
WITH_RECORD = {"herself", "other patient"}
ANY = set(RELATIONS)

# Who, and what she must be to the patient: PRODUCT contract, section 5.
OWN = (WITH_RECORD, {"herself"})
LINKED = (DOCTORS, {"linked"})
COVER = ({"doctor on cover"}, ANY)
COVER_LISTED = ({"doctor on cover"}, {"listed"})
ADMIN = ({"admin"}, ANY)
DOCTOR = (DOCTORS, ANY)
PATIENT = (WITH_RECORD, ANY)

EXPECTED = {
    Permission.ACCOUNT_MANAGE: [(SIGNED_IN, ANY)],
    Permission.WAITING_READ: [({"waiting doctor", "waiting doctor on cover"}, ANY)],
    Permission.PATIENT_LIST: [DOCTOR],
    Permission.PATIENT_PREREGISTER: [DOCTOR],
    Permission.PATIENT_READ: [OWN, LINKED],
    Permission.PREGNANCY_EDIT: [LINKED],
    Permission.ACCESS_LOG_READ: [OWN],
    Permission.LINK_LIST: [DOCTOR, PATIENT],
    Permission.LINK_REQUEST: [DOCTOR],
    Permission.LINK_DECIDE: [OWN],
    Permission.LINK_END: [OWN, LINKED],
    Permission.UPLOAD_OPEN: [DOCTOR, PATIENT],
    Permission.MOVEMENT_ANSWER: [OWN],
    Permission.RECORDING_UPLOAD: [OWN, LINKED],
    Permission.SESSION_LIST: [DOCTOR, PATIENT],
    Permission.SESSION_READ: [OWN, LINKED],
    Permission.RECORD_LIST: [DOCTOR, PATIENT],
    Permission.RECORD_READ: [OWN, LINKED],
    Permission.ANALYSIS_READ: [LINKED],
    Permission.REVIEW_WRITE: [LINKED],
    Permission.CONTACT_LOG: [LINKED],
    Permission.RELEASE_WRITE: [LINKED],
    Permission.QUEUE_READ: [DOCTOR],
    Permission.UNIT_READ: [COVER],
    Permission.UNIT_TAKE_OVER: [COVER_LISTED],
    Permission.UNIT_CLOSE_MESSAGE: [COVER_LISTED],
    Permission.ADMIN_DOCTORS: [ADMIN],
    Permission.ADMIN_USERS: [ADMIN],
    Permission.ADMIN_UNIT: [ADMIN],
    Permission.ADMIN_AUDIT: [ADMIN],
}


def expected(permission: Permission) -> set[tuple[str, str]]:
    """Every pair of actor and relation that may."""
    return {pair for who, to in EXPECTED[permission] for pair in product(who, to)}


def test_every_permission_stands_in_the_policy_and_in_this_table() -> None:
    assert set(POLICY) == set(Permission)
    assert set(EXPECTED) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_who_may(permission: Permission) -> None:
    permitted = {
        (who, to)
        for (who, actor), (to, relation) in product(ACTORS.items(), RELATIONS.items())
        if permits(actor, permission, relation)
    }
    assert permitted == expected(permission)


@pytest.mark.parametrize("permission", Permission)
def test_the_door_opens_to_whoever_may_for_somebody(permission: Permission) -> None:
    entering = {who for who, actor in ACTORS.items() if may_enter(actor, permission)}
    assert entering == {who for who, _to in expected(permission)}


@pytest.mark.parametrize("permission", Permission)
def test_what_is_about_a_patient_is_never_permitted_without_one(permission: Permission) -> None:
    assert is_about_a_patient(permission) == (not any(to == "none" for _who, to in expected(permission)))


@pytest.mark.parametrize("who", ["anonymous", "operator", "job", "patient without record"])
def test_these_open_no_record(who: str) -> None:
    everything = Relation(PATIENT_ID, is_self=True, has_live_link=True, is_on_unit_list=True)
    opened = [permission for permission in Permission if permits(ACTORS[who], permission, everything)]
    assert opened in ([], [Permission.ACCOUNT_MANAGE])


def test_what_is_missing_from_the_policy_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.access.policy.POLICY", {})
    everything = Relation(PATIENT_ID, is_self=True, has_live_link=True, is_on_unit_list=True)
    for permission, actor in product(Permission, ACTORS.values()):
        assert not permits(actor, permission, everything)
        assert not may_enter(actor, permission)


def test_a_permission_is_named_resource_and_action() -> None:
    for permission in Permission:
        resource, action = permission.value.split(":")
        assert permission.name == f"{resource}_{action}".upper()
