"""upload: each chunk once, one object or none, whatever goes wrong on the way."""

import io
import os
import signal
import subprocess
import sys
import time

import pytest
from simulated import ROOT

from cloudtower import (
    ApiException,
    ApiTypeError,
    ApiValueError,
    CloudTowerApplicationApi,
    ClusterApi,
    ContentLibraryImageApi,
    ElfImageApi,
    NoResultFound,
    OvfApi,
    ReadOnlyError,
    SvtImageApi,
    UploadFailed,
    UploadTaskApi,
    VmApi,
)
from cloudtower.simulator.operations.registry import HANDLERS
from cloudtower.utils import upload, uploads

CHUNK = 8 * 2**20
PATH = "upload-elf-image"


@pytest.fixture
def cluster(client):
    return ClusterApi(client).get_clusters({"first": 1})[0].id


@pytest.fixture
def images(client):
    return ElfImageApi(client)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(uploads, "_SETTLED", 0.5)
    monkeypatch.setattr(uploads, "_SETTLED_AFTER_SILENCE", 1.5)


@pytest.fixture
def received(monkeypatch):
    """The bytes that the server has taken, by the id of the upload task."""
    taken = {}
    handle = HANDLERS["/" + PATH]

    def note(call):
        response = handle(call)
        task = response[0]["id"]
        taken[task] = taken.get(task, b"") + call.body["file"].content
        return response

    monkeypatch.setitem(HANDLERS, "/" + PATH, note)
    return taken


@pytest.fixture(scope="module")
def iso(tmp_path_factory):
    """Path of a file of three chunks, each of which has other bytes."""
    path = tmp_path_factory.mktemp("iso") / "rocky.iso"
    path.write_bytes(b"a" * CHUNK + b"b" * CHUNK + b"\r\nc" * 7)
    return path


def named(images, name="rocky.iso"):
    return images.get_elf_images({"where": {"name": name}})


def running(client):
    where = {"status_not_in": ["SUCCESSED", "FAILED"]}
    return UploadTaskApi(client).get_upload_tasks({"where": where})


# ---- what it is for -----------------------------------------------------------------


def test_the_new_image_comes_back(images, cluster, iso, received):
    seen = []
    image = upload(images.create_elf_image, iso, lambda *now: seen.append(now), cluster_id=cluster)
    size = iso.stat().st_size
    assert (image.name, image.size) == ("rocky.iso", size) and type(image).__name__ == "ElfImage"
    assert seen == [(CHUNK, size), (2 * CHUNK, size), (size, size)]
    assert list(received.values()) == [iso.read_bytes()]


@pytest.mark.parametrize(
    "method, fields, result",
    [
        (
            lambda client: ContentLibraryImageApi(client).create_content_library_image,
            lambda cluster: {"clusters": {"id": cluster}, "description": "new"},
            "ContentLibraryImage",
        ),
        (
            lambda client: ContentLibraryImageApi(client).create_content_library_image,
            lambda cluster: {"clusters": '{"id": "%s"}' % cluster},
            "ContentLibraryImage",
        ),
        (
            lambda client: SvtImageApi(client).upload_svt_image,
            lambda cluster: {"cluster_id": cluster, "version": "3.2.1"},
            "SvtImage",
        ),
        (
            lambda client: CloudTowerApplicationApi(client).upload_cloud_tower_application_package,
            lambda cluster: {"name": "obs-1.2.3"},
            "CloudTowerApplicationPackage",
        ),
        (
            lambda client: OvfApi(client).upload_elf_file,
            lambda cluster: {"cluster_id": cluster},
            "UploadTask",
        ),
    ],
)
def test_the_other_uploads(client, cluster, iso, method, fields, result):
    made = upload(method(client), str(iso), **fields(cluster))
    assert type(made).__name__ == result
    assert getattr(made, "status", "SUCCESSED") == "SUCCESSED"
    assert running(client) == []


def test_an_ovf_is_sent_as_a_whole(client, cluster, tmp_path):
    path = tmp_path / "web.ovf"
    path.write_bytes(b"<Envelope/>")
    seen = []
    parsed = upload(
        OvfApi(client).parse_ovf, path, lambda *now: seen.append(now), cluster_id=cluster
    )
    assert parsed.name == "web" and seen == [(11, 11)]
    with pytest.raises(ApiTypeError, match="leave out resume"):
        upload(OvfApi(client).parse_ovf, path, resume="x", cluster_id=cluster)


