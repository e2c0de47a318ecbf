"""The encrypted driver has the standard library's interface; its exceptions are classes of its own."""

from sqlite3.dbapi2 import *
