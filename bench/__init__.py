"""This SDK beside the published one and beside the floor, all in one run on one machine.

    python -m bench [--only NAME] [--rounds N] [--markdown FILE]

`environments` makes one virtual environment for each side; each module of
`measures` is one measure, found by being there. What it compares runs in turns
in these environments, and the table tells the median of the ratios: seconds
are of this machine and this minute, ratios mostly are not.

A measure has two halves in one file:

    rows(bench)      in the process of `python -m bench`: yields `bench.row(...)`
    inside(...)      in a side's own environment: returns something for JSON

The file ends with the two lines that call `inside` when it is run as a script.
"""
