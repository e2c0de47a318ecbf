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
create table recipe (
  n integer primary key references record (n), name text not null, "of" text not null,
  recipient text not null, purpose text not null, reason text not null, place text not null,
  moment text not null check (moment = 'unlock' or moment = 'lock'), marking text not null,
  bom integer check (bom in (0, 1)), fields text check (json_valid(fields)),
  filters text check (json_valid(filters)), last_on text, last_release text
) strict;
create table release (
  n integer primary key references record (n), what text not null, profile text not null,
  recipient text not null, sector text, first text not null, last text not null,
  least integer not null check (least > 0), step integer not null check (step > 0), made_on text not null,
  pages text not null check (json_valid(pages)), printed text not null check (json_valid(printed)),
  made_from text not null check (json_valid(made_from)), revises integer references record (n),
  approved_on text, approved_by text
) strict;
create table emptied (
  desk integer not null, seq integer not null, by_desk integer not null, by_seq integer not null,
  place integer not null, primary key (desk, seq)
) strict, without rowid;
create table same_as (
  n integer primary key references record (n), canonical integer not null references record (n)
) strict;
create index same_as_canonical on same_as (canonical);
"""
