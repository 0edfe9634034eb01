"""A client of pyright's language server, as an editor is one."""

import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading

from checkers import ROOT

_LONGEST = 60  # seconds for one response


class LanguageServer:
    """Opens texts in a language server and asks what it knows at a place in them.

    Parameters:
        folder: an empty folder that becomes the workspace, a Path.
    """

    def __init__(self, folder):
        config = {"extraPaths": [str(ROOT)], "typeCheckingMode": "off"}
        (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
        self._folder = folder
        self._numbers = itertools.count(1)
        self._responses = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pyright.langserver", "--stdio"],
            cwd=str(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # node is its child, and ends with it
        )
        threading.Thread(target=self._receive, daemon=True).start()
        uri = folder.as_uri()
        formats = {"contentFormat": ["markdown"], "documentationFormat": ["markdown"]}
        capabilities = {"hover": formats, "completion": {"completionItem": formats}}
        self._request(
            "initialize",
            processId=os.getpid(),
            rootUri=uri,
            workspaceFolders=[{"uri": uri, "name": "scripts"}],
            capabilities={"textDocument": capabilities},
        )
        self._notify("initialized")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()

    def completions(self, text, rest=""):
        """Labels to items of what may stand between two parts of a text."""
        found = self._request("textDocument/completion", **self._at_end(text, rest))
        items = found["items"] if isinstance(found, dict) else found or []
        return {each["label"].strip("\"'"): each for each in items}

    def described(self, text, label):
        """What is shown beside a completion: its type and documentation, str."""
        item = self._request("completionItem/resolve", **self.completions(text)[label])
        return item.get("documentation", {}).get("value", item.get("detail"))

    def hover(self, text):
        """What is shown for the name at the end of a text, str."""
        place = self._at_end(text)
        place["position"]["character"] -= 1
        found = self._request("textDocument/hover", **place)
        return found["contents"]["value"] if found else ""

    def _at_end(self, text, rest=""):
        uri = (self._folder / ("script%d.py" % next(self._numbers))).as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text + rest}
        self._notify("textDocument/didOpen", textDocument=document)
        lines = text.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        return {"textDocument": {"uri": uri}, "position": position}

    def _request(self, method, **params):
        number = next(self._numbers)
        self._send(id=number, method=method, params=params)
        while True:
            message = self._responses.get(timeout=_LONGEST)
            if message is None:
                raise RuntimeError("the language server has ended")
            if message["id"] == number:
                if "error" in message:
                    raise RuntimeError(message["error"])
                return message["result"]

    def _notify(self, method, **params):
        self._send(method=method, params=params)

    def _send(self, **message):
        body = json.dumps(dict(message, jsonrpc="2.0")).encode("utf-8")
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self):
        """Reads responses; what the server itself asks gets null: no settings of an editor."""
        stream = self._process.stdout
        while True:
            length = None
            for line in iter(stream.readline, b"\r\n"):
                if not line:
                    return self._responses.put(None)
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            message = json.loads(stream.read(length))
            if "method" not in message:
                self._responses.put(message)
            elif "id" in message:
                asked = message["params"].get("items", ()) if message.get("params") else ()
                result = [None] * len(asked) if asked else None
                self._send(id=message["id"], result=result)
