"""`python -m cloudtower.simulator`: a CloudTower on this machine.

python -m cloudtower.simulator             serve until Ctrl-C or SIGTERM
python -m cloudtower.simulator demo        show what a script can do with it
python -m cloudtower.simulator coverage    how faithfully each operation is simulated
"""

import argparse
import gc
import json
import signal
import sys
import time


def main(arguments=None):
    """Run the command line, by default that of the process. Returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        message = 'The simulator needs %s: pip install "cloudtower-sdk[simulator]"'
        print(message % error.name, file=sys.stderr)
        return 1
    from cloudtower.simulator import coverage, demo

    if options.command == "demo":
        return demo.run()
    if options.command == "coverage":
        print(coverage.table())
        return 0
    return serve(options)


def _parser():
    """The parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m cloudtower.simulator",
        description="A CloudTower on this machine, to write and test scripts against.",
    )
    told = "serve (the default); demo: create, run and delete a VM, step by step; "
    told += "coverage: how faithfully each operation is simulated"
    commands = ("serve", "demo", "coverage")
    option = parser.add_argument
    option("command", nargs="?", choices=commands, default="serve", help=told)
    option("--host", default="127.0.0.1", help="address to listen on")
    port = _number(int, lambda number: 0 <= number <= 65535, "0 to 65535")
    option("--port", type=port, default=0, help="port; by default a free one")
    option("--json", action="store_true", help="print endpoint and login as JSON")
    told = "how many times faster tasks run than on a real cluster (default: 100)"
    speed = _number(float, lambda number: number > 0, "a number above 0")
    option("--speed", type=speed, default=100, help=told)
    option("--seed", type=int, default=0, help="equal seeds give equal ids")
    option("--ldap", action="store_true", help="configure a directory")
    option("--world", default="small", help="small, full, empty, docs, or a YAML file")
    count = _number(int, lambda number: number >= 0, "a whole number from 0")
    option("--vms", type=count, default=0, help="how many VMs to add")
    option("--open", action="store_true", help="no login is needed")
    option(
        "--strict",
        action="store_true",
        help="all that a real tower may be strict about: unknown members, 304",
    )
    told = "pretend that unsimulated operations succeeded, instead of 501"
    option("--lenient", action="store_true", help=told)
    told = "keep the state in a file; its contents take precedence over --world and --vms"
    option("--state", metavar="FILE", help=told)
    option("--pair", action="store_true", help="an active and a passive node")
    listed = {"action": "append", "default": []}
    told = "a host name or address that clients may use, such as a container's; * is any"
    option("--allow-host", metavar="NAME", dest="allow_hosts", help=told, **listed)
    told = "a web page that may send requests, such as http://localhost:3000"
    option("--allow-origin", metavar="ORIGIN", dest="allow_origins", help=told, **listed)
    option("--tls", action="store_true", help="HTTPS with a certificate of a throw-away CA")
    return parser


def _number(kind, is_valid, wanted):
    """A function that reads an argument; the parser shows what is wanted in place of any other."""

    def read(text):
        try:
            number = kind(text)
        except ValueError:
            number = None
        if number is None or not is_valid(number):
            raise argparse.ArgumentTypeError("must be %s, not %r" % (wanted, text))
        return number

    return read


def serve(options):
    """Serve until a signal comes. Returns the exit status."""
    # Explicitly, because a shell starts background jobs with SIGINT ignored. The handler only
    # takes a note: it may come at any moment, also while a lock is held.
    signals = []
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: signals.append(number))
    from cloudtower.simulator import Simulator

    given = dict(vars(options))
    del given["command"], given["json"]
    try:
        simulator = Simulator(**given).start()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        message = "Cannot listen on %s port %d: %s"
        print(message % (options.host, options.port, error.strerror or error), file=sys.stderr)
        return 1
    # The world lives as long as the process: collecting it takes seconds with many VMs.
    gc.freeze()
    gc.set_threshold(10000, 10, 1000)
    with simulator:
        _announce(simulator, options.json)
        while not signals:
            time.sleep(0.1)
    return 0


def _announce(simulator, as_json):
    """Print where the simulator is and who can log in, for people or as JSON."""
    login = {name: getattr(simulator, name) for name in ("endpoint", "username", "password")}
    if len(simulator.endpoints) > 1:
        login["passive"] = simulator.endpoints[1]
    if simulator.certificate:
        login["certificate"] = simulator.certificate
    login["admin_token"] = simulator.admin_token
    if as_json:
        login["api_username"], login["api_password"] = simulator.basic
        print(json.dumps(login), flush=True)
    else:
        lines = ["%-11s %s" % entry for entry in login.items()]
        print("\n".join(lines + ["Ctrl-C ends it."]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