def test_open_files(images, cluster, iso, received):
    with open(iso, "rb") as file:
        assert upload(images.create_elf_image, file, cluster_id=cluster).name == "rocky.iso"
        assert not file.closed
    content = io.BytesIO(b"skipped" + b"x" * 10)
    content.seek(7)
    image = upload(images.create_elf_image, content, cluster_id=cluster, name="of bytes")
    assert (image.name, image.size) == ("of bytes", 10)
    read, write = os.pipe()
    with os.fdopen(write, "wb") as pipe:
        pipe.write(b"through a pipe")
    with os.fdopen(read, "rb") as pipe:
        image = upload(images.create_elf_image, pipe, cluster_id=cluster, name="p", size=14)
    assert image.size == 14
    assert list(received.values())[1:] == [b"x" * 10, b"through a pipe"]


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs Linux")
def test_the_memory_that_a_large_file_takes(simulator, cluster, tmp_path):
    script = """
import sys
from cloudtower import ApiClient, Configuration, ElfImageApi
from cloudtower.utils import upload
configuration = Configuration(host=sys.argv[1])
configuration.api_key["Authorization"] = sys.argv[2]
api = ElfImageApi(ApiClient(configuration))
def peak():  # not ru_maxrss, which begins with that of the parent
    with open("/proc/self/status") as status:
        return [int(line.split()[1]) for line in status if line.startswith("VmHWM")][0] / 1024
with open(sys.argv[3] + ".small", "wb") as file:
    file.write(b"x")
upload(api.create_elf_image, file.name, cluster_id=sys.argv[4])
before = peak()
image = upload(api.create_elf_image, sys.argv[3], cluster_id=sys.argv[4])
print(image.size, peak() - before)
"""
    path = tmp_path / "large.iso"
    with open(path, "wb") as file:
        file.truncate(150 * 2**20)
    with simulator.client() as client:
        token = client.configuration.api_key["Authorization"]
        command = [sys.executable, "-c", script, simulator.endpoint, token, str(path), cluster]
        printed = subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=120
        ).stdout.split()
    assert int(printed[0]) == 150 * 2**20
    assert float(printed[1]) < 50


# ---- faults -------------------------------------------------------------------------

LOST = [
    ("reset", {"when": "before"}),
    ("reset", {"when": "after"}),
    ("truncated", {}),
    ("not_json", {}),
    ("error", {"status": 503}),
    ("error", {"status": 504}),
    ("error", {"status": 500}),
]
DECLINED = [("error", {"status": 429, "retry_after": 0})]
NAMES = ["%s %s" % (kind, "".join(map(str, more.values()))) for kind, more in LOST + DECLINED]


@pytest.mark.parametrize("kind, more", LOST + DECLINED, ids=NAMES)
@pytest.mark.parametrize("after", [1, 2])
def test_a_chunk_whose_response_is_lost(
    simulator, images, cluster, iso, received, quick, kind, more, after
):
    """In the middle, and the last one: each arrives once, and there is one image."""

    def strike(sent, total):
        if sent == after * CHUNK:
            simulator.faults.add(kind, operation=PATH, count=1, **more)

    image = upload(images.create_elf_image, iso, strike, cluster_id=cluster)
    assert [each.id for each in named(images)] == [image.id]
    assert list(received.values()) == [iso.read_bytes()]


@pytest.mark.parametrize("kind, more", LOST, ids=NAMES[: len(LOST)])
def test_the_first_response_is_lost(simulator, images, cluster, tmp_path, received, kind, more):
    """Nothing says which task it began, so nothing is sent again."""
    path = tmp_path / "small.iso"
    path.write_bytes(b"small")
    simulator.faults.add(kind, operation=PATH, count=1, **more)
    with pytest.raises(ApiException) as caught:
        upload(images.create_elf_image, path, cluster_id=cluster)
    assert caught.value.outcome == "unknown" and caught.value.upload_task_id is None
    assert "get_upload_tasks" in str(caught.value)
    assert len(named(images, "small.iso")) == len(received) <= 1


def test_a_first_chunk_that_is_declined(simulator, images, cluster, iso, received):
    simulator.faults.add("error", status=429, retry_after=0, operation=PATH, count=2)
    upload(images.create_elf_image, iso, cluster_id=cluster)
    assert list(received.values()) == [iso.read_bytes()]


