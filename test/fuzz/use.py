"""Everything a script may do with a result or an exception. Nothing of it may raise."""

import copy
import pickle

from cloudtower._runtime.model import Model


def result(value):
    """Read what a call has returned, all of it, and copy it."""
    _walk(value)
    repr(value), str(value)
    pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)
    assert (value == value) in (True, False) and (value != None) in (True, False)  # noqa: E711
    for model in value if isinstance(value, list) else [value]:
        if isinstance(model, Model):
            model.to_dict(), model.to_dict(True, True, True), model.to_str(), model.set_items()


def _walk(value):
    if isinstance(value, Model):
        dict(value.additional_properties)
        value = [getattr(value, name) for name in value.openapi_types]
    if isinstance(value, (list, tuple)):
        for each in value:
            _walk(each)


def error(error):
    """Read what an exception says."""
    assert error.outcome in ("not_sent", "refused", "unknown")
    assert isinstance(error.status, int) and isinstance(error.retryable, bool)
    assert all(when >= 0 and what for when, what in error.attempts)
    for text in (error.code, error.message, error.request_id):
        assert text is None or isinstance(text, str)
    result(error.error)
    str(error), repr(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert str(copy.copy(error)) == str(error)
