"""The journal, and what stands beside it. What is here is never edited, only added to.

The journal refuses change by triggers. One was widened with version 4: the looks' words go with a woman.
"""

JOURNAL = """
create table entry (
  desk integer not null, seq integer not null check (seq > 0),
  at integer not null check (at > 0), tx integer not null check (tx between 1 and seq),
  actor text not null, role text not null,
  session integer,
  operation text not null,
  kind text, record blob check (length(record) = 16),
  base text not null check (json_valid(base)), detail text not null check (json_valid(detail)),
  digest blob check (length(digest) = 32), hash blob not null check (length(hash) = 32),
  signature blob check (length(signature) = 64),
  primary key (desk, seq),
  check (role = 'officer' or role = 'liaison' or role = 'supervisor' or role = 'recovery'),
  check (operation = 'collection' or operation = 'alteration' or operation = 'consultation'
    or operation = 'disclosure' or operation = 'combination' or operation = 'erasure'
    or operation = 'security')
) strict, without rowid;
create trigger entry_is_never_changed before update on entry
  begin select raise(abort, 'the journal is append-only'); end;
create trigger entry_is_never_removed before delete on entry
  begin select raise(abort, 'the journal is append-only'); end;

create index entry_security on entry (at) where operation = 'security';

create table payload (
  desk integer not null, seq integer not null, salt blob not null check (length(salt) = 16),
  body blob not null, primary key (desk, seq)
) strict, without rowid;
create trigger payload_is_never_changed before update on payload
  begin select raise(abort, 'a payload is never changed'); end;
create trigger payload_goes_only_by_erasure before delete on payload
  when not exists (
    select 1 from entry as e, erased as x
    where e.desk = old.desk and e.seq = old.seq and x.record = e.record)
    and not exists (select 1 from emptied as k where k.desk = old.desk and k.seq = old.seq)
  begin select raise(abort, 'a payload goes only by an erasure'); end;

create table data_key (
  desk integer not null, seq integer not null, identity_key blob not null check (length(identity_key) = 32),
  sealed blob not null, primary key (desk, seq)
) strict, without rowid;

create table desk (
  desk integer primary key, seq integer not null, hash blob not null, at integer not null
) strict;
create table erased (record blob primary key, desk integer not null, seq integer not null)
  strict, without rowid;
create table quarantine (desk integer not null, seq integer not null, primary key (desk, seq))
  strict, without rowid;
create table member (
  id text primary key, name text not null, key text not null, roles text not null,
  state text not null check (state in ('joining', 'active', 'removed'))
) strict, without rowid;
"""