def test_a_session_that_ends_on_the_way(simulator, images, cluster, iso, received):
    def end(sent, total):
        if sent == CHUNK:
            simulator.expire_sessions()

    upload(images.create_elf_image, iso, end, cluster_id=cluster)
    assert list(received.values()) == [iso.read_bytes()]


def test_a_chunk_that_arrives_late(simulator, images, cluster, iso, received, quick):
    """The server takes it after the client has given it up: it must not be sent again."""

    def delay(sent, total):
        if sent == CHUNK:
            simulator.faults.add("latency", operation=PATH, count=1, seconds=1.2)

    upload(images.create_elf_image, iso, delay, cluster_id=cluster, _request_timeout=0.6)
    assert list(received.values()) == [iso.read_bytes()]


def test_without_a_policy_nothing_is_sent_again(simulator, images, cluster, iso, quick):
    images.api_client.configuration.retry_policy = None

    def strike(sent, total):
        simulator.faults.add("reset", when="before", operation=PATH, count=1)

    with pytest.raises(ApiException) as caught:
        upload(images.create_elf_image, iso, strike, cluster_id=cluster)
    assert caught.value.upload_task_id and caught.value.outcome == "unknown"


def test_it_goes_on_in_a_later_process(simulator, images, cluster, iso, received, quick):
    def strike(sent, total):
        simulator.faults.add("reset", when="before", operation=PATH)

    with pytest.raises(ApiException) as caught:
        upload(images.create_elf_image, iso, strike, cluster_id=cluster)
    simulator.faults.clear()
    id = caught.value.upload_task_id
    assert "resume='%s'" % id in str(caught.value) and named(images) == []
    seen = []
    with simulator.client() as later:
        image = upload(
            ElfImageApi(later).create_elf_image,
            str(iso),
            lambda sent, total: seen.append(sent),
            resume=id,
            cluster_id=cluster,
        )
        assert seen == [2 * CHUNK, iso.stat().st_size]
        again = upload(ElfImageApi(later).create_elf_image, iso, resume=id, cluster_id=cluster)
    assert received == {id: iso.read_bytes()}
    assert [each.id for each in named(images)] == [image.id] == [again.id]


def test_what_cannot_go_on(client, images, cluster, iso, tmp_path):
    def stop(sent, total):
        raise KeyboardInterrupt()

    with pytest.raises(NoResultFound, match="no upload task nope"):
        upload(images.create_elf_image, iso, resume="nope", cluster_id=cluster)
    with pytest.raises(KeyboardInterrupt):
        upload(images.create_elf_image, iso, stop, cluster_id=cluster)
    (task,) = UploadTaskApi(client).get_upload_tasks({})
    other = tmp_path / "other.iso"
    other.write_bytes(b"x")
    with pytest.raises(ApiValueError, match="is of 16777237 bytes, but .* has 1"):
        upload(images.create_elf_image, other, resume=task.id, cluster_id=cluster)
    with pytest.raises(UploadFailed, match="was cancelled") as caught:
        upload(images.create_elf_image, iso, resume=task, cluster_id=cluster)
    assert caught.value.task.id == task.id


# ---- the end of an upload -------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_what_the_script_raises_cancels_it(client, images, cluster, iso, error):
    def stop(sent, total):
        raise error()

    with pytest.raises(error):
        upload(images.create_elf_image, iso, stop, cluster_id=cluster)
    assert running(client) == [] and named(images) == []


@pytest.mark.parametrize("begun", [False, True])
def test_ctrl_c_while_a_chunk_is_on_its_way(simulator, client, cluster, iso, begun):
    script = """
import signal, sys
from cloudtower import ApiClient, Configuration, ElfImageApi
from cloudtower.utils import upload
signal.signal(signal.SIGINT, signal.default_int_handler)
configuration = Configuration(host=sys.argv[1])
configuration.api_key["Authorization"] = sys.argv[2]
def tell(sent, total):
    print(sent, flush=True)
method = ElfImageApi(ApiClient(configuration)).create_elf_image
try:
    upload(method, sys.argv[3], tell, cluster_id=sys.argv[4])
except KeyboardInterrupt:
    print("interrupted")
"""
    simulator.faults.add("latency", operation=PATH, seconds=1.5)
    token = client.configuration.api_key["Authorization"]
    command = [sys.executable, "-c", script, simulator.endpoint, token, str(iso), cluster]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        if begun:
            assert int(process.stdout.readline()) == CHUNK
        deadline = time.monotonic() + 30
        while simulator.faults.shown()[0]["struck"] <= begun:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[0] == b"interrupted\n"
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    (task,) = UploadTaskApi(client).get_upload_tasks({})
    assert task.status == "FAILED"


