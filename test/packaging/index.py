"""A package index in a folder, as the index that pip asks has it: a page for each project."""

import re
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


def publish(files, folder):
    """Put archives into an index.

    Parameters:
        files: paths of wheels and source archives.
        folder: Path of the index, new.
    """
    projects = {}
    for path in files:
        name = path.name.split("-")[0] if path.suffix == ".whl" else path.name.rsplit("-", 1)[0]
        projects.setdefault(re.sub(r"[-_.]+", "-", name).lower(), []).append(path)
    for name, paths in projects.items():
        (folder / name).mkdir(parents=True)
        for path in paths:
            shutil.copy(path, folder / name)
        links = "".join('<a href="%s">%s</a>\n' % (path.name, path.name) for path in paths)
        (folder / name / "index.html").write_text("<!DOCTYPE html>\n" + links)


class Server:
    """Serves a folder on a free port of 127.0.0.1."""

    def __init__(self, folder):
        handler = partial(_Quiet, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass
