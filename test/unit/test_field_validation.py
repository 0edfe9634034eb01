# -*- coding: utf-8 -*-
"""Names in a body that the interface does not know, over real sockets."""

import collections
import functools
import inspect
import os
import subprocess
import sys
import threading
import warnings

import pytest

import cloudtower
from cloudtower import (
    NULL,
    ActivePassiveApiClient,
    ApiValueError,
    ClusterWhereInput,
    Configuration,
    GetClustersRequestBody,
    GetVmsRequestBody,
    UnknownFieldWarning,
    UserApi,
    VmApi,
    VmUpdateParams,
    VmWhereInput,
)
from cloudtower._runtime import codec, datatypes, field_validation, guard


@pytest.fixture
def vms(server, client):
    server.reply(200, [])
    with client:
        yield VmApi(client)


def caught(call, *args, **kwargs):
    """The UnknownFieldWarnings of a call, whatever the registries hold."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call(*args, **kwargs)
    return [each for each in found if each.category is UnknownFieldWarning]


def places(call, *args, **kwargs):
    return [str(each.message).split("`")[1] for each in caught(call, *args, **kwargs)]


# ---- what is unknown, and what may be meant ------------------------------------

WHERE = {"where": {"id": "x"}}
MEANT = [
    ("get_vms", {"name": "web"}, "name", 'did you mean {"where": {"name": ...}}?'),
    ("get_vms", {"name_contains": "w"}, "name_contains", '{"where": {"name_contains": ...}}'),
    ("get_vms", {"naem": "web"}, "naem", '{"where": {"name": ...}}'),
    ("get_vms", {"size": 1}, "size", '{"where": {"size": ...}}'),
    ("get_vms", {"limit": 2}, "limit", "did you mean 'first'?"),
    ("get_vms", {"page_size": 2}, "page_size", "'first'"),
    ("get_vms", {"offset": 2}, "offset", "'skip'"),
    ("get_vms", {"order_by": "name_ASC"}, "order_by", "'orderBy'"),
    ("get_vms", {"sort": "name_ASC"}, "sort", "'orderBy'"),
    ("get_vms", {"filter": {}}, "filter", "'where'"),
    ("get_vms", {"wher": {}}, "wher", "'where'"),
    ("get_vms", {"colour": 1}, "colour", "known names: after"),
    (
        "get_vms",
        {"zzz": 1},
        "zzz",
        "known names: after, before, first, last, orderBy, skip, where.",
    ),
    ("get_vms", {u"n\xe4m\u4e2d": 1}, None, "known names: after"),
    ("get_vms", {7: 1}, "7", "known names: after"),
    ("get_vms", {"": 1}, "", "known names: after"),
    ("get_vms", [{"limit": 1}], "0.limit", "'first'"),
    ("get_vms", {"where": {"naem": "x"}}, "where.naem", "'name'"),
    ("get_vms", {"where": {"zzqq": "x"}}, "where.zzqq", "known names: AND, NOT, OR, "),
    ("get_vms", {"where": {"_and": []}}, "where._and", "'AND'"),
    ("get_vms", {"where": {"or": []}}, "where.or", "'OR'"),
    ("get_vms", {"where": {"AND": [{"id": 1}, {"naem": 1}]}}, "where.AND.1.naem", "'name'"),
    ("get_vms", {"where": {"NOT": {"OR": ({"naem": 1},)}}}, "where.NOT.OR.0.naem", "'name'"),
    ("get_vms", {"where": {"host": {"naem": 1}}}, "where.host.naem", "'name'"),
    ("get_vms", {"where": {"vm_disks_some": {"i": 1}}}, "where.vm_disks_some.i", "'id'"),
    ("get_vms", {"where": [{"naem": 1}]}, "where.0.naem", "'name'"),
    ("get_vms", {"where": VmWhereInput(host={"naem": 1})}, "where.host.naem", "'name'"),
    ("get_vms", GetVmsRequestBody(where={"naem": 1}), "where.naem", "'name'"),
    (
        "get_vms",
        GetClustersRequestBody(where=ClusterWhereInput(is_all_flash=True)),
        "where.is_all_flash",
        "unknown",
    ),
    ("get_vms_connection", {"limit": 2}, "limit", "'first'"),
    ("update_vm", dict(WHERE, data={"memmory": 1}), "data.memmory", "'memory'"),
    ("update_vm", dict(WHERE, memory=1, data={}), "memory", '{"data": {"memory": ...}}'),
    ("update_vm", dict(WHERE, memmory=1, data={}), "memmory", '{"data": {"memory": ...}}'),
    ("update_vm", VmUpdateParams(where={"id": "x"}, data={"nam": 1}), "data.nam", "'name'"),
    ("create_vm", [{"memmory": 1}], "0.memmory", "'memory'"),
    ("create_vm", {"memmory": 1}, "memmory", "'memory'"),
    ("create_vm", ({"vcpu": 1}, {"memmory": 1}), "1.memmory", "'memory'"),
    ("create_vm", lambda: iter([{"memmory": 1}]), "0.memmory", "'memory'"),
    ("create_vm", collections.deque([{"memmory": 1}]), "0.memmory", "'memory'"),
    ("create_vm", [collections.OrderedDict(memmory=1)], "0.memmory", "'memory'"),
    ("create_vm", lambda: [{"vm_nics": iter([{"vlan": 1}])}], "0.vm_nics.0.vlan", "unknown"),
    (
        "create_vm",
        [{"connect_vlan_id": "x"}],
        "0.connect_vlan_id",
        '{"vm_nics": [{"connect_vlan_id": ...}]}',
    ),
    (
        "create_vm",
        [{"vm_disks": {"mount_cd_roms": [{"boot": 0}, {"bot": 1}]}}],
        "0.vm_disks.mount_cd_roms.1.bot",
        "'boot'",
    ),
]


@pytest.mark.parametrize("method, body, path, meant", MEANT)
def test_a_name_that_is_unknown(vms, server, method, body, path, meant):
    server.reply(200, {} if method == "get_vms_connection" else [])
    (warning,) = caught(getattr(vms, method), body() if callable(body) else body)
    text = str(warning.message)
    assert text.startswith("VmApi.%s: `" % method) and meant in text
    assert path is None or "`%s` is unknown; " % path in text
    assert 'Configuration.field_validation = "ignore"' in text
    assert "cloudtower.UnknownFieldWarning" in text and "newer CloudTower" in text
    assert len(server.requests) == 1  # it is sent


@pytest.mark.parametrize("method, body, path, meant", MEANT)
def test_strict_refuses_it(vms, server, client, method, body, path, meant):
    client.configuration.field_validation = "strict"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ApiValueError) as caught:
            getattr(vms, method)(body() if callable(body) else body)
    text = str(caught.value)
    assert text.startswith("VmApi.%s was not sent: `" % method)
    assert "field_validation" in text
    assert server.requests == []


KNOWN = [
    ("get_vms", {}),
    ("get_vms", []),
    ("get_vms", 5),
    ("get_vms", {"where": None, "orderBy": NULL, "first": 1}),
    ("get_vms", {"where": "x"}),
    (
        "get_vms",
        {"where": {"AND": None, "OR": [], "host": None, "status_in": ["RUNNING", {"a": 1}]}},
    ),
    ("get_vms", GetVmsRequestBody(where=VmWhereInput(_and=[VmWhereInput(id="x")]))),
    ("get_vms", {"where": {"name": {"contains": "x"}}}),  # of another kind: the server says so
    ("create_vm", [{"status": {"a": 1}, "vm_nics": [[{"vlan_id": "x"}]][0][:0]}]),
    ("update_vm", dict(WHERE, data=None)),
]


@pytest.mark.parametrize("method, body", KNOWN)
def test_names_that_are_known(vms, method, body):
    assert places(getattr(vms, method), body) == []


def test_where_anything_may_stand_nothing_is_unknown():
    found = []
    for name in cloudtower.models.catalog.homes:
        for field in getattr(cloudtower, name).__schema__.fields:
            if field.type is datatypes.SCALARS["object"]:
                body = codec.encode({field.json: {"any": [{"thing": 1}]}})
                found.append(guard._names(body, datatypes.parse(name), guard._NAMES)[0])
    assert found and not any(found)


def test_a_decoded_model_sends_no_unknown_names(vms, server):
    where = VmWhereInput.from_json({"id": "x", "newer": 1, "AND": [{"newer": 1}]})
    body = GetVmsRequestBody(where=where)
    where.name = "y"
    assert places(vms.get_vms, body) == []
    assert server.requests[0].json() == {"where": {"id": "x", "name": "y", "AND": [{}]}}


def test_each_path_once_a_call(vms):
    vms_to_create = [{"memmory": 1, "vm_nics": [{"vlan": 1}, {"vlan": 2}]} for _ in range(100)]
    assert sorted(places(vms.create_vm, vms_to_create)) == ["0.memmory", "0.vm_nics.0.vlan"]


def test_a_body_that_is_all_wrong_warns_some_times(vms):
    body = dict(("zz%d" % number, 1) for number in range(20000))
    assert len(places(vms.get_vms, {"where": body})) == 10


def test_a_body_too_deep_for_this_look_is_sent(vms, server):
    body = {"where": {"naem": 1}}
    for _ in range(300):
        body = {"where": {"AND": [body["where"]]}}
    assert places(vms.get_vms, body) == ["where" + ".AND.0" * 300 + ".naem"]
    assert len(server.requests) == 1


def test_a_write_of_lists_in_lists_too_deep_to_look_at():
    text = '{"where": {"id": "x"}, "data": %s}' % ("[" * 5000 + "]" * 5000)
    encoded = codec.Encoded(text, None)
    with pytest.raises(ApiValueError) as caught:
        guard.check(VmApi.update_vm.operation, encoded, "warn")
    assert "its body is nested too deeply" in str(caught.value)


# ---- filters of writes ---------------------------------------------------------


@pytest.mark.parametrize("mode", ["warn", "strict", "ignore"])
@pytest.mark.parametrize("allow_all", [None, False, ["where.host"]])
@pytest.mark.parametrize("where", [{"naem": 1}, {"NOT": [{"naem": 1}]}, {"cluster": {"naem": 1}}])
def test_in_the_filter_of_a_write_it_is_refused(vms, server, client, mode, allow_all, where):
    client.configuration.field_validation = mode
    with pytest.raises(ApiValueError) as caught:
        vms.start_vm({"where": where}, _allow_all=allow_all)
    assert "is unknown; did you mean 'name'?" in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize("mode", ["warn", "strict"])
def test_allow_all_alone_does_not_send_it(vms, server, client, mode):
    client.configuration.field_validation = mode
    with pytest.raises(ApiValueError):
        vms.start_vm({"where": {"naem": 1}}, _allow_all=True)
    assert server.requests == []


@pytest.mark.parametrize("allow_all", [True, ["where"], ["where.host"]])
def test_ignore_and_allow_all_together_send_it(vms, server, client, allow_all):
    client.configuration.field_validation = "ignore"
    body = {"where": {"id": "x", "host": {"AND": [{"naem": 1}]}}}
    assert caught(vms.start_vm, body, _allow_all=allow_all) == []
    assert server.requests[0].json() == body


def test_a_filter_under_a_wrong_name(vms, server):
    with pytest.raises(ApiValueError) as caught:
        vms.start_vm({"id": "x"})
    text = str(caught.value)
    assert "its filter `where` is required and missing" in text
    assert '`id` is unknown; did you mean {"where": {"id": ...}}?' in text
    assert server.requests == []


# ---- the setting ---------------------------------------------------------------


@pytest.mark.parametrize("method, body", [("get_vms", {"name": 1}), ("create_vm", [{"n": 1}])])
def test_ignore_looks_away(vms, server, client, method, body):
    client.configuration.field_validation = "ignore"
    assert caught(getattr(vms, method), body) == []
    assert server.requests[0].json() == body


def test_it_may_be_set_on_the_class_and_survives_copies(vms, server, monkeypatch):
    assert Configuration.field_validation == "warn"
    monkeypatch.setattr(Configuration, "field_validation", "strict")
    with pytest.raises(ApiValueError):
        vms.get_vms({"name": "x"})
    configuration = Configuration()
    configuration.field_validation = "ignore"
    monkeypatch.setattr(Configuration, "_default", None)
    Configuration.set_default(configuration)
    assert Configuration.get_default_copy().field_validation == "ignore"


@pytest.mark.parametrize("mode", ["stirct", None, True, "", ["warn"]])
@pytest.mark.parametrize("method", ["get_vms", "start_vm", "create_vm"])
def test_any_other_value_is_an_error(vms, server, client, mode, method):
    client.configuration.field_validation = mode
    with pytest.raises(ApiValueError) as caught:
        getattr(vms, method)(WHERE)
    text = str(caught.value)
    assert text.startswith("Configuration.field_validation") and repr(mode) in text
    assert server.requests == []


def test_a_client_that_only_looks_like_one():
    class Client(object):
        client_side_validation = True
        configuration = object()

        def call_api(self, *args, **kwargs):
            return kwargs["body"]

    assert places(VmApi(Client()).get_vms, {"name": 1}) == ["name"]
    Client.configuration = collections.namedtuple("Mock", "field_validation")(object())
    assert places(VmApi(Client()).get_vms, {"name": 1}) == ["name"]
    del Client.configuration
    assert places(VmApi(Client()).get_vms, {"name": 1}) == ["name"]


@pytest.mark.parametrize("async_req", [False, True])
@pytest.mark.parametrize("suffix", ["", "_with_http_info"])
@pytest.mark.parametrize("method, body", [("get_vms", {"name": 1}), ("create_vm", [{"n": 1}])])
def test_where_warnings_are_errors_nothing_is_sent(vms, server, method, body, suffix, async_req):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UnknownFieldWarning):
            getattr(vms, method + suffix)(body, async_req=async_req)
    assert server.requests == []


# ---- the line of the caller ----------------------------------------------------


def line():
    return inspect.currentframe().f_back.f_lineno


def is_at(warning, number):
    return os.path.samefile(warning.filename, __file__) and warning.lineno == number


def test_the_line_of_the_call(vms):
    calls = []

    def plain():
        calls.append(line() + 1)
        vms.get_vms({"name": 1})

    def with_http_info():
        calls.append(line() + 1)
        vms.get_vms_with_http_info({"name": 1})

    def in_a_thread():
        calls.append(line() + 1)
        vms.get_vms({"name": 1}, async_req=True).get(60)

    def both():
        calls.append(line() + 1)
        vms.get_vms_with_http_info({"name": 1}, async_req=True).get(60)

    def partial():
        call = functools.partial(vms.get_vms, {"name": 1})
        calls.append(line() + 1)
        call()

    def unbound():
        calls.append(line() + 1)
        VmApi.get_vms(vms, {"name": 1})

    for each in (plain, with_http_info, in_a_thread, both, partial, unbound):
        (warning,) = caught(each)
        assert is_at(warning, calls.pop()), each.__name__


def test_the_line_of_the_call_behind_wrappers(vms):
    @functools.wraps(VmApi.get_vms)
    def get_vms(*args, **kwargs):
        return vms.get_vms(*args, **kwargs)  # the wrapper is the script's own

    (warning,) = caught(get_vms, {"name": 1})
    assert is_at(warning, get_vms.__code__.co_firstlineno + 2)
    if not hasattr(functools, "partialmethod"):
        return

    class Mine(VmApi):
        webs = functools.partialmethod(VmApi.get_vms, {"name": 1})

    def call():
        numbers.append(line() + 1)
        Mine(vms.api_client).webs()

    numbers = []
    (warning,) = caught(call)
    assert is_at(warning, numbers[0])


def test_the_line_of_a_subclass(vms):
    class Mine(VmApi):
        def get_vms(self, body):
            return super(Mine, self).get_vms(body)

    (warning,) = caught(Mine(vms.api_client).get_vms, {"name": 1})
    assert is_at(warning, Mine.get_vms.__code__.co_firstlineno + 1)


def test_the_line_with_an_active_passive_client(server):
    server.reply(200, [])
    with ActivePassiveApiClient([server.url]) as client:
        calls = []

        def call(**keywords):
            calls.append(line() + 1)
            result = VmApi(client).get_vms({"name": 1}, **keywords)
            return result.get(60) if keywords else result

        for keywords in ({}, {"async_req": True}):
            (warning,) = caught(call, **keywords)
            assert is_at(warning, calls.pop())
        client.configuration.field_validation = "strict"
        before = len(server.requests)
        with pytest.raises(ApiValueError):
            VmApi(client).get_vms({"name": 1})
        assert len(server.requests) == before


def test_in_a_thread_without_a_line_of_the_script(vms):
    def run():
        thread = threading.Thread(target=vms.get_vms, args=({"name": 1},))
        thread.start()
        thread.join(60)

    assert len(caught(run)) == 1


SCRIPT = """
import sys, threading
import cloudtower
client = cloudtower.ApiClient(cloudtower.Configuration(host=sys.argv[1]))
vms = cloudtower.VmApi(client)
for _ in range(3):
    vms.get_vms({"name": "web"})
