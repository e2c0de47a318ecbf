"""Who works here: joining, forgetting, falling ill, leaving. Each step is an entry signed by who took it.

members.json follows the journal, never the other way; a key is sealed only to whom the journal names.
"""

from db.members.roll import Joined, listed, remove, set_roles
from db.members.ways import Recovered, add, change_passphrase, join, joining, recover, reset

__all__ = [
    "Joined",
    "Recovered",
    "add",
    "change_passphrase",
    "join",
    "joining",
    "listed",
    "recover",
    "remove",
    "reset",
    "set_roles",
]
