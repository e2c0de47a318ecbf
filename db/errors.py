"""What can go wrong below the faces. An error names the rule and the reference, never the record.

BeechError
├── Usage      the request cannot be read: a malformed file, a missing reason
│   ├── Newer      a newer version's file
│   └── Older      an older version's file: it is brought up first
├── Locked     nobody's key is at hand, or the passphrase is wrong
├── NotFound   no record, no unit has that reference
├── Refused    a rule forbids it: role, sharing level, hard stop, a field that is never held
├── Damaged    a file fails its integrity check, or the unit is a stranger's
├── Ambiguous  several records answer to it, or two changes contradict each other
│   └── Changed    somebody changed the record since it was opened to be changed
├── Withheld   disclosure control leaves nothing to show
└── Busy       another process holds the file, or the disk is full: nothing was changed
"""


class BeechError(Exception):
    """One clear sentence: what, where, how to mend it."""


class Usage(BeechError):
    """The request itself cannot be read."""


class Newer(Usage):
    """A newer beech made the file."""


class Older(Usage):
    """An older beech made the file; ``vault.upgrade`` brings it up to this one."""


class Locked(BeechError):
    """No key is at hand, or the passphrase is wrong."""


class NotFound(BeechError):
    """No record or unit answers to that name."""


class Refused(BeechError):
    """A rule forbids it."""


class Damaged(BeechError):
    """A file fails its integrity check, or is a stranger's."""


class Ambiguous(BeechError):
    """Several records answer, or two changes contradict each other."""


class Changed(Ambiguous):
    """The record was changed since whoever changes it now has seen it: nothing was overwritten."""


class Withheld(BeechError):
    """Nothing is left after disclosure control."""


class Busy(BeechError):
    """Another process holds the file, or there is no room; nothing was changed."""
