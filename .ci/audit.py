"""Whether a dependency has a known vulnerability: pip-audit on requirements.txt.

It asks a service on the network. Where that cannot be reached, or does not know a
dependency, a notice says that nothing is known; only a vulnerability that is found fails.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT = 300  # seconds


def main():
    with tempfile.TemporaryDirectory() as folder:
        try:
            audited = audit(Path(folder))
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            return notice("no dependency was audited: %s" % _said(error))
    unknown = [each["name"] for each in audited if "skip_reason" in each]
    if unknown:
        notice("not audited, as the service does not know them: %s" % ", ".join(unknown))
    found = [(each, vuln) for each in audited for vuln in each.get("vulns", ())]
    for each, vuln in found:
        fixed = ", ".join(vuln["fix_versions"]) or "no release yet"
        print("%s %s: %s, fixed in: %s" % (each["name"], each["version"], vuln["id"], fixed))
    print("%d dependencies audited" % (len(audited) - len(unknown)))
    return 1 if found else 0


def audit(folder):
    """What pip-audit says of each dependency, list of dicts.

    It gets an environment of its own: it does not go together with the virtualenv that makes
    environments for Python 2.7.
    """
    _run(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    _run(python, "-m", "pip", "install", "-q", "pip-audit")
    report = folder / "report.json"
    command = [python, "-m", "pip_audit", "-r", ROOT / "requirements.txt", "-f", "json"]
    # Its exit status is 1 for a vulnerability and for any failure of its own.
    done = subprocess.run(
        command + ["-o", report], timeout=TIMEOUT, stderr=subprocess.PIPE, text=True
    )
    if not report.exists():
        raise subprocess.CalledProcessError(done.returncode, command, stderr=done.stderr)
    return json.loads(report.read_text(encoding="utf-8"))["dependencies"]


def _run(*command):
    subprocess.run(command, check=True, timeout=TIMEOUT, stderr=subprocess.PIPE, text=True)


def _said(error):
    lines = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
    return lines[-1] if lines else type(error).__name__


def notice(text):
    print("NOTICE: " + text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
