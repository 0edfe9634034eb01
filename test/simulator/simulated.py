"""A simulator to talk to over plain HTTP, with a clock that tests turn themselves."""

import http.client
import json
import os
from collections import namedtuple
from urllib.parse import urlsplit

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
Answer = namedtuple("Answer", "status body headers")


class Api(object):
    """A plain HTTP client of a simulator, and the hand on its clock."""

    def __init__(self, simulator, clock):
        self.simulator = simulator
        self.clock = clock
        url = urlsplit(simulator.endpoint)
        self._prefix = url.path
        self._connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
        self.login()

    def login(self):
        self._connection.close()  # the server may have ended it after a long test elsewhere
        self.tower = self.simulator.tower
        self.world = self.tower.world
        self.token = None
        simulator = self.simulator
        login = {"username": simulator.username, "password": simulator.password}
        self.token = self.post("/login", login)["data"]["token"]

    def send(self, method, path, body=None, headers=None, raw=None):
        """An exchange below the API's prefix, or with an absolute path beside it."""
        given = {"content-type": "application/json"}
        if path.startswith("/simulator"):
            given["authorization"] = self.simulator.admin_token
        elif self.token:
            given["authorization"] = self.token
        given.update(headers or {})
        given = dict((name, value) for name, value in given.items() if value is not None)
        data = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        beside = path.startswith(("/api", "/simulator"))
        path = path if beside else self._prefix + path
        self._connection.request(method, path, data, given)
        response = self._connection.getresponse()
        text = response.read()
        if not (response.headers["content-type"] or "").startswith("text/csv"):
            text = json.loads(text) if text else None
        return Answer(response.status, text, response.headers)

    def post(self, path, body=None, **options):
        """The body of an answer with status 200."""
        answer = self.send("POST", path, body, **options)
        assert answer.status == 200, (path, answer.body)
        return answer.body

    def refused(self, path, body, status=400):
        """The ErrorBody of an answer with an error status."""
        answer = self.send("POST", path, body)
        assert answer.status == status, (path, answer.status, answer.body)
        return answer.body

    def settle(self):
        """Let all tasks end."""
        self.clock[0] += 1000

    def run(self, path, body):
        """Carry an operation out to the end of its tasks, which succeed; returns its answers.

        For an operation without tasks there is `post`.
        """
        answers = self.post(path, body)
        self.settle()
        for task in self.tasks_of(answers):
            assert task["status"] == "SUCCESSED", task
        return answers

    def failed(self, path, body):
        """Carry an operation out whose one task fails; returns the task."""
        answers = self.post(path, body)
        self.settle()
        (task,) = self.tasks_of(answers)
        assert task["status"] == "FAILED", task
        return task

    def tasks_of(self, answers):
        ids = [each["task_id"] for each in answers]
        return self.post("/get-tasks", {"where": {"id_in": ids}})

    def one(self, path, **where):
        """The only object of a list that matches."""
        found = self.post(path, {"where": where})
        assert len(found) == 1, (path, where, len(found))
        return found[0]

    def vm(self, name):
        return self.one("/get-vms", name=name)

    def close(self):
        self._connection.close()


def start(**options):
    from cloudtower.simulator import Simulator

    clock = [1_800_000_000.0]
    options = dict({"speed": 1}, **options)
    simulator = Simulator(timer=lambda: clock[0], **options).start()
    return Api(simulator, clock)


def new_disk(name, size=10 * 2**30, bus="VIRTIO"):
    volume = {"name": name, "size": size, "elf_storage_policy": "REPLICA_2_THIN_PROVISION"}
    return {"boot": 1, "bus": bus, "vm_volume": volume}