for number in range(3):
    vms.get_vms({"name": number}, async_req=True)
for number in range(3):
    vms.get_vms([{"name": "web"}, {"limit": number}])
client.close()
"""


def run(tmpdir, server, *options):
    server.reply(200, [])
    script = tmpdir.join("script.py")
    script.write(SCRIPT)
    command = [sys.executable] + list(options) + [str(script), server.url]
    root = os.path.dirname(os.path.dirname(cloudtower.__file__))
    child = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=root, PYTHONWARNINGS=""),
    )
    errors = child.communicate()[1].decode("utf-8")
    shown = [each for each in errors.splitlines() if "script.py:" in each]
    return child.returncode, [each.split("script.py:")[1].split(":")[0] for each in shown], errors


def test_a_script_is_warned_once_a_line_and_path(tmpdir, server):
    code, lines, errors = run(tmpdir, server)
    assert (code, lines) == (0, ["7", "9", "11", "11"]), errors
    assert 'vms.get_vms({"name": "web"})' in errors  # the line itself is shown
    assert len(server.requests) == 9


def test_a_script_run_with_warnings_as_errors(tmpdir, server):
    code, _, errors = run(tmpdir, server, "-W", "error")
    assert code == 1 and "UnknownFieldWarning: VmApi.get_vms: `name`" in errors
    assert server.requests == []


def test_the_filters_of_warnings_apply(tmpdir, server):
    assert run(tmpdir, server, "-W", "ignore::UserWarning")[:2] == (0, [])
    assert len(run(tmpdir, server, "-W", "always")[1]) == 12
    assert run(tmpdir, server, "-W", "once")[1] == ["7", "11", "11"]


# ---- what it costs -------------------------------------------------------------


def test_no_frame_is_looked_at_without_a_fault(vms, monkeypatch):
    def fail(*args):
        raise AssertionError("looked at")

    monkeypatch.setattr(field_validation, "report", fail)
    vms.get_vms(WHERE)
    vms.create_vm([{"name": "x"}])
    vms.update_vm(dict(WHERE, data={"name": "x"}))


def test_what_is_meant_is_looked_for_once(vms, monkeypatch):
    looked = []
    nearest = cloudtower._runtime.fault.nearest
    monkeypatch.setattr(
        cloudtower._runtime.fault, "nearest", lambda *args: looked.append(1) or nearest(*args)
    )
    for _ in range(3):
        assert len(caught(vms.get_vms, {"where": {"once_onyl": 1}})) == 1
    assert len(looked) == 1


def test_the_texts_that_are_kept_have_a_bound(vms):
    for number in range(field_validation._MOST_TEXTS + 5):
        caught(vms.get_vms, [{}] * number + [{"name": 1}])
    assert 0 < len(field_validation._texts) <= field_validation._MOST_TEXTS


def test_a_response_is_not_looked_at(server, client):
    server.reply(200, [{"id": "x", "newer": 1}])
    with client:
        assert places(UserApi(client).get_users, {}) == []


@pytest.mark.parametrize(
    "name, meant",
    [
        ("id_eq", "id"),
        ("name_begins_with", "name_starts_with"),
        ("name_like", "name_contains"),
        ("name_ne", "name_not"),
        ("vcpu_ge", "vcpu_gte"),
        ("id_nin", "id_not_in"),
        ("name_suffix", "name_ends_with"),
    ],
)
def test_operators_of_other_languages(vms, server, name, meant):
    with pytest.raises(ApiValueError) as caught:
        vms.delete_vm({"where": {name: "x"}})
    assert "did you mean '%s'" % meant in str(caught.value) and server.requests == []
