"""Fleet: several towers at once."""

import pickle
import subprocess
import sys
import threading
import time
from functools import partial

import pytest
from recording_server import RecordingServer, Reply

from cloudtower import (
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    Configuration,
    FleetError,
    OpenApiException,
    VmApi,
)
from cloudtower.exceptions import ApiArgumentError
from cloudtower.utils import Fleet, to_rows

SOON = 60  # generous bound, seconds
NAMES = ["prod", "lab", "edge"]


@pytest.fixture
def towers():
    made = dict((name, RecordingServer()) for name in NAMES)
    for name in NAMES:
        made[name].__enter__()
        made[name].reply(200, [{"id": name + "-1", "name": "web"}])
    yield made
    for name in NAMES:
        made[name].__exit__(None, None, None)


def client_of(tower):
    configuration = Configuration(host=tower.url + "/v2/api")
    configuration.retry_policy = None
    return ApiClient(configuration)


@pytest.fixture
def clients(towers):
    return dict((name, client_of(towers[name])) for name in NAMES)


@pytest.fixture
def fleet(clients):
    return Fleet(clients)


def first_id(client):
    return VmApi(client).get_vms({"first": 1})[0].id


EACH = dict((name, name + "-1") for name in NAMES)

# ---- map ---------------------------------------------------------------------------


def test_the_result_of_each_tower(fleet):
    results, errors = fleet.map(first_id)
    assert (results, errors) == (EACH, {})
    assert list(results) == list(fleet.clients)


def test_a_tower_that_fails_stops_no_other(fleet, towers):
    towers["lab"].reply(500, {"message": "no"})
    done = fleet.map(first_id)
    assert done.results == {"prod": "prod-1", "edge": "edge-1"}
    assert list(done.errors) == ["lab"] and done.errors["lab"].status == 500


def test_any_exception_is_that_of_its_tower(fleet, clients):
    def fails(client):
        if client is clients["edge"]:
            raise ZeroDivisionError("x")
        return 1

    results, errors = fleet.map(fails)
    assert sorted(results) == ["lab", "prod"] and type(errors["edge"]) is ZeroDivisionError


def test_what_ends_the_script_is_raised(fleet):
    def leaves(client):
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        fleet.map(leaves)


def test_all_are_asked_at_once(fleet):
    together = threading.Event()
    waiting = []

    def meets(client):
        waiting.append(client)
        if len(waiting) == len(NAMES):
            together.set()
        return together.wait(SOON)

    assert set(fleet.map(meets).results.values()) == set([True])


def test_further_arguments(fleet):
    assert fleet.map(partial(added, number=2)).results["lab"] == 2


def added(client, number):
    return number


# ---- iterate -----------------------------------------------------------------------


def pages(name, count, size):
    ids = ["%s-%d" % (name, number) for number in range(count)]
    return [
        Reply(200, [{"id": id} for id in ids[start : start + size]])
        for start in range(0, count + 1, size)
    ]


def test_the_objects_of_all_towers(fleet, towers):
    for name, count in (("prod", 5), ("lab", 2), ("edge", 0)):
        towers[name].script(pages(name, count, 2))
    found = list(fleet.iterate(VmApi.get_vms, {"where": {"name": "web"}}, page_size=2))
    for name, count in (("prod", 5), ("lab", 2), ("edge", 0)):
        ids = [vm.id for tower, vm in found if tower == name]
        assert ids == ["%s-%d" % (name, number) for number in range(count)]
    bodies = [each.json() for each in towers["prod"].requests]
    assert bodies[0] == {"where": {"name": "web"}, "first": 2, "orderBy": "id_ASC"}
    assert bodies[1]["where"] == {"AND": [{"name": "web"}, {"id_gt": "prod-1"}]}
    assert len(bodies) == 3


def test_as_rows(fleet):
    rows = to_rows(fleet.iterate(VmApi.get_vms), ["tower", "object.name"])
    assert sorted(rows) == [(name, "web") for name in sorted(NAMES)]


