"""Errors of a request that others came before do not say that nothing was sent."""

import pytest
from recording_server import RecordingServer, Reply

from cloudtower import (
    ApiClient,
    ApiException,
    Configuration,
    ElfImageApi,
    LabelApi,
    RetryPolicy,
    VmApi,
)
from cloudtower.exceptions import UNKNOWN, TaskTimeout
from cloudtower.utils import bulk, call_and_wait, shut_down, upload, wait_task

NOT_THIS = "This request was not sent."
CHUNK = 8 * 2**20


class Leaving(object):
    """A server that is gone after some requests; each gets the next of these replies."""

    def __init__(self, *replies, **options):
        self._replies = list(replies)
        self.server = RecordingServer(handler=self._answer)
        configuration = Configuration(host=self.server.url + "/v2/api")
        configuration.retry_policy = options.get("policy")
        self.client = ApiClient(configuration)

    def _answer(self, request):
        reply = self._replies.pop(0)
        if not self._replies:
            self.server._server.socket.close()  # who connects from now on is refused
            self.server._server.shutdown()
        # The connection of this request ends with it.
        given = [("Connection", "close"), ("Content-Type", "application/json")]
        return Reply(reply.status, reply.body, given, drop=reply.drop)

    def __enter__(self):
        return self.client

    def __exit__(self, *failure):
        self.client.close()
        self.server._server.hang_up()


def failure(call):
    with pytest.raises(ApiException) as caught:
        call()
    text = str(caught.value)
    assert NOT_THIS in text and "Nothing was sent" not in text, text
    return caught.value


def vm(**more):
    return dict({"id": "v1", "name": "web-01", "status": "RUNNING"}, **more)


def test_a_read_after_a_change():
    with Leaving(Reply(200, [{"task_id": None, "data": vm()}])) as client:
        error = failure(lambda: call_and_wait(VmApi(client).start_vm, {"where": {"id": "v1"}}))
    assert "The change itself took effect" in str(error) and error.outcome == UNKNOWN


def test_a_shutdown_that_has_begun():
    with Leaving(
        Reply(200, [vm()]), Reply(200, [vm()]), Reply(200, [{"task_id": "t", "data": vm()}])
    ) as client:
        error = failure(lambda: shut_down(client, {"id": "v1"}, grace=60))
    assert "VMs have been asked to shut down" in str(error)


def test_an_upload_that_has_begun(tmpdir):
    path = tmpdir.join("image.iso")
    path.write(b"x" * (CHUNK + 5), "wb")
    task = {"id": "u1", "status": "INITIALIZING", "current_chunk": 1, "chunk_size": CHUNK}
    create = None
    with Leaving(Reply(200, [dict(task, size=CHUNK + 5)])) as client:
        create = ElfImageApi(client).create_elf_image
        error = failure(lambda: upload(create, str(path), cluster_id="c"))
    assert "%d of %d bytes have been uploaded" % (CHUNK, CHUNK + 5) in str(error)


def test_an_attempt_before_this_one():
    policy = RetryPolicy(backoff_factor=0.01)
    with Leaving(Reply(drop=True), policy=policy) as client:
        error = failure(lambda: VmApi(client).get_vms({}))
    assert len(error.attempts) == 3


def test_the_first_of_all_requests_says_that_nothing_was_sent():
    with RecordingServer() as gone:
        client = ApiClient(Configuration(host=gone.url + "/v2/api"))
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0.01)
    with pytest.raises(ApiException) as caught:
        VmApi(client).start_vm({"where": {"id": "v1"}})
    assert "Nothing was sent." in str(caught.value) and len(caught.value.attempts) == 3


def test_the_look_at_a_task():
    with Leaving(Reply(200, [{"id": "t", "status": "EXECUTING"}])) as client:
        error = failure(
            lambda: wait_task("t", client, interval=0.01, timeout=0.6, tolerate_errors=True)
        )
    assert isinstance(error, TaskTimeout) and "The last poll failed" in str(error)


def test_a_body_that_is_through():
    with Leaving(Reply(200, [{"task_id": None, "data": {"id": "l1"}}])) as client:
        result = bulk(LabelApi(client).create_label, [{"key": "k"}])
    assert NOT_THIS in str(result) and len(result.unknown) == 1
