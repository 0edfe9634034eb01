"""Reads multipart/form-data."""

import re
from collections import namedtuple

from cloudtower.simulator.errors import refused

#: A file of a form.
Upload = namedtuple("Upload", "filename content")
_PARAMETER = re.compile(r';\s*([a-z]+)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


def parsed(content_type, raw):
    """The members of a form: {name: str, or an Upload for a file}.

    Raises Refusal with status 400 for what is no form.
    """
    boundary = re.search(r'boundary="?([^";,]+)"?', content_type or "")
    if not (content_type or "").lower().startswith("multipart/form-data") or not boundary:
        raise refused("INVALID_FORM", "the body must be multipart/form-data with a boundary")
    mark = b"--" + boundary.group(1).strip().encode("latin-1", "replace")
    parts = (b"\r\n" + raw).split(b"\r\n" + mark)
    if len(parts) < 2 or not parts[-1].startswith(b"--"):
        raise refused("INVALID_FORM", "the form has no end")
    members = {}
    for part in parts[1:-1]:
        head, found, content = part.partition(b"\r\n\r\n")
        parameters = _disposition(head)
        if not found or "name" not in parameters:
            raise refused("INVALID_FORM", "a part of the form has no name")
        if "filename" in parameters:
            members[parameters["name"]] = Upload(parameters["filename"], content)
        else:
            try:
                members[parameters["name"]] = content.decode("utf-8")
            except UnicodeDecodeError:
                raise refused("INVALID_FORM", "%s is no UTF-8" % parameters["name"])
    return members


def _disposition(head):
    for line in head.decode("utf-8", "replace").split("\r\n"):
        if line.lower().startswith("content-disposition:"):
            return dict((name.lower(), value) for name, value in _PARAMETER.findall(line))
    return {}
