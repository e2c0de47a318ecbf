"""See the package: the standard library's interface."""

from sqlite3.dbapi2 import *
