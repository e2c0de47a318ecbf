"""The tables, as ordered migrations (sqlite-utils Migrations). What is here is never edited, only added to.

The journal refuses change by triggers; every projection's foreign keys point at ``record`` alone.
Checks say ``or``, not ``in``: a list of three or more builds a table for every row that is inserted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.vault.versions import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

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

RECORDS = """
create table record (
  n integer primary key, id blob not null unique check (length(id) = 16), kind text,
  ref text, state text not null, heads text not null,
  check (state = 'present' or state = 'absent' or state = 'struck' or state = 'restricted'
    or state = 'erased')
) strict;
create table link (
  source integer not null references record (n), field text not null,
  target integer not null references record (n), place integer not null,
  primary key (source, field, place)
) strict, without rowid;
create index link_target on link (target, field, source);

create table person (
  n integer primary key references record (n), pseudonym text not null,
  known_as text check (json_valid(known_as)), sex text, age_band text check (age_band <> 'under_18'),
  safe_contact text, safety text, sharing_level integer not null check (sharing_level between 0 and 5),
  status text not null, risk_tool text, risk_grade text, risk_by text, risk_on text, risk_review_on text,
  statistics_consent integer check (statistics_consent in (0, 1)), retain_until text
) strict;
create table identity (
  n integer primary key references record (n), person integer not null references record (n),
  desk integer not null, seq integer not null
) strict;
create index identity_person on identity (person);
create table engagement (
  n integer primary key references record (n), external_ref text, at integer not null,
  contact text not null, initiated_by text, sector text, place_type text,
  officers text check (json_valid(officers)), partner text,
  people_unnamed integer not null check (people_unnamed >= 0),
  refs text check (json_valid(refs)), needs text check (json_valid(needs)),
  offers text check (json_valid(offers)), mentions text,
  sharing_level integer not null check (sharing_level between 0 and 5),
  wording_version text, narrative text, next_on text,
  check (sharing_level > 0 or (narrative is null and mentions is null))
) strict;
create index engagement_at on engagement (at);
create table concern (
  n integer primary key references record (n), external_ref text,
  engagement integer not null references record (n), person integer references record (n),
  happened_from text, happened_to text, sector text, behaviours text check (json_valid(behaviours)),
  offence_guess text, injury text, weapon text,
  targeted_because_of_sex_work integer check (targeted_because_of_sex_work in (0, 1)),
  hate_motivation text check (json_valid(hate_motivation)),
  sharing_level integer not null check (sharing_level between 1 and 5),
  ncrs_decision text, ncrs_rationale text, ncrs_by text, ncrs_at integer,
  incident_ref text, crime_ref text, refs text check (json_valid(refs)), told_result_on text,
  offender integer references record (n), description text check (json_valid(description)),
  vehicle integer references record (n), vehicle_seen text check (json_valid(vehicle_seen))
) strict;
create index concern_engagement on concern (engagement);
create table referral (
  n integer primary key references record (n), external_ref text,
  person integer not null references record (n), service text not null, owner text,
  override_reason text, status text not null, offered_on text not null, sent_on text,
  accepted_on text, chase_on text, result text
) strict;
create index referral_offered on referral (offered_on);
create table followup (
  n integer primary key references record (n), external_ref text, what text not null,
  about integer references record (n), owner text, due_on text not null, done_on text, result text
) strict;
create index followup_due on followup (due_on);
create table offender (
  n integer primary key references record (n), external_ref text, category text not null,
  identity_confidence text not null, sex text, name text, given_name text, surname text,
  aliases text check (json_valid(aliases)), telephones text check (json_valid(telephones)),
  date_of_birth text, approximate_age_from integer, approximate_age_to integer, age_text text,
  height_from_cm integer, height_to_cm integer, height_text text, build text, hair text,
  facial_hair text, ethnicity_appearance text, accent text, marks text check (json_valid(marks)),
  mo text check (json_valid(mo)), mo_text text, sector text, warnings text check (json_valid(warnings)),
  grade text, handling text, status text, review_on text, retain_until text
) strict;
create table vehicle (
  n integer primary key references record (n), external_ref text,
  offender integer references record (n), vrm text, make text, model text, colour text, body text,
  marks text check (json_valid(marks)), keeper_confirmed integer check (keeper_confirmed in (0, 1)),
  check_on text, check_by text, check_ref text, check_result text
) strict;
create index vehicle_offender on vehicle (offender);
create table sighting (
  n integer primary key references record (n), external_ref text, at integer not null,
  offender integer references record (n), vehicle integer references record (n), sector text,
  grade text, note text, check (offender is not null or vehicle is not null)
) strict;
create index sighting_at on sighting (at);
create table action (
  n integer primary key references record (n), external_ref text,
  offender integer not null references record (n), "on" text not null, action text not null,
  for_unit integer not null check (for_unit in (0, 1)), offence text, offence_on text,
  outcome_code text, crime_ref text, officer text, force_area text, result text,
  refs text check (json_valid(refs))
) strict;
create index action_on on action ("on");
create index action_offender on action (offender);
create table "order" (
  n integer primary key references record (n), external_ref text,
  offender integer not null references record (n), type text not null, issuer text,
  granted_on text, expires_on text, conditions text, breaches text check (json_valid(breaches))
) strict;
create table call (
  n integer primary key references record (n), external_ref text, month text not null,
  source text not null, category text not null, sector text, count integer not null check (count >= 0)
) strict;
create index call_month on call (month);

create table judgement (
  n integer primary key references record (n), one integer not null references record (n),
  other integer not null references record (n),
  verdict text not null check (verdict = 'same' or verdict = 'different' or verdict = 'unsure'),
  reason text
) strict;
create table same_as (
  n integer primary key references record (n), canonical integer not null references record (n)
) strict;

create virtual table engagement_words using fts5 (
  narrative, mentions, content='engagement', content_rowid='n', tokenize="unicode61 remove_diacritics 2"
);
insert into engagement_words (engagement_words, rank) values ('secure-delete', 1);
"""


def _migrations() -> Any:
    """Return the ordered migrations; sqlite-utils is loaded only where a file is made or updated."""
    from sqlite_utils import Migrations

    migrations = Migrations("beech")

    @migrations()
    def the_journal_and_the_records(db: Any) -> None:
        """Version 1: the whole format."""
        for script in (JOURNAL, RECORDS):
            for statement in _statements(script):
                db.execute(statement)

    return migrations


BY_MIGRATIONS = (  # what sqlite-utils makes to know what was applied
    ("table", "_sqlite_migrations"),
    ("index", "idx__sqlite_migrations_migration_set_name"),
)


def statements() -> list[str]:
    """Return the statements that make every table, index and trigger of the newest version."""
    return [*_statements(JOURNAL), *_statements(RECORDS)]


def _statements(script: str) -> list[str]:
    """Split a script at its semicolons, keeping a trigger's body whole."""
    statements, held = [], ""
    for line in script.splitlines(keepends=True):
        held += line
        ended = line.rstrip().endswith(";")
        if ended and ("create trigger" not in held or line.rstrip().endswith("end;")):
            statements.append(held)
            held = ""
    return statements


def migrate(connection: Any, allow: Callable[[], None]) -> None:
    """Bring an open file up to SCHEMA; *allow* is called first where the file already holds data."""
    (version,) = connection.execute("pragma user_version").fetchone()
    if version == SCHEMA:
        return
    if version:
        allow()
    from sqlite_utils import Database

    _migrations().apply(Database(connection))
    connection.execute(f"pragma user_version = {SCHEMA}")
