"""A journal of changes: one line of JSON for each write, who did what where and what came of it."""

import json
import os
import sys
import tempfile
import threading
from datetime import datetime, timezone
from typing import Any, Dict, List

from common import blank_vm, connect, done

from cloudtower import ApiException, Event, VmApi


class Journal:
    """For `Configuration.on_event`: appends to a file, which several processes may share.

    A line is written, in one piece and as far as the disk, before the script goes on with the
    result. A file that cannot be written raises nothing here: the log gets an ERROR of
    `cloudtower.events`, because the change has been made and the script must learn of it.
    """

    def __init__(self, path: str) -> None:
        # 0o600: what changes in a tower, and who changes it, is not for everybody on this machine.
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        if event.name != "call_ends" or event.read:
            return
        is_list = isinstance(event.result, list)
        results: List[Any] = event.result if is_list else [event.result]
        entry: Dict[str, Any] = {
            "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "tower": event.url.split("/")[2],
            "user": event.user,
            "operation": event.operation or "%s %s" % (event.method, event.url),
            "ids": _each(results, "data", "id"),
            "tasks": _each(results, "task_id"),
            # "done": the server took it, and its tasks say whether they succeed.
            # "unknown": somebody has to look whether the change was made.
            "outcome": event.outcome,
            "status": event.status,
            "request_id": event.request_id,
        }
        line = (json.dumps(entry) + "\n").encode("ascii")
        with self._lock:
            while line:
                line = line[os.write(self._file, line) :]
            os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)


def _each(results: List[Any], *names: str) -> List[str]:
    """What lies under names in each result that has it."""
    found: List[str] = []
    for value in results:
        for name in names:
            value = getattr(value, name, None)
        if isinstance(value, str):
            found.append(value)
    return found


def main(path: str) -> None:
    client = connect()
    journal = Journal(path)
    client.configuration.on_event = journal
    vm_api = VmApi(client)
    ids = done(client, vm_api.create_vm([blank_vm(client, "example-journal")]))
    try:
        vm_api.poweroff_vm({"where": {"id_in": ids}})  # which the server refuses: it is off
    except ApiException as error:
        print("Refused:", error.code)
    done(client, vm_api.delete_vm({"where": {"id_in": ids}}))
    client.close()
    journal.close()
    with open(path, encoding="ascii") as stream:
        for line in stream:
            entry = json.loads(line)
            print(entry["operation"], entry["ids"] == ids, entry["outcome"], entry["request_id"])


if __name__ == "__main__":
    if sys.argv[1:]:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(os.path.join(folder, "changes.jsonl"))
