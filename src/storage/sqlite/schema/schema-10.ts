/** The migration from schema 9 to 10: what customers do by themselves. Released: never edited. */

export const SCHEMA_10 = `
  -- Questions at the form for a lost code. typed_*: NULL once the announcement is done. The hashes are keyed.
  CREATE TABLE inquiry (
    announcement INTEGER PRIMARY KEY REFERENCES outbox,
    typed_order TEXT,
    typed_email TEXT,
    order_hash BLOB NOT NULL CHECK (length(order_hash) = 16),
    email_hash BLOB NOT NULL CHECK (length(email_hash) = 16),
    at INTEGER NOT NULL,
    answered_at INTEGER
  ) STRICT;
  CREATE INDEX inquiry_answered ON inquiry (answered_at) WHERE answered_at IS NOT NULL;

  -- Changes of an address that customers asked for. Addresses: NULL once they are of no use.
  CREATE TABLE address_change (
    number INTEGER PRIMARY KEY,
    license BLOB NOT NULL CHECK (length(license) = 16),
    customer INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    marketplace TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'undone', 'over')),
    asked_at INTEGER NOT NULL,
    done_at INTEGER,
    new_address TEXT,
    old_address TEXT,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT;
  CREATE INDEX address_change_customer ON address_change (customer);
  CREATE INDEX address_change_open ON address_change (number) WHERE new_address IS NOT NULL OR old_address IS NOT NULL;

  -- When all links of a license were withdrawn.
  CREATE TABLE link_generation (
    license BLOB NOT NULL CHECK (length(license) = 16),
    since INTEGER NOT NULL,
    PRIMARY KEY (license, since)
  ) STRICT, WITHOUT ROWID;

  -- To whom the buyer handed a unit.
  CREATE TABLE unit_note (
    license BLOB PRIMARY KEY CHECK (length(license) = 16),
    handed_to TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Files that were handed out: a row a license, file and link; what follows within a day is on the same row.
  CREATE TABLE download (
    number INTEGER PRIMARY KEY,
    license BLOB NOT NULL CHECK (length(license) = 16),
    product TEXT NOT NULL,
    version TEXT NOT NULL,
    file TEXT NOT NULL,
    link INTEGER NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    state TEXT NOT NULL CHECK (state IN ('begun', 'whole', 'handed')),
    asked_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    covered TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT;
  CREATE INDEX download_license ON download (license, asked_at);
  CREATE INDEX download_done ON download (last_at, license) WHERE state <> 'begun';

  CREATE TABLE download_count (
    product TEXT NOT NULL,
    version TEXT NOT NULL,
    file TEXT NOT NULL,
    pen INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    done INTEGER NOT NULL,
    PRIMARY KEY (product, version, file, pen)
  ) STRICT, WITHOUT ROWID;

  -- The console's long work; none is deleted. run: the process that runs it. lines: a JSON list. is_good, said: NULL while it runs.
  CREATE TABLE job (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('check', 'backup', 'erase', 'apply', 'replace')),
    what TEXT NOT NULL,
    mode TEXT CHECK (mode IN ('live', 'test')),
    person TEXT NOT NULL,
    begun_from TEXT NOT NULL,
    run TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    done INTEGER NOT NULL,
    whole INTEGER,
    ended_at INTEGER,
    is_good INTEGER,
    said TEXT,
    lines TEXT NOT NULL
  ) STRICT;

  -- Calls of marketplaces whose signature was wrong, within a day of the first.
  CREATE TABLE refused_call (
    marketplace TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('request', 'event')),
    calls INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (marketplace, what)
  ) STRICT, WITHOUT ROWID;

  UPDATE schema_version SET version = 10, readable_from = 10;
`;
