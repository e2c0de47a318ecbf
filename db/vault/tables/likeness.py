"""Projections: what the matcher compares of each man, stray car and report; the keys that find him.

``form`` is compared, ``said`` quoted in the reasons.
``term`` counts the men of whom each key and each feature is said; ``alike`` leads from what a part of a name
sounds or nearly looks like to the parts that are there. What nobody is called any more is in neither.
"""

LIKENESS = """
create table likeness (
  n integer primary key references record (n), form text not null check (json_valid(form)),
  said text not null check (json_valid(said)), keys text not null
) strict;
create virtual table likeness_keys using fts5 (
  keys, content='likeness', content_rowid='n', detail=none, columnsize=0, tokenize='ascii'
);
insert into likeness_keys (likeness_keys, rank) values ('secure-delete', 1);
create table term (word text primary key, men integer not null check (men > 0)) strict, without rowid;
create table alike (
  bones text not null, part text not null, primary key (bones, part)
) strict, without rowid;
"""
