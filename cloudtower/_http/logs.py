"""The loggers of the SDK and of urllib3, which belong to the process, not to a Configuration."""

import logging
import os

_files = {}  # absolute path -> the one handler that writes there


def loggers():
    return {
        "package_logger": logging.getLogger("cloudtower"),
        "urllib3_logger": logging.getLogger("urllib3"),
    }


def set_level(named, debug):
    for logger in named.values():
        logger.setLevel(logging.DEBUG if debug else logging.WARNING)


def attach(path, formatter, named):
    """Make the loggers write to a file, once however many configurations ask for it.

    Returns the handler.
    """
    path = os.path.abspath(path)
    handler = _files.get(path)
    if handler is None:
        handler = _files[path] = logging.FileHandler(path)
        handler.setFormatter(formatter)
    for logger in named.values():
        logger.addHandler(handler)
    return handler


def detach(handler, named):
    for logger in named.values():
        logger.removeHandler(handler)
    _files.pop(handler.baseFilename, None)
    handler.close()
