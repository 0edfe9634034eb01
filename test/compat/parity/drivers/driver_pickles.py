"""Loads what the other SDK has pickled."""

import base64
import pickle

import cloudtower
from plain import brief, outcome


def run(work):
    """work: {"pickles": [base64 text]}. Returns an outcome for each."""
    client = cloudtower.ApiClient()
    return [outcome(_load, client, text) for text in work["pickles"]]


def _load(client, text):
    model = pickle.loads(base64.b64decode(text))
    name = list(type(model).openapi_types)[0]
    return {
        "sets": outcome(setattr, model, name, getattr(model, name)),
        "class": type(model).__name__,
        "json": brief(model.to_dict(True)),
        "body": client.sanitize_for_serialization(model),
        "equal": model == pickle.loads(base64.b64decode(text)),
    }
