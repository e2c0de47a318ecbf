"""Projections: whom the unit supports, the contacts and their sums by month, what she told, what is due."""

HERS = """
create table record (
  n integer primary key, id blob not null unique check (length(id) = 16), kind text,
  ref text, state text not null, heads text not null,
  check (state = 'present' or state = 'absent' or state = 'struck' or state = 'restricted'
    or state = 'erased')
) strict;
create index record_aside on record (kind, n) where state <> 'present';
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
create index engagement_told on engagement (n, at, contact, sector, initiated_by, people_unnamed);
create table met_monthly (
  person integer not null references record (n), month integer not null, contacts integer not null,
  primary key (person, month)
) strict, without rowid;
create table contacts_monthly (
  month integer not null, sector text, spoke integer not null, flagged_down integer not null,
  other integer not null, with_unnamed integer not null, unnamed integer not null
) strict;
create unique index contacts_monthly_of on contacts_monthly (month, coalesce(sector, x''));
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
create index concern_told on concern (
  engagement, sector, person, offender, sharing_level, ncrs_decision, ncrs_at, behaviours);
create index concern_person on concern (person) where person is not null;
create index concern_guessed on concern (happened_from, offence_guess, ncrs_decision, offender, engagement)
  where offence_guess is not null;
create index concern_offender on concern (offender) where offender is not null;
create index concern_vehicle on concern (vehicle) where vehicle is not null;
create table consent (
  n integer primary key references record (n), person integer not null references record (n),
  purpose text not null, recipient text not null, given integer not null check (given in (0, 1)),
  wording_version text, at integer not null
) strict;
create index consent_person on consent (person);
create table referral (
  n integer primary key references record (n), external_ref text,
  person integer not null references record (n), engagement integer references record (n),
  service text not null, owner text,
  consent integer references record (n), override_reason text, status text not null,
  offered_on text not null, sent_on text,
  accepted_on text, chase_on text, result text
) strict;
create index referral_offered on referral (offered_on);
create table followup (
  n integer primary key references record (n), external_ref text, what text not null,
  about integer references record (n), owner text, due_on text not null, done_on text, result text
) strict;
create index followup_due on followup (due_on);
"""
