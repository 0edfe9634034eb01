"""What the waits of the verbs refuse, and what they say where the server is silent."""

import functools

import pytest
from recording_server import Reply

from cloudtower import ApiException, LabelApi, VmApi, WaitTimeout
from cloudtower.exceptions import ApiTypeError, ApiValueError, TaskTimeout
from cloudtower.network_errors import ApiTimeoutError
from cloudtower.utils import (
    bulk,
    call_and_wait,
    download,
    get_or_create,
    has_ip,
    has_status,
    rotate_snapshots,
    shut_down,
    upload,
    wait_task,
    wait_tasks,
    wait_until,
    watch,
)

WHERE = {"where": {"name": "web-01"}}
BRIEF = 0.6  # seconds, which end what hangs
SILENT = Reply(200, [], delay=30)


def vm(status="RUNNING", name="web-01", **more):
    return dict({"id": "v1", "name": name, "status": status}, **more)


# ---- a server that does not respond ----------------------------------------------


def waited(client, **options):
    with pytest.raises(WaitTimeout) as caught:
        wait_until(VmApi(client).get_vms, WHERE, has_status("STOPPED"), timeout=BRIEF, **options)
    return caught.value


def test_a_server_that_never_responds_is_no_empty_list(server, client):
    server.reply(200, [], delay=30)
    error = waited(client)
    assert "no response. The last poll failed: POST %s/" % server.url in str(error)
    assert "nothing was found" not in str(error)
    assert isinstance(error.__cause__, ApiTimeoutError)


@pytest.mark.parametrize(
    "seen, text", [([vm()], "web-01 (RUNNING). "), ([], "nothing was found. ")]
)
def test_a_server_that_falls_silent_later(server, client, seen, text):
    server.script([Reply(200, seen)])
    server.reply(200, [], delay=30)
    error = waited(client)
    assert text + "The last poll failed: POST " in str(error)
    assert isinstance(error.__cause__, ApiTimeoutError) and len(error.pending) == len(seen)


def test_a_server_that_responds_is_not_blamed(server, client):
    server.reply(200, [])
    error = waited(client)
    assert str(error).endswith("nothing was found") and error.__cause__ is None


def test_vms_that_shut_down_while_the_server_falls_silent(server, client):
    running = Reply(200, [vm(entityAsyncStatus=None)])
    server.script([running, running, Reply(200, [])])
    server.reply(200, [], delay=30)
    with pytest.raises(WaitTimeout) as caught:
        shut_down(client, {"name": "web-01"}, grace=BRIEF)
    assert "web-01 (RUNNING). The last poll failed: POST " in str(caught.value)
    assert isinstance(caught.value.__cause__, ApiTimeoutError)


# ---- times that cannot be meant --------------------------------------------------


def refused(server, verb, error, text):
    with pytest.raises(error) as caught:
        verb()
    assert text in str(caught.value), str(caught.value)
    assert server.requests == []


def verbs(client, tmpdir):
    """(a call that takes the argument, its name, whether it may be 0, and None)"""
    vms, labels = VmApi(client), LabelApi(client)
    label = {"key": "k"}
    path = tmpdir.join("image.iso")
    path.write("an image")
    from cloudtower import ElfImageApi, TableReporterApi

    export = functools.partial(
        download,
        TableReporterApi(client).export_csv,
        {"name": "vms", "columns": [], "filter": {"vms": {}}},
        str(tmpdir),
    )
    uploading = functools.partial(
        upload, ElfImageApi(client).create_elf_image, str(path), cluster_id="c"
    )
    watching = functools.partial(watch, client, ["Vm"], auth=("name", "key"))
    making = functools.partial(get_or_create, labels.create_label, label, match=("key",))
    return [
        (functools.partial(shut_down, client, WHERE, force=True), "grace", True),
        (functools.partial(shut_down, client, WHERE), "timeout", True),
        (functools.partial(wait_until, vms.get_vms, WHERE, has_ip), "timeout", True),
        (watching, "timeout", True),
        (watching, "interval", True),
        (watching, "patience", True),
        (functools.partial(call_and_wait, vms.start_vm, WHERE), "timeout", False),
        (functools.partial(bulk, labels.create_label, [label]), "timeout", False),
        (making, "timeout", False),
        (functools.partial(rotate_snapshots, client, "v1", "nightly", 7), "timeout", False),
        (uploading, "timeout", False),
        (export, "timeout", False),
    ]


def test_times_are_refused_before_anything_is_sent(server, client, tmpdir):
    for call, name, may_be_zero in verbs(client, tmpdir):
        least = "0 seconds or more" if may_be_zero else "more than 0 seconds"
        for value in (-5, -0.001, float("-inf")) + (() if may_be_zero else (0,)):
            text = "%s is %s, not %r" % (name, least, value)
            refused(server, functools.partial(call, **{name: value}), ApiValueError, text)
        for value in (float("nan"), "60", [60], True):
            text = "%s is a number of seconds" % name
            refused(server, functools.partial(call, **{name: value}), ApiTypeError, text)


@pytest.mark.parametrize(
    "wait", [lambda **o: wait_task("t", **o), lambda **o: wait_tasks(["t"], **o)]
)
def test_waits_for_tasks(server, client, wait):
    wait = functools.partial(wait, api_client=client)
    for name in ("interval", "timeout"):
        for value in (float("nan"), "5", [5]):
            text = "%s is a number of seconds" % name
            refused(server, functools.partial(wait, **{name: value}), ApiTypeError, text)
    negative = functools.partial(wait, interval=-1)
    refused(server, negative, ApiValueError, "interval is 0 seconds or more, not -1")
    both = functools.partial(wait, interval=-1, timeout=-1)
    refused(server, both, ApiValueError, "interval is 0 seconds or more")


def test_a_wait_whose_time_was_up_before(server, client):
    """What 2.x raises for what is left of a script's own time."""
    with pytest.raises(ApiException) as caught:
        wait_tasks(["t", "u"], client, timeout=-0.5)
    error = caught.value
    assert error.status == 408 and isinstance(error, TaskTimeout) and set(error.tasks) == {"t", "u"}
    assert error.reason.startswith("Timeout while waiting for task finished: timeout is 0 seconds")
    assert server.requests == []
    wait_tasks([], client, timeout=-1, interval=-1)  # nothing is waited for
    wait_task(None, client, timeout=-1)


def test_an_interval_of_another_kind_of_number(server, client):
    server.script([Reply(200, [{"id": "t", "status": "EXECUTING"}])])
    server.reply(200, [{"id": "t", "status": "SUCCESSED"}])
    wait_task("t", client, interval=False)
    assert len(server.requests) == 2


# ---- conditions -----------------------------------------------------------------------


def test_a_condition_that_lacks_its_statuses(server, client):
    call = functools.partial(wait_until, VmApi(client).get_vms, WHERE, has_status)
    refused(server, call, ApiTypeError, 'write has_status("RUNNING")')
    for given, found in (((), "nothing"), ((vm,), "function"), ((["RUNNING"],), "list")):
        with pytest.raises(ApiTypeError) as caught:
            has_status(*given)
        assert str(caught.value).endswith('not %s: write has_status("RUNNING")' % found)