def test_a_file_that_changes_meanwhile(client, images, cluster, iso, tmp_path):
    for change, said in (
        (lambda path: path.write_bytes(b"short"), "ends .* bytes early"),
        (lambda path: path.write_bytes(iso.read_bytes() + b"x"), "has grown"),
    ):
        path = tmp_path / "changes.iso"
        path.write_bytes(iso.read_bytes())

        def edit(sent, total, change=change, path=path):
            if sent == CHUNK:
                change(path)

        with pytest.raises(ApiValueError, match=said):
            upload(images.create_elf_image, path, edit, cluster_id=cluster)
    assert running(client) == [] and named(images, "changes.iso") == []


def test_an_upload_that_somebody_cancels(client, images, cluster, iso):
    def cancel(sent, total):
        UploadTaskApi(client).cancel_upload_task({"where": {"size": total}})

    with pytest.raises(ApiException, match="UPLOAD_TASK_FINISHED"):
        upload(images.create_elf_image, iso, cancel, cluster_id=cluster)


# ---- mistakes -------------------------------------------------------------------------


def test_mistakes_are_seen_before_anything_is_sent(client, images, cluster, iso, tmp_path):
    empty = tmp_path / "empty.iso"
    empty.write_bytes(b"")
    os.mkfifo(str(tmp_path / "pipe"))
    library = ContentLibraryImageApi(client).create_content_library_image
    at_its_end = io.BytesIO(b"written")
    at_its_end.seek(0, 2)

    def of(source, method=images.create_elf_image, **fields):
        return lambda: upload(method, source, **dict({"cluster_id": cluster}, **fields))

    for wrong, error, said in (
        (
            of(iso, VmApi(client).start_vm),
            ApiTypeError,
            "does not work with VmApi.start_vm: .* no file",
        ),
        (of(iso, VmApi(client).upload_nvram), ApiTypeError, "it takes no file"),
        (of(iso, ElfImageApi.create_elf_image), ApiTypeError, "without an instance"),
        (of(tmp_path / "missing.iso"), OSError, "No such file .*missing.iso"),
        (of(tmp_path), OSError, "Is a directory"),
        (of(tmp_path / "pipe"), ApiValueError, "not a regular file"),
        (of(empty), ApiValueError, "empty.iso' is empty: nothing to upload"),
        (of(at_its_end, name="x"), ApiValueError, "or at its end"),
        (of(io.BytesIO(b"x")), ApiTypeError, "has no name: pass name="),
        (of(io.StringIO("x"), name="x"), ApiTypeError, 'open it with "rb"'),
        (of(b"bytes"), ApiTypeError, "a path or an open file is needed, not bytes"),
        (of(""), ApiTypeError, "path of the file is empty"),
        (of(None), ApiTypeError, "not NoneType"),
        (of(iso, cluster="x"), ApiTypeError, "takes no keyword 'cluster'"),
        (of(iso, library, cluster_id=None), ApiTypeError, "needs clusters="),
        (of(iso, upload_task_id="x"), ApiTypeError, "pass resume="),
        (of(iso, resume=3), ApiTypeError, "resume is the id of an upload task"),
        (of(iso, resume=""), ApiTypeError, "resume is the id of an upload task"),
        (of(iso, size=3), ApiValueError, "has 16777237 bytes, not 3"),
        (of(iso, size=3, size_unit="XB"), ApiValueError, "size_unit is one of"),
        (of(iso, size="many"), ApiTypeError, "size is a number"),
        (of(iso, on_progress=3), ApiTypeError, "on_progress is a function"),
        (of(iso, timeout="x"), ApiTypeError, "timeout is a number"),
        (of(iso, async_req=True), ApiTypeError, "leave out async_req"),
    ):
        with pytest.raises(error, match=said):
            wrong()
    assert UploadTaskApi(client).get_upload_tasks({}) == []
    client.configuration.read_only = True
    with pytest.raises(ReadOnlyError):
        upload(images.create_elf_image, iso, cluster_id=cluster)


def test_a_server_that_is_not_there(simulator, images, cluster, iso):
    images.api_client.configuration.host = "http://127.0.0.1:9/v2/api"
    with pytest.raises(ApiException) as caught:
        upload(images.create_elf_image, iso, cluster_id=cluster)
    assert caught.value.outcome == "not_sent" and caught.value.upload_task_id is None
