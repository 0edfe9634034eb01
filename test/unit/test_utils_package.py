"""The package `cloudtower.utils`: its names, what it loads, and who replaces a name in it."""

import os
import pickle
import pkgutil
import subprocess
import sys

import pytest

import cloudtower
from cloudtower import ApiClient, Configuration, Task, utils
from cloudtower.exceptions import ApiException

try:
    from unittest import mock
except ImportError:  # Python 2.7 without the backport
    mock = None

NAMES = (
    "ApiException GetTasksRequestBody TaskApi TaskException TaskStatus TaskWhereInput UserApi"
    " UserSource get_svt_image_version login wait_task wait_tasks"
).split()
HEAVY = (
    "urllib3 dateutil six logging socket multiprocessing cloudtower.api cloudtower.models"
    " cloudtower.api_client cloudtower.rest"
).split()


def run(code):
    """What a statement prints in a fresh interpreter."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(cloudtower.__file__)))
    environment = dict(os.environ, PYTHONPATH=root)
    output = subprocess.check_output([sys.executable, "-c", code], env=environment)
    return output.decode("ascii").strip()


# ---- names -------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_scripts_find_the_published_names(name):
    assert name in dir(utils)
    assert name in utils.__all__
    value = getattr(utils, name)
    assert value is getattr(cloudtower, name, value)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        utils.no_such_name


def test_no_module_takes_the_place_of_a_helper():
    modules = [name for _, name, _ in pkgutil.iter_modules(utils.__path__)]
    assert len(modules) >= 4
    for name in modules:
        __import__("cloudtower.utils." + name)
    assert not set(modules) & (set(utils.__all__) | {"time"})
    assert callable(utils.login) and callable(utils.wait_task)


@pytest.mark.parametrize(
    "statement",
    [
        "import cloudtower.utils",
        "from cloudtower.utils import TaskException, get_svt_image_version, login",
        "from cloudtower.utils import wait_task, wait_tasks",
        "from cloudtower import utils; utils.time.sleep, utils.ApiException",
    ],
)
def test_helpers_load_nothing_heavy(statement):
    code = "import sys; before = set(sys.modules)\n%s\nloaded = set(sys.modules) - before\n"
    code += "print(sorted(loaded & set(%r)))"
    assert run(code % (statement, HEAVY)) == "[]"


def test_the_package_alone_loads_no_helper():
    code = "import sys, cloudtower.utils\n"
    code += "print(sorted(name for name in sys.modules if sys.modules[name] and name.startswith('cloudtower')))"
    assert run(code) == str(
        ["cloudtower", "cloudtower._runtime", "cloudtower._runtime.lazy", "cloudtower.utils"]
    )


def test_the_error_of_tasks_is_pickled_under_its_public_name():
    error = utils.TaskException(500, "boom", {"t1": Task(id="t1")})
    text = pickle.dumps(error, 0)
    assert b"cloudtower.utils\nTaskException\n" in text
    code = "import pickle\nerror = pickle.loads(%r)\n" % text
    code += "print(type(error).__name__, error.status, error.tasks['t1'].id)"
    shown = run(code).replace("u'", "'")
    assert shown in ("TaskException 500 t1", "('TaskException', 500, 't1')")


# ---- whoever replaces a name is obeyed ------------------------------------------


class Tasks(object):
    """What scripts' tests put in the place of TaskApi: no parameter beyond the body."""

    bodies = []

    def __init__(self, api_client):
        pass

    def get_tasks(self, get_tasks_request_body):
        self.bodies.append(get_tasks_request_body)
        return [Task(id="t1", status="SUCCESSED")]


class Users(object):
    """In the place of UserApi."""

    def __init__(self, api_client):
        pass

    def login(self, login_input):
        return cloudtower.WithTaskLoginResponse(data=cloudtower.LoginResponse(token="faked"))


def test_what_takes_the_place_of_an_api_gets_the_body_alone(monkeypatch, server, client):
    server.reply(200, [{"id": "t1", "status": "SUCCESSED"}])
    monkeypatch.setattr(utils, "TaskApi", Tasks)
    Tasks.bodies = []
    utils.wait_task("t1", client)
    utils.wait_tasks(["t1"], client)
    assert [body.where.id for body in Tasks.bodies] == ["t1", None]
    assert [body.where.id_in for body in Tasks.bodies] == [None, ["t1"]]
    assert server.requests == []
    monkeypatch.undo()
    utils.wait_task("t1", client)
    assert len(server.requests) == 1


def test_a_login_that_is_replaced_sends_nothing(monkeypatch, server, client):
    monkeypatch.setattr(utils, "UserApi", Users)
    utils.login(client, "root", "secret")
    assert client.configuration.api_key == {"Authorization": "faked"}
    assert server.requests == []


