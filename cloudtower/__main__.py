"""`python -m cloudtower`: the commands of this package."""

import sys

from cloudtower._doctor.command import main

if __name__ == "__main__":
    sys.exit(main())
