"""What is neither journal nor projection: drafts, sealed to their writer, for at most 72 hours."""

DRAFTS = """
create table draft (
  id blob primary key check (length(id) = 16), member text not null, at integer not null,
  about text not null check (json_valid(about)), sealed blob not null
) strict, without rowid;
"""