def test_the_others_come_before_the_error(fleet, towers):
    towers["lab"].reply(500, {"message": "no"})
    found = []
    with pytest.raises(FleetError) as caught:
        for _, vm in fleet.iterate(VmApi.get_vms, where={"name": "web"}):
            found.append(vm.id)
    assert sorted(found) == ["edge-1", "prod-1"]
    assert list(caught.value.errors) == ["lab"] and caught.value.errors["lab"].status == 500
    text = str(caught.value)
    assert text.startswith("1 of 3 towers failed:\n  lab: ServiceException: (500) Reason:")
    assert "VmApi.get_vms" in text and "prod" not in text


def test_a_tower_that_fails_in_the_middle(fleet, towers):
    towers["prod"].script(pages("prod", 2, 2)[:1])
    towers["prod"].reply(500, {})
    found = []
    with pytest.raises(FleetError):
        for each in fleet.iterate(VmApi.get_vms, page_size=2):
            found.append(each.object.id)
    assert sorted(found) == ["edge-1", "lab-1", "prod-0", "prod-1"]


def test_objects_come_before_a_slow_tower_has_any(fleet, towers):
    towers["lab"].script([Reply(200, [{"id": "lab-1"}], delay=5)])
    found = fleet.iterate(VmApi.get_vms)
    assert sorted([next(found).tower, next(found).tower]) == ["edge", "prod"]
    found.close()


def test_wrong_arguments_are_errors_at_once(fleet, towers, clients):
    for method, message in (
        (VmApi(clients["lab"]).get_vms, "needs the method of the class, VmApi.get_vms"),
        (VmApi, "such as VmApi.get_vms"),
        (len, "such as VmApi.get_vms"),
        (VmApi.start_vm, "does not work with VmApi.start_vm"),
        (VmApi.get_vms_connection, "does not work with"),
    ):
        with pytest.raises(ApiTypeError, match=message):
            fleet.iterate(method)
    with pytest.raises(ApiValueError, match="naem"):
        fleet.iterate(VmApi.get_vms, {"where": {"naem": "x"}})
    with pytest.raises(ApiTypeError, match="page_size"):
        fleet.iterate(VmApi.get_vms, page_size=0)
    assert not any(tower.requests for tower in towers.values())


# ---- the fleet ---------------------------------------------------------------------


@pytest.mark.parametrize("clients", [None, {}, [], ["prod"], "prod"])
def test_a_fleet_needs_clients(clients):
    with pytest.raises(ApiTypeError, match="Fleet needs"):
        Fleet(clients)


def test_a_fleet_needs_clients_and_nothing_else():
    with pytest.raises(ApiArgumentError, match="pass ApiClient"):
        Fleet({"prod": Configuration()})
    with pytest.raises(ApiTypeError, match="concurrent.futures.Executor"):
        Fleet({"prod": ApiClient()}, executor=4)
    with pytest.raises(ApiTypeError, match="function of a client"):
        Fleet({"prod": ApiClient()}).map(None)
    with pytest.raises(ApiTypeError, match=r"\['prod'\]"):
        Fleet.from_profiles("prod")


@pytest.fixture
def profiles(towers, tmpdir, monkeypatch):
    lines = []
    for name in NAMES:
        lines += ["[%s]" % name, "endpoint = " + towers[name].url]
        lines += ["token = t-1" if name == "prod" else "username = root\npassword = pw-1"]
    path = tmpdir.join("profiles.ini")
    path.write("\n".join(lines) + "\n")
    path.chmod(0o600)
    monkeypatch.setenv("CLOUDTOWER_CONFIG", str(path))


LOGIN = Reply(200, {"task_id": None, "data": {"token": "t-2"}})


def test_profiles_log_in_when_they_are_first_asked(profiles, towers):
    for name in ("lab", "edge"):
        towers[name].script([LOGIN])
    with Fleet.from_profiles(NAMES) as fleet:
        assert list(fleet.clients) == NAMES and "prod, lab, edge" in repr(fleet)
        assert not any(tower.requests for tower in towers.values())
        for _ in range(2):
            assert fleet.map(first_id) == (EACH, {})
    assert [each.path for each in towers["lab"].requests] == ["/v2/api/login"] + 2 * [
        "/v2/api/get-vms"
    ]
    assert towers["lab"].last.header("Authorization") == ["t-2"]
    assert towers["prod"].last.header("Authorization") == ["t-1"]


