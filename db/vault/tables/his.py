"""Projections: the men, their vehicles, where they were seen, what was done; the calls."""

HIS = """
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
create index action_on on action ("on", offender, action, for_unit, offence, offence_on);
create index action_offender on action (offender, "on", action, for_unit, result);
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
"""
