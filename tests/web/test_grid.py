"""Every route x every kind of actor gives the status of PRODUCT.md 5, and a refusal changes nothing but the trail."""

import pytest
from flask import Flask

from app.services import passwords
from tests.conftest import Pristine
from tests.hashing import CHEAP
from tests.web.grid_table import CASES, HER_PICTURE, OWN_BROWSER, OWN_RECORD, Answer, Case, Who
from tests.web.grid_world import Seen, World

# An allowed request whose body says nothing: served, sent on, or told what is missing, but never turned away.
SERVED_GET = {200, 303}
SERVED_POST = {200, 303, 400, 409, 422}
# Everybody else may know from a list of theirs that she exists.
MAY_NEVER_KNOW_HER = {Who.ANONYMOUS, Who.OTHER_PATIENT, Who.WAITING_DOCTOR, Who.UNLINKED_DOCTOR}
# What nobody has; a row of accounts is none of her record, so looking for it is no refusal worth a line in the trail.
OF_NOBODY = {
    "patient_id": 987_654,
    "public_id": "0" * 22,
    "other_id": "0" * 22,
    "record_id": 987_654,
    "browser_id": 987_654,
    "message_id": 987_654,
}
NOT_HER_RECORD = (OWN_BROWSER, OWN_RECORD)

Answers = dict[Case, Seen]


@pytest.fixture(scope="module")
def world(upgraded_app: Flask, pristine: Pristine, database_url: str) -> World:
    """The world, built once for all tests of this file."""
    pristine.restore()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_hasher", CHEAP)
        return World(upgraded_app, database_url)


@pytest.fixture(scope="module", params=Who)
def who(request: pytest.FixtureRequest) -> Who:
    """Each kind of actor in turn."""
    return Who(request.param)


@pytest.fixture(scope="module")
def answers(world: World, who: Who) -> Answers:
    """What this actor gets from every line of the table."""
    world.put_back()
    return {case: world.ask(who, case) for case in CASES}


def test_every_route_stands_in_the_table(upgraded_app: Flask) -> None:
    routes = {
        f"{method} {rule.endpoint}"
        for rule in upgraded_app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    table = {case.route for case in CASES}
    assert routes - table == set(), "routes without a line in tests/web/grid_table.py"
    assert table - routes == set(), "lines of tests/web/grid_table.py without a route"


def test_each_route_answers_as_the_product_contract_says(who: Who, answers: Answers) -> None:
    wrong = {
        case.route: (seen.status, case.answers[who]) for case, seen in answers.items() if not is_right(case, who, seen)
    }
    assert not wrong


def test_a_refusal_changes_nothing_but_the_trail(who: Who, answers: Answers) -> None:
    changed = {
        case.route: seen.changed_tables
        for case, seen in answers.items()
        if seen.changed_tables and (case.method == "GET" or case.answers[who] is not Answer.SERVED)
    }
    assert not changed


def test_each_refusal_stands_in_the_trail_once(who: Who, answers: Answers) -> None:
    wrong = {
        case.route: seen.refusals
        for case, seen in answers.items()
        if seen.refusals != int(is_refused(case, who)) and case.answers not in NOT_HER_RECORD
    }
    assert not wrong


def test_no_page_tells_of_her_to_those_who_may_not_know_her(world: World, who: Who, answers: Answers) -> None:
    told = {
        case.route: secret
        for case, seen in answers.items()
        for secret in world.secrets
        if who in MAY_NEVER_KNOW_HER and secret in seen.text and secret not in world.asked(case)
    }
    assert not told


def test_head_answers_as_get(world: World, who: Who, answers: Answers) -> None:
    for case, seen in answers.items():
        if case.method == "GET":
            assert world.ask(who, case, method="HEAD").status == seen.status, case.route


def test_what_is_not_yours_looks_like_what_does_not_exist(world: World, who: Who, answers: Answers) -> None:
    for case, hers in answers.items():
        nobodys = {name: value for name, value in OF_NOBODY.items() if name in world.parameters(case)}
        if not nobodys:
            continue
        missing = world.ask(who, case, arguments=nobodys)
        assert missing.changed_tables == set(), case.route
        if case.answers[who] is Answer.SERVED:
            assert missing.status == 404, case.route
        else:
            assert missing.status == hers.status, case.route
        if case.answers[who] is Answer.HIDDEN:
            assert missing.text == hers.text, case.route


def is_right(case: Case, who: Who, seen: Seen) -> bool:
    """Whether the answer is what the table says for this actor."""
    expected = case.answers[who]
    if expected is Answer.SIGN_IN:
        return seen.status == 303 and seen.leads_to_sign_in
    if expected is Answer.SERVED:
        is_signed_in = who is not Who.ANONYMOUS and case.endpoint != "auth.sign_out"
        served = SERVED_GET if case.method == "GET" else SERVED_POST
        return seen.status in served and not (is_signed_in and seen.leads_to_sign_in)
    return seen.status == int(expected.value)


def is_refused(case: Case, who: Who) -> bool:
    """Whether somebody who is known is turned away; what is kept from her for her own sake is no refusal."""
    if case.answers is HER_PICTURE and who is Who.HERSELF:
        return False
    return case.answers[who] in {Answer.FORBIDDEN, Answer.HIDDEN}