def test_a_login_that_fails_is_an_error_of_its_tower(profiles, towers):
    towers["lab"].script([LOGIN])
    towers["edge"].reply(400, {"message": "wrong password"})
    fleet = Fleet.from_profiles(NAMES)
    results, errors = fleet.map(first_id)
    assert sorted(results) == ["lab", "prod"] and isinstance(errors["edge"], ApiException)
    with pytest.raises(FleetError, match="1 of 3 towers failed:\n  edge: ") as caught:
        list(fleet.iterate(VmApi.get_vms))
    assert "pw-1" not in str(caught.value)


def test_an_unknown_profile(profiles):
    with pytest.raises(ApiValueError, match="did you mean 'prod'"):
        Fleet.from_profiles(["lab", "prd"])


def test_a_script_ends_though_a_call_hangs(towers):
    towers["lab"].script([Reply(200, [], delay=SOON)])
    code = (
        "from cloudtower import ApiClient, Configuration, VmApi\n"
        "from cloudtower.utils import Fleet\n"
        "urls = %r\n"
        "fleet = Fleet(dict((url, ApiClient(Configuration(host=url))) for url in urls))\n"
        "print(next(fleet.iterate(VmApi.get_vms)).object.id)\n"
    ) % [str(towers[name].url) + "/v2/api" for name in ("prod", "lab")]
    began = time.time()
    output = subprocess.check_output([sys.executable, "-c", code])
    assert output.strip() == b"prod-1" and time.time() - began < SOON / 2


# ---- errors ------------------------------------------------------------------------


def test_the_error_of_a_fleet():
    error = FleetError({"lab": ValueError("bad\n\nvalue")}, 2)
    assert str(error) == "1 of 2 towers failed:\n  lab: ValueError: bad value"
    assert isinstance(error, OpenApiException)
    copied = pickle.loads(pickle.dumps(error))
    assert str(copied) == str(error) and copied.total == 2
    assert type(copied.errors["lab"]) is ValueError
    assert str(FleetError({"lab": ValueError()})) == "1 tower failed:\n  lab: ValueError"


def test_the_error_of_a_tower_with_another_name():
    name = b"\xe4\xb8\x8a\xe6\xb5\xb7".decode("utf-8")
    error = FleetError({name: ValueError(name)}, 2)
    assert str(error).startswith("1 of 2 towers failed:\n  ")
    assert pickle.loads(pickle.dumps(error, 2)).errors[name].args == (name,)
    assert repr(Fleet({name: ApiClient()})).startswith("<Fleet of ")


# ---- executors ---------------------------------------------------------------------


class Inline(object):
    """An executor that does its work when it is given it."""

    def __init__(self):
        self.count = 0

    def submit(self, function, *arguments):
        self.count += 1
        if self.count > 3:
            raise RuntimeError("shut down")
        return Ended(*pickle.loads(pickle.dumps((function, arguments), 2)))


class Ended(object):
    def __init__(self, function, arguments):
        self._call = partial(function, *arguments)

    def result(self):
        return self._call()

    def add_done_callback(self, note):
        note(self)


def test_an_executor_gets_what_pickles(clients, towers):
    executor = Inline()
    fleet = Fleet(clients, executor=executor)
    assert fleet.map(first_id) == (EACH, {})
    assert executor.count == 3
    results, errors = fleet.map(first_id)
    assert results == {} and sorted(errors) == sorted(NAMES)
    executor.count = 0
    assert sorted(vm.id for _, vm in fleet.iterate(VmApi.get_vms)) == sorted(EACH.values())


def test_a_client_is_logged_in_before_an_executor_gets_it(profiles, towers):
    towers["lab"].script([LOGIN])
    towers["edge"].reply(400, {"message": "wrong password"})
    executor = Inline()
    fleet = Fleet.from_profiles(NAMES, executor=executor)
    for _ in range(2):
        executor.count = 0
        results, errors = fleet.map(first_id)
        assert sorted(results) == ["lab", "prod"]
        assert list(errors) == ["edge"] and "pw-1" not in str(errors["edge"])
    assert [each.path for each in towers["lab"].requests][:2] == ["/v2/api/login"] + [
        "/v2/api/get-vms"
    ]
    assert len(towers["lab"].requests) == 3
