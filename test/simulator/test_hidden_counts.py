"""What a user may not see counts nowhere: shown, filtered, sorted, by REST and by GraphQL alike."""

import pytest

pytest.importorskip("starlette")

from test_permissions import User, give, tenant  # noqa: E402, F401

QUERY = """{ labels { vms { name } vm_num total_num } hosts { vm_num running_vm_num }
  clusters { vm_num running_vm_num stopped_vm_num datacenters { vm_num } } }"""


def graphql(tenant, query):  # noqa: F811
    answer = tenant.send("/api", {"query": query})
    assert answer.status == 200 and "errors" not in answer.body, answer.body
    return answer.body["data"]


def numbers(value):
    """All numbers of VMs within a value."""
    for inner in value if isinstance(value, list) else ():
        yield from numbers(inner)
    for name, inner in value.items() if isinstance(value, dict) else ():
        if name.endswith("vm_num"):
            yield inner
        yield from numbers(inner)


def test_numbers_of_vms_are_0_for_a_user_who_owns_nothing(api, tenant):  # noqa: F811
    found = list(numbers(graphql(tenant, QUERY)))
    assert found and set(found) == {0}
    for path in "/get-hosts /get-clusters /get-labels /get-datacenters".split():
        assert any(numbers(api.post(path))), path
        found = list(numbers(tenant.post(path)))
        assert found and set(found) == {0}, path


@pytest.mark.parametrize(
    "path, where",
    [
        ("/get-hosts", {"vm_num_gt": 0}),
        ("/get-hosts", {"running_vm_num_gt": 0}),
        ("/get-hosts", {"NOT": [{"running_vm_num_in": [0]}]}),
        ("/get-hosts", {"cluster": {"vm_num_not": 0}}),
        ("/get-labels", {"vm_num_gt": 0}),
        ("/get-clusters", {"hosts_some": {"vm_num_gte": 1}}),
        ("/get-clusters", {"OR": [{"stopped_vm_num_gt": 0}, {"vm_num": 4}]}),
        ("/get-datacenters", {"vm_num_gt": 0}),
        ("/get-vlans", {"vds": {"cluster": {"vm_num_gt": 0}}}),
    ],
)
def test_filters_compare_what_is_shown(api, tenant, path, where):  # noqa: F811
    assert api.post(path, {"where": where}) != []
    assert tenant.post(path, {"where": where}) == []
    assert tenant.post(path + "-connection", {"where": where})["aggregate"]["count"] == 0
    opposite = {"where": {"NOT": [where]}}
    assert len(tenant.post(path, opposite)) == len(tenant.post(path))


def test_graphql_filters_compare_what_is_shown(api, tenant):  # noqa: F811
    query = """{ hosts(where: {vm_num_gt: 0}) { id }
      labelsConnection(where: {vm_num_gt: 0}) { aggregate { count } }
      clusters { hosts(where: {running_vm_num_gt: 0}) { id } } cluster(where: {vm_num: 4}) { id }
    }"""
    found = graphql(tenant, query)
    assert found["hosts"] == [] and found["labelsConnection"]["aggregate"]["count"] == 0
    assert all(cluster["hosts"] == [] for cluster in found["clusters"])
    assert found["cluster"] is None


@pytest.mark.parametrize("path", ["/get-hosts", "/get-labels", "/get-clusters"])
def test_no_order_shows_what_is_not_seen(api, tenant, path):  # noqa: F811
    names = ["vm_num"] if path == "/get-labels" else ["vm_num", "running_vm_num"]
    for name in names:
        plain = [one["id"] for one in tenant.post(path)]
        ids = [one["id"] for one in tenant.post(path, {"orderBy": name + "_DESC"})]
        # all have 0 of them, and equal ones go by id
        assert sorted(ids) == sorted(plain) and ids in (plain, plain[::-1])
        for page in ({"first": 1}, {"skip": 1}):
            body = dict(page, orderBy=name + "_ASC")
            found = tenant.post(path, body)
            assert [one["id"] for one in found] == (plain[:1] if "first" in page else plain[1:])


def test_his_own_count(api, tenant):  # noqa: F811
    mine = api.vm("web-01")
    give(api, mine, tenant)
    (host,) = tenant.post("/get-hosts", {"where": {"running_vm_num": 1}})
    assert host["id"] == mine["host"]["id"] and host["vm_num"] == 1
    assert tenant.post("/get-hosts", {"orderBy": "vm_num_DESC", "first": 1})[0]["id"] == host["id"]
    assert sum(one["vm_num"] for one in graphql(tenant, QUERY)["hosts"]) == 1
    (found,) = tenant.post("/get-datacenters", {"where": {"vm_num_gt": 0}})
    assert found["vm_num"] == 1


@pytest.mark.parametrize("cursor", ["after", "before"])
def test_a_cursor_that_is_not_seen_is_as_one_that_is_not_there(api, tenant, cursor):  # noqa: F811
    for path, other in (("/get-vms", api.vm("web-01")), ("/get-hosts", api.vm("web-01"))):
        hidden, unknown = ({cursor: given} for given in (other["id"], "no-such-id"))
        assert tenant.send(path, hidden)[:2] == tenant.send(path, unknown)[:2] == (200, [])
    ids = [one["id"] for one in tenant.post("/get-hosts")]
    assert tenant.post("/get-hosts", {"after": ids[0], "first": 1})[0]["id"] == ids[1]
    query = '{ vms(%s: "%s") { id } }' % (cursor, api.vm("web-01")["id"])
    assert graphql(tenant, query) == {"vms": []}


def test_what_needs_all_actions_says_so(tenant):  # noqa: F811
    message = tenant.refused("/get-alerts")
    assert "action *" not in message and "a role with all actions" in message
