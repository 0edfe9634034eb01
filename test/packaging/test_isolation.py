"""No setting of the user or the machine reaches an environment, but for the package index."""

import sys

import isolation
import pytest
from environments import TODAY, VERSIONS, Environment, find

pytestmark = pytest.mark.timeout(600)

HOSTILE = {
    "DIST_EXTRA_CONFIG": "/nonexistent",
    "GIT_DIR": "/nonexistent",
    "PIP_BUILD_CONSTRAINT": "/nonexistent",
    "PIP_CONSTRAINT": "/nonexistent",
    "PIP_DRY_RUN": "1",
    "PIP_NO_BINARY": ":all:",
    "PIP_NO_DEPS": "1",
    "PIP_NO_INDEX": "1",
    "PIP_PREFIX": "/nonexistent",
    "PIP_REQUIRE_HASHES": "1",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_TARGET": "/nonexistent",
    "PIP_USER": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHOME": "/nonexistent",
    "PYTHONOPTIMIZE": "2",
    "PYTHONSAFEPATH": "1",
    "PYTHONSTARTUP": "/nonexistent",
    "PYTHONUSERBASE": "/nonexistent",
    "PYTHONWARNINGS": "error",
    "SETUPTOOLS_USE_DISTUTILS": "stdlib",
    "SOURCE_DATE_EPOCH": "1",
    "VIRTUALENV_NO_PIP": "1",
}
FILES = {
    "home/.config/pip/pip.conf": "[global]\nno-index = true\nrequire-hashes = true\n",
    "home/.gitconfig": "[commit]\ngpgsign = true\n[gpg]\nprogram = /nonexistent\n",
    "home/.pip/pip.conf": "[global]\nconstraint = /nonexistent\n",
    "home/.pydistutils.cfg": "[install]\nprefix = /nonexistent\n",
    "path/sitecustomize.py": "raise RuntimeError('hostile')\n",
    "path/usercustomize.py": "raise RuntimeError('hostile')\n",
    "virtualenv.ini": "[virtualenv]\nno-pip = true\n",
}


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """A user and a machine with settings that break whatever reads them."""
    known = isolation.index()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    # Where this machine's index is set up by its user, that must be found too.
    for name, value in known.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    monkeypatch.setenv("VIRTUALENV_CONFIG_FILE", str(tmp_path / "virtualenv.ini"))
    monkeypatch.setattr(isolation, "_found", {})
    return tmp_path


# Found before the settings of a test hide them.
PYTHONS = {version: find(version) for version in VERSIONS}


@pytest.mark.parametrize("version", VERSIONS)
def test_packages_are_fetched_whatever_the_settings(hostile, version):
    if not PYTHONS[version]:
        pytest.skip("no Python %s on this machine" % version)
    environment = Environment.make(version, PYTHONS[version], hostile / "environment")
    environment.fetch(hostile / "fetched", "python-dateutil")
    names = {path.name.split("-")[0].lower() for path in (hostile / "fetched").iterdir()}
    assert {"python_dateutil"} < names  # with what it needs


def test_an_environment_sees_no_settings(hostile):
    environment = Environment.make(TODAY, sys.executable, hostile / "environment")
    environment.index = "http://127.0.0.1:9/"
    listed = environment.pip("config", "list").splitlines()
    own = [":env:.disable-pip-version-check='1'", ":env:.index-url='http://127.0.0.1:9/'"]
    assert [line for line in listed if not line.startswith(":env:.config-file")] == own
    code = "import sys; print(sorted(sys.modules)); print(sys.flags.optimize, sys.warnoptions)"
    printed = environment.run("-c", code)
    assert "customize" not in printed and printed.endswith("0 []\n")


def test_only_what_names_the_index_is_passed_on(tmp_path, monkeypatch):
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://one.example/simple\nconstraint = /nonexistent\n"
        "extra-index-url =\n    https://two.example/simple\n    file:///three\n"
        "[install]\ntrusted-host = one.example\nuser = true\n"
        "[freeze]\nfind-links = /elsewhere\n"
    )
    for name in isolation.index():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("PIP_INDEX_URL", "https://four.example/simple")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(isolation, "_found", {})
    passed = isolation.with_index(tmp_path)
    assert passed["PIP_INDEX_URL"] == "https://four.example/simple"  # the variable is stronger
    assert passed["PIP_EXTRA_INDEX_URL"] == "https://two.example/simple file:///three"
    assert passed["PIP_TRUSTED_HOST"] == "one.example"
    assert not {"PIP_CONSTRAINT", "PIP_NO_INDEX", "PIP_USER"} & set(passed)
    assert passed.get("PIP_FIND_LINKS") != "/elsewhere"
    assert not any(
        name.startswith("PIP_") and "INDEX" in name for name in isolation.variables(tmp_path)
    )
