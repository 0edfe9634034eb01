"""The published SDK and this one, side by side.

    samples       random JSON for a type, always the same for a seed
    published     the environment that the published SDK is installed in
    sessions      runs one of `drivers` under each SDK and gathers what they say
    comparison    what differs, and which difference is intended

`drivers` run under either SDK and use nothing but its public interface.
`differences.json` lists what is meant to differ, with the reason for each.
"""
