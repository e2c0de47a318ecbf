"""Projections: judgements on pairs, and what belongs to the unit as a whole."""

UNIT = """
create table judgement (
  n integer primary key references record (n), one integer not null references record (n),
  other integer not null references record (n),
  verdict text not null check (verdict = 'same' or verdict = 'different' or verdict = 'unsure'),
  reason text
) strict;
create table setting (
  n integer primary key references record (n), name text not null, value text check (json_valid(value))
) strict;
create table same_as (
  n integer primary key references record (n), canonical integer not null references record (n)
) strict;
create index same_as_canonical on same_as (canonical);
"""
