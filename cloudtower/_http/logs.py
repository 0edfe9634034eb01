"""The loggers of the SDK and of urllib3, which belong to the process, not to a Configuration."""

import logging
import os

from cloudtower._runtime import mask
from cloudtower._runtime.text import TEXT

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


class _Masked(logging.Filter):
    """Takes secrets out of the arguments of urllib3's lines: addresses and queries.

    Also the traceback of headers that cannot be parsed, whose last line quotes them. That more
    threads call than connections are kept (`connection_pool_maxsize`) is worth no warning.
    """

    def filter(self, record):
        if str(record.msg).startswith("Connection pool is full"):
            if not logging.getLogger(record.name).isEnabledFor(logging.DEBUG):
                return False
            record.levelno, record.levelname = logging.DEBUG, logging.getLevelName(logging.DEBUG)
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(each) for each in record.args)
        record.exc_info = record.exc_text = None
        return True


_filter = _Masked()


def mask_urllib3():
    """Make urllib3's own loggers show no secrets; again changes nothing."""
    # A filter of a logger does not see what its children log.
    for name in ("connectionpool", "poolmanager", "connection", "util.retry", "response"):
        logging.getLogger("urllib3." + name).addFilter(_filter)


def _masked(value):
    if isinstance(value, (int, float)) or value is None:
        return value
    shown = value if isinstance(value, (str, TEXT)) else str(value)
    masked = mask.text(shown)
    return value if masked == shown else masked
