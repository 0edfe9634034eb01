"""What settings of time mean; how they are kept is tested in test_connection.py."""

import socket
import time

import pytest

from cloudtower._http import limits
from cloudtower.exceptions import ApiValueError


@pytest.mark.parametrize(
    "given, configured, total, expected",
    [
        (None, (10, 300), 3600, (10, 300, 3600, False)),
        (None, (10, 300), None, (10, 300, None, False)),
        (7, (10, 300), 3600, (7, 7, 7, True)),
        (7200, (10, 300), 3600, (7200, 7200, 7200, True)),
        ((3, 4.5), (10, 300), 3600, (3, 4.5, 3600, False)),
        ((None, 4), (10, 300), 3600, (10, 4, 3600, False)),
        ((3, None), (10, 300), 3600, (3, 300, 3600, False)),
        ((3, None), 60, 3600, (3, 60, 3600, False)),
        (None, 60, 3600, (60, 60, 60, False)),
        (None, 60, 20, (60, 60, 20, False)),
        (None, 60, None, (60, 60, 60, False)),
        (None, (5, None), 3600, (5, 300, 3600, False)),
        (None, (None, 20), 3600, (10, 20, 3600, False)),
        ((3, None), None, None, (3, None, None, False)),
        (None, None, 3600, (None, None, 3600, False)),
        (None, None, None, (None, None, None, False)),
    ],
)
def test_meaning_of_settings(given, configured, total, expected):
    assert limits.parse(given, configured, total)[:4] == expected


@pytest.mark.parametrize("total", [0, -1, True, "5", (1, 2), float("nan"), float("inf"), 1e300])
def test_invalid_total_timeout(total):
    with pytest.raises(ApiValueError) as caught:
        limits.parse(None, (10, 300), total)
    assert "Configuration.total_timeout" in str(caught.value)


def test_each_step_gets_what_is_left():
    call = limits.Limits(connect=10, silence=300, whole=5)
    assert 4 < call.connecting() <= 5 and 4 < call.patience() <= 5
    call = limits.Limits(connect=10, silence=300, whole=3600)
    assert (call.connecting(), call.patience()) == (10, 300)
    assert limits.Limits().connecting() is None and limits.Limits().patience() is None


def test_when_the_time_is_up():
    call = limits.Limits(whole=0.01)
    time.sleep(0.05)
    assert call.expired()
    for step in (call.left, call.patience, call.connecting):
        with pytest.raises(socket.timeout) as caught:
            step()
        assert "0.01 seconds" in str(caught.value)


def test_body_that_is_not_held_in_memory_has_no_end():
    call = limits.Limits(silence=300, whole=0.01, body=False)
    call.after_head()
    time.sleep(0.05)
    assert call.patience() == 300 and not call.expired()
