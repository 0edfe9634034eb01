# -*- coding: utf-8 -*-
"""upload, chunk by chunk, against a tower that says what a test wants."""

import gc
import io
import os
import re

import pytest

from cloudtower import (
    ApiClient,
    ApiException,
    Configuration,
    ElfImageApi,
    OvfApi,
    Request,
    Response,
    RetryPolicy,
    UploadFailed,
    WaitTimeout,
)
from cloudtower.network_errors import ApiProtocolError
from cloudtower.utils import upload, uploads

_PART = re.compile(
    b'name="(\\w+)"(?:; filename="([^"]*)")?.*?\r\n\r\n(.*?)\r\n--', re.DOTALL | re.IGNORECASE
)


class Tower(object):
    """A transport: takes chunks of `chunk_size` bytes.

    `script` has what happens to requests with a chunk, by their number from 0: "lost" (taken, no
    response), "unsent" (neither), or a function of this tower.
    """

    chunk_size = 3
    size = None
    first = 1  # `current_chunk` after the first one

    def __init__(self, **script):
        self.script = dict((int(name[1:]), each) for name, each in script.items())
        self.chunks = []
        self.forms = []
        self.cancelled = []
        self.sent = 0
        self.task = {"id": "u1", "status": "INITIALIZING", "resource_type": "ELF_IMAGE"}

    def send(self, request):
        path = request.url.rsplit("/", 1)[1]
        return getattr(self, "on_" + path.replace("-", "_"))(request)

    def on_upload_elf_image(self, request):
        form = {}
        for name, filename, content in _PART.findall(request.body):
            form[name.decode("ascii")] = content
            if filename:
                form["filename"] = filename
        number, self.sent = self.sent, self.sent + 1
        fate = self.script.get(number)
        if fate != "unsent":
            self.take(form)
        if callable(fate):
            fate(self)
        elif fate is not None:
            raise ApiProtocolError(reason="broken off", outcome="unknown")
        return Response(200, [self.task])

    def take(self, form):
        self.forms.append(form)
        self.chunks.append(form["file"])
        self.size = self.size or int(form["size"])
        received = sum(map(len, self.chunks))
        self.task = dict(self.task, status="UPLOADING", size=self.size, args={})
        self.task.update(
            chunk_size=self.chunk_size, current_chunk=len(self.chunks) - 1 + self.first
        )
        if received >= self.size:
            self.task.update(status="SUCCESSED", args={"attributes": {"uuid": "l1"}})

    on_upload_elf_file = on_upload_elf_image

    def on_get_upload_tasks(self, request):
        return Response(200, [self.task])

    def on_get_elf_images(self, request):
        return Response(200, [{"id": "i1", "local_id": "l1"}])

    def on_cancel_upload_task(self, request):
        self.cancelled.append(request.body)
        self.task = dict(self.task, status="FAILED")
        return Response(200, ["u1"])

    def images(self):
        configuration = Configuration(host="http://tower")
        configuration.retry_policy = RetryPolicy(backoff_factor=0)
        return ElfImageApi(ApiClient(configuration, transport=self))


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(uploads, "_FIRST_CHUNK", 4)
    monkeypatch.setattr(uploads, "_SETTLED", 0.05)


def sent(tower, content=b"0123456789", **fields):
    fields.setdefault("name", "x")
    return upload(tower.images().create_elf_image, io.BytesIO(content), **fields)


def test_the_server_says_how_long_a_chunk_is():
    tower = Tower()
    assert sent(tower, cluster_id="c1").id == "i1"
    assert tower.chunks == [b"0123", b"456", b"789"]
    first = {"cluster_id": b"c1", "name": b"x", "size": b"10", "filename": b"x"}
    assert tower.forms[0] == dict(first, file=b"0123")
    assert tower.forms[1] == {"upload_task_id": b"u1", "file": b"456", "filename": b"x"}


def test_a_path_gives_name_and_size(tmpdir):
    path = tmpdir.join("rocky.iso")
    path.write(b"0123456789", "wb")
    for given in (str(path), path, u"%s" % path):
        tower = Tower()
        upload(tower.images().create_elf_image, given)
        assert tower.forms[0]["name"] == b"rocky.iso" and tower.forms[0]["size"] == b"10"
    with io.open(str(path), "rb") as file:
        tower = Tower()
        upload(tower.images().create_elf_image, file)
        assert tower.forms[0]["name"] == b"rocky.iso" and not file.closed
    with open(str(path), "rb") as file:  # on 2.7 of another class
        tower = Tower()
        upload(tower.images().create_elf_image, file)
    assert b"".join(tower.chunks) == b"0123456789"


