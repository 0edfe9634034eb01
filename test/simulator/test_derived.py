"""What the simulator reads off the interface stands in a file, so that a change shows."""

import pytest

pytest.importorskip("starlette")

import derived  # noqa: E402


def test_the_list_is_up_to_date():
    kept = derived.FILE.read_text(encoding="utf-8").splitlines()
    differing = sorted(set(kept) ^ set(derived.text().splitlines()))
    assert kept == derived.text().splitlines(), "run: python test/simulator/derived.py\n%s" % (
        "\n".join(differing[:20])
    )


def test_a_member_that_sets_nothing_is_named(api):
    # no field of an account has the name; nothing else looks at this operation's members
    account = api.tower.world.add("VcenterAccount", ip="192.0.2.9", username="root")
    body = {"where": {"id": account.id}, "data": {"ip": "192.0.2.10", "port": 443}}
    body["data"].update(username="root", password="x")
    answer = api.send("POST", "/update-vcenter-account", body)
    assert answer.status == 200, answer.body
    assert answer.headers["x-simulator-ignored"] == "password"
    api.settle()
    assert api.post("/get-vcenter-accounts")[0]["ip"] == "192.0.2.10"


def test_a_member_that_a_refinement_looks_at_is_not(api):
    user = api.world.first("User", username="operator")
    body = {"where": {"id": user.id}, "data": {"password": "Other-Secret-1"}}
    answer = api.send("POST", "/update-user", body)
    assert answer.status == 200 and answer.headers["x-simulator-ignored"] is None
