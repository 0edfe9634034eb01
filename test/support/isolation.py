"""Environment variables for what tests and benchmarks install: deaf to this user and machine.

Only the variables named here are handed on, so no setting of pip, Python,
setuptools, virtualenv or git changes a result. The package index is the
exception: where this machine's pip looks is read once and passed on by name.
Runs on 2.7 too.
"""

import ast
import os
import subprocess
import sys

# What a program needs to start at all.
_SYSTEM = (
    "COMSPEC",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "PATH",
    "PATHEXT",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "WINDIR",
)
# How this machine reaches other hosts, in lower case.
_NETWORK = (
    "all_proxy",
    "curl_ca_bundle",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "requests_ca_bundle",
    "ssl_cert_dir",
    "ssl_cert_file",
)
# The options of pip that say where packages are and how to get there.
_INDEX = (
    "cert",
    "client-cert",
    "default-timeout",
    "extra-index-url",
    "find-links",
    "index-url",
    "proxy",
    "retries",
    "timeout",
    "trusted-host",
)
# Where pip keeps them, the strongest last.
_SECTIONS = ("global", "install", "download", ":env:")

_found = {}


def variables(home, **more):
    """For programs that need nothing but this machine.

    Parameters:
        home: path of an existing folder, which takes the place of the user's.
        more: further variables.

    Returns a dict.
    """
    made = dict((name, os.environ[name]) for name in _SYSTEM if name in os.environ)
    made.update(
        HOME=str(home),
        USERPROFILE=str(home),
        GIT_CONFIG_NOSYSTEM="1",
        PIP_CONFIG_FILE=os.devnull,
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PYTHONNOUSERSITE="1",
        VIRTUALENV_CONFIG_FILE=os.devnull,
    )
    made.update(more)
    return made


def with_index(home, **more):
    """The same for programs that download packages, from where this machine's pip would."""
    made = variables(home)
    made.update((k, v) for k, v in os.environ.items() if k.lower() in _NETWORK)
    logins = os.environ.get("NETRC") or os.path.expanduser("~/.netrc")
    if os.path.exists(logins):
        made["NETRC"] = logins
    made.update(index())
    made.update(more)
    return made


def index():
    """The variables that name this machine's package index to pip, dict."""
    if "index" not in _found:
        _found["index"] = _parse(_listed_settings())
    return dict(_found["index"])


def _listed_settings():
    """What `pip config list` prints about this user and machine; "" without a pip."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    plain = dict((k, v) for k, v in os.environ.items() if not k.startswith("PYTHON"))
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        env=plain,
        cwd=os.path.dirname(sys.executable),
    )
    output = process.communicate()[0]
    return "" if process.returncode else output


def _parse(listed):
    """{variable: value} out of lines such as `global.index-url='https://...'`."""
    settings = {}
    for section in _SECTIONS:
        for line in listed.splitlines():
            name, _, value = line.partition("=")
            found, _, option = name.rpartition(".")
            option = option.replace("_", "-")
            if found == section and option in _INDEX:
                settings[option] = " ".join(ast.literal_eval(value).split())
    # Two names of one option: pip prefers the shorter one.
    if "timeout" in settings:
        settings.pop("default-timeout", None)
    return dict(
        ("PIP_" + option.upper().replace("-", "_"), value)
        for option, value in settings.items()
        if value
    )
