"""The command line: `python -m cloudtower doctor`."""

from __future__ import print_function

import argparse
import json
import logging
import sys

import cloudtower
from cloudtower._doctor import examination, text
from cloudtower._spec import VERSION

_DOCTOR = """\
Find out what works between this machine and a CloudTower: address, proxy, TLS, version, login,
and whether one row of each list is what this SDK expects. It only reads.
"""
_SOURCES = """\
Address and login come from the environment (CLOUDTOWER_ENDPOINT, CLOUDTOWER_USERNAME and
CLOUDTOWER_PASSWORD, or CLOUDTOWER_TOKEN), as Configuration.from_env() reads it. With --username
the password comes from the environment if that is for the same server and user; otherwise the
doctor asks for it. Passwords are never arguments: other users of this machine could read them.

The report shows no values, no secrets and, without --show-address, no addresses: you can send
it to the maintainers of this SDK. The exit status is 1 if a step failed, otherwise 0.
"""


def main(arguments=None):
    """Run a command.

    Parameters:
        arguments: list of str; None: those of the process.

    Returns the exit status, int: 0, or 1 where the doctor found a failure.
    Raises SystemExit for an invalid argument.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = _parser()
    # These two by hand: on 2.7 argparse wants a command, and writes versions to stderr.
    if not arguments:
        parser.print_help()
        return 0
    if arguments == ["--version"]:
        print(_version())
        return 0
    options = parser.parse_args(arguments)
    if getattr(options, "run", None) is None:
        parser.error("a command is needed")
    if options.profile and (options.endpoint or options.username):
        parser.error("a profile has address and user: give --profile, or --endpoint and --username")
    return options.run(options)


def _version():
    return "cloudtower-sdk %s (interface %s)" % (cloudtower.__version__, VERSION)


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m cloudtower",
        description="Commands of the CloudTower SDK. To run a simulated CloudTower:"
        " python -m cloudtower.simulator",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="command")
    doctor = commands.add_parser(
        "doctor",
        help="find out what works between this machine and a CloudTower",
        description=_DOCTOR,
        epilog=_SOURCES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = doctor.add_argument
    option("--endpoint", metavar="URL", help="address, instead of CLOUDTOWER_ENDPOINT")
    option("--username", metavar="NAME", help="user, instead of CLOUDTOWER_USERNAME")
    option("--profile", metavar="NAME", help="a profile from the configuration file")
    option(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=15.0,
        help="for each step and each list (default: 15)",
    )
    option("--json", action="store_true", help="print JSON instead of text")
    option("--show-address", action="store_true", help="show addresses, certificate names and user")
    doctor.set_defaults(run=_run_doctor)
    return parser


def _seconds(given):
    try:
        number = float(given)
    except ValueError:
        number = 0
    if not 0 < number <= 3600:
        raise argparse.ArgumentTypeError("must be a number of seconds, above 0 and up to 3600")
    return number


def _run_doctor(options):
    for name in ("cloudtower", "urllib3"):  # the report says what their warnings would
        logging.getLogger(name).addHandler(logging.NullHandler())
    if options.json:
        report = examination.examine(options)
        print(json.dumps(report.shown(), indent=2, sort_keys=True))
    else:
        printer = text.Printer(sys.stdout, sys.stderr)
        printer.begin()
        report = examination.examine(options, printer.step, printer.progress)
        printer.end(report)
    return 1 if report.state == "fail" else 0
