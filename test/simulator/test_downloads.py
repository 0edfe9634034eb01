"""download: a file as a whole, or none; whatever was there before stays until then."""

import hashlib
import os
import subprocess
import sys

import pytest
from simulated import ROOT

from cloudtower import (
    ApiException,
    ApiInfoApi,
    ApiTypeError,
    ApiValueError,
    NoResultFound,
    OvfApi,
    TableReporterApi,
    VmApi,
    WaitTimeout,
)
from cloudtower.utils import call_and_wait, download

CSV = {
    "name": "vms",
    "columns": [{"name": "Name", "path": "name"}],
    "filter": {"vms": {"where": {"name_starts_with": "web"}, "orderBy": "name_ASC"}},
}
LINK = "api/export/*"


@pytest.fixture
def csv(client):
    return TableReporterApi(client).export_csv


@pytest.fixture
def links(client):
    return OvfApi(client).get_export_file_download_links


@pytest.fixture
def export(client):
    body = {"where": {"name": "build-agent"}, "data": {"type": "OVF"}}
    (export,) = call_and_wait(VmApi(client).export_vm, body)
    return export


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_a_table(csv, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("from yesterday")
    seen = []
    assert download(csv, CSV, path, lambda *now: seen.append(now)) == str(path)
    size = path.stat().st_size
    assert path.read_bytes().decode("utf-8-sig").split() == ["Name", "web-01", "web-02"]
    assert seen == [(size, size)] and names(tmp_path) == ["table.csv"]
    assert download(csv, CSV, str(tmp_path)) == str(tmp_path / "vms.csv")
    assert oct(path.stat().st_mode & 0o777) == oct(0o666 & ~current_umask())


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_files_of_an_export(links, export, tmp_path):
    seen = []
    body = {"where": {"id": export.id}}
    paths = download(links, body, tmp_path, lambda *now: seen.append(now), timeout=60)
    assert paths == [str(tmp_path / each.file_name) for each in export.files]
    for path, file in zip(paths, export.files):
        with open(path, "rb") as stream:
            content = stream.read()
        assert len(content) == file.file_size
        assert hashlib.md5(content).hexdigest() == file.md5
    assert seen[0] == (4096, 4096) and seen[-1] == (2**20, 2**20) and len(seen) > 10
    assert names(tmp_path) == ["build-agent-1.vmdk", "build-agent.ovf"]


def test_a_link_is_no_way_round_its_secret(client, links, export):
    link = links({"where": {"id": export.id}})[0].link
    root = client.configuration.host[: -len("/v2/api")]
    for wrong in (link + "x", link.partition("?")[0]):
        with pytest.raises(ApiException) as caught:
            client.call_api(wrong, "GET", _host=root, response_types_map={200: "object"})
        assert caught.value.status == 404


@pytest.mark.parametrize(
    "kind, more",
    [
        ("reset", {"when": "before"}),
        ("reset", {"when": "after"}),
        ("truncated", {}),
        ("error", {"status": 503}),
        ("error", {"status": 429, "retry_after": 0}),
    ],
)
def test_a_fault_does_not_show(simulator, csv, links, export, tmp_path, kind, more):
    simulator.faults.add(kind, operation=LINK, count=2, **more)
    simulator.faults.add(kind, operation="export-csv", count=2, **more)
    paths = download(links, {"where": {"id": export.id}}, tmp_path)
    assert [os.path.getsize(path) for path in paths] == [4096, 2**20]
    assert os.path.getsize(download(csv, CSV, tmp_path)) > 10
    assert len(names(tmp_path)) == 3
    assert [each["struck"] for each in simulator.faults.shown()] == [2, 2]


def test_what_was_there_stays(simulator, csv, links, export, tmp_path):
    simulator.faults.add("truncated", operation=LINK)
    simulator.faults.add("truncated", operation="export-csv")
    for name in ("build-agent.ovf", "vms.csv"):
        (tmp_path / name).write_text("from yesterday")
    for method, body in ((links, {"where": {"id": export.id}}), (csv, CSV)):
        with pytest.raises(ApiException) as caught:
            download(method, body, tmp_path)
        assert export.files[0].file_secret not in str(caught.value)
    assert names(tmp_path) == ["build-agent.ovf", "vms.csv"]
    assert {each.read_text() for each in tmp_path.iterdir()} == {"from yesterday"}


def test_what_the_script_raises(links, export, tmp_path):
    def stop(received, total):
        raise KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        download(links, {"where": {"id": export.id}}, tmp_path, stop)
    assert names(tmp_path) == []


def test_the_time_is_up(simulator, links, export, tmp_path):
    simulator.faults.add("latency", operation=LINK, seconds=3)
    with pytest.raises(WaitTimeout, match="is not complete after 1 s"):
        download(links, {"where": {"id": export.id}}, tmp_path, timeout=1)
    assert names(tmp_path) == []


def test_a_disk_that_is_full(simulator, client, tmp_path, export):
    script = """
import resource, sys
from cloudtower import ApiClient, Configuration, OvfApi
from cloudtower.utils import download
configuration = Configuration(host=sys.argv[1])
configuration.api_key["Authorization"] = sys.argv[2]
resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
method = OvfApi(ApiClient(configuration)).get_export_file_download_links
try:
    download(method, {"where": {"id": sys.argv[3]}}, sys.argv[4])
except EnvironmentError as error:
    print(error.strerror)
"""
    token = client.configuration.api_key["Authorization"]
    command = [sys.executable, "-c", script, simulator.endpoint, token, export.id, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=60)
    assert done.stdout == b"File too large\n"
    assert names(tmp_path) == ["build-agent.ovf"]  # which was complete


def test_an_export_that_is_running(simulator, client, links, tmp_path):
    simulator.faults.add("task_hangs", operation="export-vm")
    body = {"where": {"name": "build-agent"}, "data": {"type": "OVF"}}
    (begun,) = VmApi(client).export_vm(body)
    with pytest.raises(NoResultFound, match="may still be running"):
        download(links, {"where": {"id": begun.data.id}}, tmp_path)


def test_mistakes_are_seen_before_anything_is_sent(client, csv, links, tmp_path):
    vms, one = VmApi(client), {"where": {"id": "x"}}
    os.mkfifo(str(tmp_path / "pipe"))
    for wrong, error, said in (
        (lambda: download(vms.start_vm, one, tmp_path), ApiTypeError, "is not a file"),
        (lambda: download(vms.export_vm, one, tmp_path), ApiTypeError, "call_and_wait"),
        (lambda: download(vms.get_vms, one, tmp_path), ApiTypeError, "is not a file"),
        (lambda: download(vms.download_nvram, {}, tmp_path), ApiTypeError, "is not a file"),
        (
            lambda: download(ApiInfoApi(client).get_api_version, None, tmp_path),
            ApiTypeError,
            "is not a file",
        ),
        (lambda: download(csv, {"nmae": "x"}, tmp_path), ApiValueError, "nmae"),
        (lambda: download(csv, CSV, tmp_path / "no" / "x.csv"), ApiValueError, "no folder"),
        (lambda: download(csv, CSV, tmp_path / "pipe"), ApiValueError, "not a regular file"),
        (lambda: download(csv, CSV, ""), ApiTypeError, "path of a file or folder is needed"),
        (lambda: download(csv, CSV, None), ApiTypeError, "path of a file or folder is needed"),
        (lambda: download(links, one, tmp_path / "x"), ApiValueError, "an existing folder"),
        (lambda: download(csv, CSV, tmp_path, 3), ApiTypeError, "on_progress is a function"),
        (lambda: download(csv, CSV, tmp_path, timeout="x"), ApiTypeError, "timeout is a number"),
        (lambda: download(csv, CSV, tmp_path, async_req=True), ApiTypeError, "leave out async_req"),
    ):
        with pytest.raises(error, match=said):
            wrong()
    assert names(tmp_path) == ["pipe"]
