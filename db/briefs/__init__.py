"""The four sheets that are handed out: one printable page each, marked, a supervisor's to make.

parade   cars and men of the last days, without any woman and without the source
meeting  the multi-agency meeting, by pseudonym, with an ask, an owner and a date for each agency
alert    the warning card for women and outreach: look, car, what he does; never a name
foi      the freedom-of-information tables, protected
words    how a man and a car are put in words
"""
