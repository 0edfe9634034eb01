"""The value that says where a CloudTower is; test_configuration.py has what its parts are."""

import copy
import json
import pickle
import pprint

import pytest

from cloudtower import Configuration
from cloudtower._http.address import Address

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
# The state of a Configuration, as 2.x and earlier builds of 3.0 pickled it.
STATE = {
    "_scheme": "https",
    "_base_path": "https://h/v2/api",
    "_base_url": "https://h",
    "_root_url": "https://h",
    "_probe_url": "https://h/api/healthz",
    "_api_path": "/v2/api",
    "_probe_path": "/api/healthz",
}
CHANGES = [
    ("with_host", "http://g/x"),
    ("with_host", "g"),
    ("with_root", "http://g"),
    ("with_root", None),
    ("with_base", "http://g"),
    ("with_base", None),
    ("with_scheme", "http"),
    ("with_scheme", None),
    ("with_api_path", "/x"),
    ("with_probe_path", "/x"),
    ("with_probe", None),
]


@pytest.fixture
def address():
    return Address.of_host("https://me:pw-1@h/v2/api")


@pytest.mark.parametrize("method, value", CHANGES)
def test_a_change_makes_another_address(address, method, value):
    before = address.parts()
    changed = getattr(address, method)(value)
    assert changed is not address and changed.parts() != before
    assert address.parts() == before


def test_an_address_cannot_be_changed(address):
    for name in ("host", "other"):
        with pytest.raises(AttributeError):
            setattr(address, name, "http://g")
    assert address.host == "https://me:pw-1@h/v2/api"


def test_an_address_shows_no_password(address):
    for text in (repr(address), str(address), "%s" % address, pprint.pformat({1: address})):
        assert "https://h/v2/api" in text and "pw-1" not in text
    assert "pw-1" not in json.dumps([address], default=str)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_address_pickles_no_password(address, protocol):
    pickled = pickle.dumps(address, protocol)
    assert b"pw-1" not in pickled
    assert pickle.loads(pickled).parts() == address.bare().parts()


def test_copies_are_the_address_itself(address):
    assert copy.copy(address) is copy.deepcopy(address) is address


def test_a_copied_configuration_moves_on_its_own():
    for make in (copy.copy, copy.deepcopy):
        configuration = Configuration(host="https://me:pw-1@h/v2/api")
        copied = make(configuration)
        assert copied.host == "https://me:pw-1@h/v2/api"
        copied.root_url = "http://g"
        assert (copied.host, configuration.root_url) == ("http://g/v2/api", "https://me:pw-1@h")


# ---- pickles of a Configuration --------------------------------------------------


def test_a_pickle_has_the_names_of_2_x():
    state = Configuration(host="https://h/v2/api").__getstate__()
    assert dict((name, state[name]) for name in STATE) == STATE
    assert "_address" not in state


@pytest.mark.parametrize(
    "extra", [{}, {"logger_stream_handler": None, "connection_pool_maxsize": 5}]
)
def test_a_state_of_2_x_is_restored(extra):
    restored = Configuration.__new__(Configuration)
    restored.__setstate__(dict(STATE, **extra))
    assert (restored.host, restored.scheme) == ("https://h/v2/api", "https")
    assert restored.probe_url == "https://h/api/healthz"
    assert not set(STATE) & set(vars(restored))
    restored.root_url = "g"
    assert restored.host == "https://g/v2/api"


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "name, value", [("host", "g"), ("root_url", None), ("base_url", None), ("probe_url", None)]
)
def test_parts_that_differ_survive_a_pickle(protocol, name, value):
    configuration = Configuration(host="https://h/v2/api")
    setattr(configuration, name, value)
    restored = pickle.loads(pickle.dumps(configuration, protocol))
    assert getattr(restored, name) == value
    assert vars(restored)["_address"].parts() == vars(configuration)["_address"].parts()


class PicklesAll(Configuration):
    """As scripts extend it."""

    def __getstate__(self):
        return dict(vars(self))


class PicklesMore(Configuration):
    def __getstate__(self):
        return dict(super(PicklesMore, self).__getstate__(), more=1)

    def __setstate__(self, state):
        super(PicklesMore, self).__setstate__(state)


@pytest.mark.parametrize("cls", [PicklesAll, PicklesMore])
def test_a_subclass_with_a_state_of_its_own(cls):
    configuration = cls(host="https://me:pw-1@h/v2/api")
    pickled = pickle.dumps(configuration, 2)
    assert b"pw-1" not in pickled
    assert pickle.loads(pickled).host == "https://h/v2/api"


def test_a_subclass_may_override_a_part():
    class Fixed(Configuration):
        @property
        def host(self):
            return super(Fixed, self).host + "/fixed"

        @host.setter
        def host(self, value):
            Configuration.host.fset(self, value)

    configuration = Fixed(host="https://h")
    assert configuration.host == "https://h/fixed"
    configuration.host = "https://g"
    assert configuration.host == "https://g/fixed"
