"""Reads multipart/form-data."""

import re
from collections import namedtuple

from cloudtower.simulator.errors import refused

#: A file of a form.
Upload = namedtuple("Upload", "filename content")
_DISPOSITION = re.compile(r"^content-disposition:.*", re.IGNORECASE | re.MULTILINE)
_PARAMETER = re.compile(r';\s*([a-z]+)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


def parsed(content_type, raw):
    """The members of a form: {name: str, or an Upload for a file}; raises Refusal for no form."""
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
        line = _DISPOSITION.search(head.decode("utf-8", "replace"))
        parameters = _PARAMETER.findall(line.group()) if line else ()
        parameters = dict((name.lower(), value) for name, value in parameters)
        name = parameters.get("name")
        if not found or name is None:
            raise refused("INVALID_FORM", "a part of the form has no name")
        try:
            is_file = "filename" in parameters
            members[name] = Upload(parameters["filename"], content) if is_file else content.decode()
        except UnicodeDecodeError:
            raise refused("INVALID_FORM", "%s is not UTF-8" % name)
    return members
