"""Reads multipart/form-data, and checks it against an operation."""

import re
from collections import namedtuple

from cloudtower._runtime.datatypes import FILE
from cloudtower.simulator.errors import invalid, refused

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
        parameters = {name.lower(): value for name, value in parameters}
        name = parameters.get("name")
        if not found or name is None:
            raise refused("INVALID_FORM", "a part of the form has no name")
        try:
            is_file = "filename" in parameters
            members[name] = Upload(parameters["filename"], content) if is_file else content.decode()
        except UnicodeDecodeError:
            raise refused("INVALID_FORM", "%s is not UTF-8" % name)
    return members


def checked(form, operation):
    """A parsed form as the operation takes it, and the names that it does not know.

    Raises Refusal with status 400.
    """
    rows = {row.wire: row for row in operation.form}
    for name, row in rows.items():
        if name not in form:
            # a chunk that follows repeats neither the clusters nor anything else
            if row.required and not (form.get("upload_task_id") and name != "file"):
                raise invalid(name, "%s is missing" % name)
        elif (row.kind is FILE) != isinstance(form[name], Upload):
            kind = "a file" if row.kind is FILE else "text"
            raise invalid(name, "%s must be %s" % (name, kind))
    ignored = [name for name in form if name not in rows]
    return {name: form[name] for name in form if name in rows}, ignored
