"""The full-text tables: external content, and what is taken out of them is gone for good."""

WORDS = """
create virtual table engagement_words using fts5 (
  narrative, mentions, content='engagement', content_rowid='n', tokenize="unicode61 remove_diacritics 2"
);
insert into engagement_words (engagement_words, rank) values ('secure-delete', 1);
"""