def test_a_method_that_is_replaced_gets_the_body_alone(monkeypatch, server, client):
    def get_tasks(self, get_tasks_request_body):
        return [Task(id="t1", status="SUCCESSED")]

    monkeypatch.setattr(cloudtower.TaskApi, "get_tasks", get_tasks)
    utils.wait_task("t1", client)
    assert server.requests == []


needs_mock = pytest.mark.skipif(mock is None, reason="unittest.mock")


def tasks_api():
    api = mock.Mock()
    api.return_value.get_tasks.return_value = [Task(id="t1", status="SUCCESSED")]
    return api


@needs_mock
@pytest.mark.parametrize("touched", [False, True])
def test_a_patch_is_obeyed_before_and_after_the_first_use(touched, server, client):
    server.reply(200, [{"id": "t1", "status": "SUCCESSED"}])
    vars(utils).pop("TaskApi", None)  # as if nobody had read it yet
    if touched:
        utils.wait_task("t1", client)
    before = len(server.requests)
    with mock.patch("cloudtower.utils.TaskApi", tasks_api()) as api:
        utils.wait_task("t1", client)
        utils.wait_tasks(["t1"], client)
    assert api.return_value.get_tasks.call_count == 2
    assert len(server.requests) == before
    utils.wait_task("t1", client)
    assert len(server.requests) == before + 1
    assert utils.TaskApi is cloudtower.TaskApi


@needs_mock
def test_a_patch_works_with_a_client_that_is_a_mock_too():
    client = mock.MagicMock()
    client.configuration.api_key = {}
    with mock.patch("cloudtower.utils.TaskApi", tasks_api()):
        utils.wait_task("t1", client)
    with mock.patch("cloudtower.utils.UserApi") as api:
        api.return_value.login.return_value.data.token = "faked"
        for source in ("LOCAL", "LDAP"):
            client.configuration.api_key = {}
            utils.login(client, "root", "secret", source)
            assert client.configuration.api_key == {"Authorization": "faked"}


@needs_mock
def test_a_mocked_response_names_the_directory():
    client = mock.MagicMock()
    client.configuration = Configuration(host="http://tower/v2/api")
    client.request.return_value.data = (
        b'{"data": {"authnStrategies": [{"id": "a", "type": "LDAP"}]}}'
    )
    with mock.patch("cloudtower.utils.UserApi") as api:
        utils.login(client, "root", "secret", "LDAP")
    (body,) = api.return_value.login.call_args[0]
    assert (body["source"], body["auth_config_id"]) == ("AUTHN", "a")
    client.request.assert_called_once_with("POST", "http://tower/api", body=mock.ANY)


@needs_mock
@pytest.mark.parametrize("target", ["cloudtower.utils.time.sleep", "cloudtower.utils.time"])
def test_a_patched_sleep_is_used(target, server, client):
    server.script([])
    with mock.patch(target) as patched:
        sleep = getattr(patched, "sleep", patched) if target.endswith("time") else patched
        states = iter(["PENDING", "EXECUTING", "SUCCESSED"])
        with mock.patch("cloudtower.utils.TaskApi") as api:
            api.return_value.get_tasks.side_effect = lambda body: [Task(status=next(states))]
            utils.wait_task("t1", client, interval=1000, timeout=5000)
    assert [call[0] for call in sleep.call_args_list] == [(1000,), (1000,)]


@needs_mock
def test_helpers_themselves_can_be_patched():
    real = utils.wait_task, utils.login
    with mock.patch("cloudtower.utils.wait_task") as wait, mock.patch(
        "cloudtower.utils.login"
    ) as login:
        utils.wait_task("t1", None)
        utils.login(None)
        from cloudtower.utils import wait_task

        assert wait_task is wait
    assert wait.called and login.called
    assert (utils.wait_task, utils.login) == real


@needs_mock
def test_a_node_that_is_logged_in_by_its_client_uses_the_patched_login(server):
    server.reply(200, {})
    configuration = Configuration(root_url=server.url)
    with mock.patch("cloudtower.utils.login") as login:
        user = {"name": "root", "password": "secret"}
        cloudtower.ActivePassiveApiClient([configuration], user_config=user)
    assert login.called


@needs_mock
def test_what_a_patched_api_raises_is_raised():
    with mock.patch("cloudtower.utils.TaskApi") as api:
        api.return_value.get_tasks.side_effect = ApiException(404, "gone")
        with pytest.raises(ApiException, match="gone"):
            utils.wait_task("t1", ApiClient())
