"""What is asked of the helpers, and what the server answers to it."""

import itertools

_SOON = {"interval": 0.01, "timeout": 20}


def task(id, status="SUCCESSED", message=None):
    return {"id": id, "status": status, "error_message": message}


_DONE, _BUSY = task("a"), task("a", "EXECUTING")
_FAILED = task("a", "FAILED", "no room")
_LOGIN = {"task_id": None, "data": {"token": "t-1"}}
_ALICE = {"username": "alice", "password": "pw"}
_LDAP = dict(_ALICE, source="LDAP")

#: name -> (helper, its arguments, path of the host, what is answered: (status, body) in order)
SCENARIOS = {
    "a task": ("wait_task", {"id": "a"}, [(200, [_DONE])]),
    "a task after a while": ("wait_task", {"id": "a"}, [(200, [_BUSY]), (200, [_DONE])]),
    "a task not yet there": ("wait_task", {"id": "a"}, [(200, []), (200, [_DONE])]),
    "a paused task": ("wait_task", {"id": "a"}, [(200, [task("a", "PAUSED")]), (200, [_DONE])]),
    "a task in a new state": ("wait_task", {"id": "a"}, [(200, [task("a", "X")]), (200, [_DONE])]),
    "a failed task": ("wait_task", {"id": "a"}, [(200, [_FAILED])]),
    "a failed task without text": ("wait_task", {"id": "a"}, [(200, [task("a", "FAILED")])]),
    "a task and no time": ("wait_task", {"id": "a", "timeout": 0.05}, [(200, [_BUSY])]),
    "a task nobody may see": ("wait_task", {"id": "a"}, [(403, "")]),
    "a task of a broken server": ("wait_task", {"id": "a"}, [(500, {"code": "X"})]),
    "no tasks": ("wait_tasks", {"ids": []}, []),
    "tasks": ("wait_tasks", {"ids": ["a", "b"]}, [(200, [_DONE, task("b")])]),
    "tasks one by one": (
        "wait_tasks",
        {"ids": ["a", "b", "c"]},
        [(200, [task("b")]), (200, [_BUSY]), (200, [_DONE, task("c", "PENDING")])]
        + [(200, [task("c")])],
    ),
    "two failed tasks": (
        "wait_tasks",
        {"ids": ["a", "b", "c"]},
        [(200, [_FAILED, task("b")]), (200, [task("c", "FAILED", "other")])],
    ),
    "the first failed task": (
        "wait_tasks",
        {"ids": ["a", "b"], "exit_on_error": True},
        [(200, [_FAILED, task("b")])],
    ),
    "tasks and no time": ("wait_tasks", {"ids": ["a", "b"], "timeout": 0.05}, [(200, [_BUSY])]),
    "tasks nobody may see": ("wait_tasks", {"ids": ["a"]}, [(401, "")]),
    "login": ("login", _ALICE, [(200, _LOGIN)]),
    "login refused": ("login", _ALICE, [(400, {"code": "LOGIN_FAILED"})]),
    "login elsewhere": ("login", dict(_ALICE, source="SSO"), [(200, _LOGIN)]),
    "login by directory": (
        "login",
        _LDAP,
        [
            (
                200,
                {
                    "data": {
                        "authnStrategies": [{"id": "s1", "type": "X"}, {"id": "s2", "type": "LDAP"}]
                    }
                },
            )
        ]
        + [(200, _LOGIN)],
    ),
    "login without directory": (
        "login",
        _LDAP,
        [(200, {"data": {"authnStrategies": []}}), (200, _LOGIN)],
    ),
    "login at an old server": ("login", _LDAP, [(404, "not found"), (200, _LOGIN)]),
    "login at an odd server": ("login", _LDAP, [(200, "<html>"), (200, _LOGIN)]),
    "login without token": ("login", _ALICE, [(200, {"data": {"token": None}})]),
    "login without data": ("login", _ALICE, [(200, {"task_id": "t"})]),
}


def arguments_of(name):
    helper, arguments, _ = SCENARIOS[name]
    return dict(_SOON, **arguments) if helper.startswith("wait") else arguments


_HOSTS = (
    "http://h/v2/api",
    "http://h/v2/api/",
    " https://h:8443/v2/api?q=1#f ",
    "http://h",
    "http://h/",
    "http://h/pre/v2/api",
    "HTTPS://H.example/v2/api",
    "http://u:p@h/v2/api",
    "http://[::1]:8080/v2/api",
    "h/v2/api",
    "h",
    "10.0.0.1:8443/v2/api",
)
_ROOTS = ("http://h", "http://h/", "https://h/pre", "http://h:81/pre/", "h", "h:81", "10.0.0.1/pre")
_PATHS = (None, "", "/", "/x", "x/", "/v2/api")


def constructed():
    """Keywords of Configuration."""
    for host, api_path, scheme in itertools.product((None,) + _HOSTS, _PATHS, (None, "https")):
        yield _given(host=host, api_path=api_path, scheme=scheme)
    for host, probe_path in itertools.product((None,) + _HOSTS, _PATHS):
        yield _given(host=host, probe_path=probe_path)
    for root, api_path, scheme in itertools.product(_ROOTS, _PATHS, (None, "https")):
        yield _given(root_url=root, api_path=api_path, scheme=scheme)
        yield _given(base_url=root, api_path=api_path, scheme=scheme)
    for base, root in itertools.product(_ROOTS, _ROOTS + ("/below", "below", "")):
        yield _given(base_url=base, root_url=root, host="http://other/v2/api")


def assigned():
    """(keywords of a Configuration, an attribute that is assigned then, its value)"""
    starts = [{}] + [{"host": host} for host in _HOSTS[::3]] + [{"root_url": _ROOTS[2]}]
    values = {
        "host": _HOSTS + ("g", ""),
        "root_url": _ROOTS + (None, ""),
        "base_url": _ROOTS + (None,),
        "api_path": _PATHS,
        "probe_path": _PATHS,
        "probe_url": ("http://p/x ", None),
        "scheme": ("https", "http", None),
    }
    for start in starts:
        for attribute in sorted(values):
            for value in values[attribute]:
                yield start, attribute, value


def _given(**keywords):
    return dict((name, value) for name, value in keywords.items() if value is not None)
