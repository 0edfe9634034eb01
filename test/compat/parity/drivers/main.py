"""Runs one driver: `python main.py DRIVER INPUT OUTPUT`, both JSON files."""

import importlib
import json
import sys


def main():
    driver, given, answer = sys.argv[1:]
    with open(given) as file:
        work = json.load(file)
    said = importlib.import_module("driver_" + driver).run(work)
    with open(answer, "w") as file:
        json.dump(said, file)


if __name__ == "__main__":
    main()
