"""A synthetic unit to try beech on: nobody in it is real, and its numbers are those of the campaign.

``plan`` says how much of everything, ``women`` and ``men`` and what is done with and to them are invented
from it without a database, ``place`` guards where, ``building`` writes through the unit's own doors.
"""