def test_a_name_that_is_not_ascii(tmpdir):
    name = u"\u955c\u50cf.iso"
    path = os.path.join(u"%s" % tmpdir, name)
    with open(path, "wb") as file:
        file.write(b"0123")
    tower = Tower()
    upload(tower.images().create_elf_image, path)
    assert tower.forms[0]["name"].decode("utf-8") == name


@pytest.mark.parametrize("first", [0, 1])
def test_chunks_may_be_counted_from_zero_or_one(first):
    tower = Tower(_1="unsent", _2="lost")
    tower.first = first
    assert sent(tower).id == "i1"
    assert tower.chunks == [b"0123", b"456", b"789"]


def test_a_count_that_does_not_grow_is_not_relied_on():
    def forget(tower):
        tower.task["current_chunk"] = 0

    tower = Tower(_0=forget, _1=forget, _2=forget)
    assert sent(tower).id == "i1" and tower.sent == 3

    tower = Tower(_0=forget, _1=forget, _2="unsent")
    with pytest.raises(ApiException) as caught:
        sent(tower)
    assert caught.value.upload_task_id == "u1" and tower.sent == 3


def test_a_chunk_that_arrives_twice_after_all_is_not_kept():
    def late(tower):
        tower.chunks.append(b"456")
        tower.task["current_chunk"] += 1

    tower = Tower(_1="unsent", _2=late)
    with pytest.raises(UploadFailed, match="did not send: cancelled"):
        sent(tower, b"0123456789" * 2)
    assert len(tower.cancelled) == 1 and tower.sent == 3


def test_it_is_sent_as_often_as_the_policy_allows():
    tower = Tower(_1="unsent", _2="unsent", _3="unsent")
    with pytest.raises(ApiProtocolError) as caught:
        sent(tower)
    error = caught.value
    assert error.upload_task_id == "u1" and tower.sent == 4 and tower.cancelled == []
    assert "4 of 10 bytes have been uploaded: upload the rest with resume='u1'." in str(error)

    tower.script = {}
    assert sent(tower, resume=u"u1").id == "i1"
    assert tower.chunks == [b"0123", b"456", b"789"]


def test_a_server_that_gives_up():
    def fail(tower):
        tower.task["status"] = "FAILED"

    tower = Tower(_1=fail)
    with pytest.raises(UploadFailed, match="failed on the server") as caught:
        sent(tower)
    assert caught.value.task.id == "u1" and tower.sent == 2


def test_a_server_that_takes_its_time_at_the_end():
    def later(tower):
        tower.task["status"] = "UPLOADING"

    tower = Tower(_2=later)
    with pytest.raises(
        WaitTimeout, match=r"all of the file was sent, .* \(upload task u1\)"
    ) as caught:
        sent(tower, timeout=0.3)
    assert [each.id for each in caught.value.pending] == ["u1"] and tower.cancelled == []


def test_an_image_that_does_not_show_up():
    tower = Tower()
    tower.on_get_elf_images = lambda request: Response(200, [])
    with pytest.raises(WaitTimeout, match="nothing was created"):
        sent(tower, timeout=0.3)


def test_a_task_that_does_not_say_what_it_created():
    def forget(tower):
        tower.task["args"] = {}

    tower = Tower(_2=forget)
    assert sent(tower).status == "SUCCESSED"


def test_a_response_without_a_task():
    tower = Tower()
    tower.on_upload_elf_image = lambda request: Response(200, [])
    with pytest.raises(ApiException, match="no upload task"):
        sent(tower)


def test_an_operation_that_returns_one_task():
    tower = Tower()
    tower.task["resource_type"] = "OVF"
    tower.on_upload_elf_file = lambda request: Response(
        200, tower.on_upload_elf_image(request).data and tower.task
    )
    ovf = OvfApi(tower.images().api_client)
    assert upload(ovf.upload_elf_file, io.BytesIO(b"0123456789"), name="a.vmdk").id == "u1"
    assert tower.chunks == [b"0123", b"456", b"789"]


def test_a_body_goes_with_its_call():
    """Not when the garbage collector comes, which large ones do not hasten."""
    gc.collect()
    before = [each for each in gc.get_objects() if type(each) is Request]
    gc.disable()
    try:
        sent(Tower())
        after = [each for each in gc.get_objects() if type(each) is Request]
    finally:
        gc.enable()
    assert len(after) <= len(before)


def test_ctrl_c_cancels():
    def stop(sent, total):
        raise KeyboardInterrupt()

    tower = Tower()
    with pytest.raises(KeyboardInterrupt):
        sent(tower, on_progress=stop)
    assert tower.cancelled == [b'{"where": {"id": "u1"}}']
