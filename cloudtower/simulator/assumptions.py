"""What the public facts leave open, and what the simulator does about it.

Each row: (subject, what it does, what is known).
"""

ASSUMPTIONS = (
    ("status of a missing or bad token", "401 with an ErrorBody", "no 401 or 403 is documented"),
    ("read-only users", "403 PERMISSION_DENIED for every write", "the status is not documented"),
    ("wrong credentials", "400 with the tower's code in the message", "only the codes are known"),
    ("Authorization", "the token raw or after Bearer", "official clients send either"),
    ("a body against the schema", "400 naming each JSON path", "the status is not documented"),
    (
        "unknown members of a body",
        "left out and named in x-simulator-ignored; in a filter they are an error",
        "additionalProperties is false, the server's reaction is not documented",
    ),
    ("null for a member that is optional", "an error unless the schema says nullable", "open"),
    ("refusals by the tower", "400, the code at the head of the message", "400 or 500 are known"),
    (
        "comparison of text",
        "case-sensitive, by code point",
        "the database's collation is not known",
    ),
    ("null in orderBy", "after all values; first with _DESC", "as PostgreSQL; not verified"),
    (
        "an empty object in AND, OR or NOT",
        "restricts nothing; OR of nothing else matches everything",
        "documented as a placeholder for NOT",
    ),
    ("paging of -connection", "counts what the page holds", "true of the engine behind it"),
    ("first together with before, last with after", "both apply", "sources disagree"),
    ("how long tasks take", "2 to 8 s divided by --speed", "not documented"),
    (
        "state checks of power operations",
        "400 PRECHECK_VMS_STATE_UNMATCH, nothing is done to any VM",
        "towers before 4.7 begin a task that fails",
    ),
    (
        "a name that is taken",
        "the task fails with VM_DUPLICATED_NAME",
        "clients look for the code in the task",
    ),
    (
        "shutdown and restart of a VM without a system",
        "the task fails with JOB_VM_SHUTDOWN_TIMEOUT; a system is there when `os` is set",
        "observed in official tests",
    ),
    ("VMs in the recycle bin", "can be recovered and deleted, nothing else", "open"),
    ("counters of clusters and hosts", "include VMs in the recycle bin", "open"),
    (
        "ids of disks and NICs",
        "new after an edit of that disk or NIC; the former id is still understood",
        "documented as re-created at each sync, yet tests go on with the former id",
    ),
    ("clone of a suspended VM", "allowed", "not documented"),
    ("vm_disks of a clone or a rebuild", "take the place of the source's disks", "open"),
    ("updates that change nothing", "200", "304 is declared for some"),
    ("rate limits in bits", "thousands: 1 Kbps is 1,000 bps", "open"),
    (
        "codes without a public text",
        "VM_VOLUME_MOUNTED, VM_VOLUME_CANNOT_SHRINK, LABEL_IN_USE",
        "ours",
    ),
)
