"""call_and_wait where what comes after the change fails."""

import json

import pytest

from cloudtower import ApiClient, Configuration, Response, VmApi
from cloudtower.exceptions import ServiceException, TaskFailed
from cloudtower.utils import call_and_wait

BODY = {"where": {"id_in": ["a", "b"]}}


class Tower(object):
    """A transport: two VMs are started, each by a task, and then nothing can be read."""

    def __init__(self, states):
        self.states = states
        self.paths = []

    def send(self, request):
        self.paths.append(request.url.rsplit("/", 1)[1])
        if self.paths[-1] == "start-vm":
            return Response(
                200, [{"task_id": "t" + each, "data": {"id": each}} for each in ("a", "b")]
            )
        if self.paths[-1] == "get-tasks":
            asked = json.loads(request.body.decode("utf-8"))["where"]["id_in"]
            return Response(200, [{"id": each, "status": self.states[each]} for each in asked])
        return Response(503, {"message": "busy"})


def started(**states):
    tower = Tower(states)
    configuration = Configuration()
    configuration.retry_policy = None
    with pytest.raises(Exception) as caught:
        call_and_wait(VmApi(ApiClient(configuration, transport=tower)).start_vm, BODY)
    return tower, caught.value


def test_a_task_that_failed_is_what_must_be_known():
    tower, error = started(ta="SUCCESSED", tb="FAILED")
    assert isinstance(error, TaskFailed) and list(error.tasks) == ["tb"]
    assert error.succeeded == [] and tower.paths[-1] == "get-vms"


def test_a_failed_read_after_the_change_says_that_the_change_is_done():
    tower, error = started(ta="SUCCESSED", tb="SUCCESSED")
    assert isinstance(error, ServiceException) and error.operation == "VmApi.get_vms"
    assert "The change itself took effect" in str(error)
    assert tower.paths.count("start-vm") == 1
