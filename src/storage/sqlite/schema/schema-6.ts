/** The migration from schema 5 to 6: one row a unit, lines, terms, flags, owed lines, pens. Released: never edited. */

/** Renames the old tables and creates the new ones; `fillSchema6` copies the rows. */
export const SCHEMA_6 = `
  DROP INDEX license_subscription;
  DROP INDEX event_to_look_at;
  DROP TABLE withdrawal;
  ALTER TABLE customer RENAME TO customer_5;
  ALTER TABLE license RENAME TO license_5;
  ALTER TABLE code RENAME TO code_5;
  ALTER TABLE fulfillment RENAME TO fulfillment_5;
  ALTER TABLE history RENAME TO history_5;
  ALTER TABLE event RENAME TO event_5;

  -- readable_from: the oldest schema whose release can use this ledger.
  CREATE TABLE schema_version (
    version INTEGER NOT NULL,
    readable_from INTEGER NOT NULL
  ) STRICT;

  -- The secret and the keys that the ledger was written with (storage/record/identity-row.ts). One row.
  CREATE TABLE identity (
    ledger BLOB NOT NULL CHECK (length(ledger) = 16),
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    key_id INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT;

  -- Numbers and tallies (storage/record/pen.ts). SQLite has pen 0.
  CREATE TABLE pen (
    pen INTEGER PRIMARY KEY,
    last_license INTEGER NOT NULL,
    last_event INTEGER NOT NULL,
    last_customer INTEGER NOT NULL,
    last_flag INTEGER NOT NULL,
    test_licenses INTEGER NOT NULL,
    event_rows INTEGER NOT NULL,
    event_sum BLOB NOT NULL,
    fact_rows INTEGER NOT NULL,
    fact_sum BLOB NOT NULL,
    answer_rows INTEGER NOT NULL,
    answer_sum BLOB NOT NULL,
    change_rows INTEGER NOT NULL,
    change_sum BLOB NOT NULL,
    flag_rows INTEGER NOT NULL,
    flag_sum BLOB NOT NULL,
    customer_rows INTEGER NOT NULL,
    customer_sum BLOB NOT NULL,
    owed_rows INTEGER NOT NULL,
    owed_sum BLOB NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT;

  -- The rules of products on days of sale (domain/values/terms.ts).
  CREATE TABLE terms (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    content TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- The terms under which products were ever sold: a start need not read each license. NULL: no terms were kept.
  CREATE TABLE sold_terms (
    product TEXT NOT NULL,
    terms BLOB CHECK (length(terms) = 32)
  ) STRICT;
  CREATE UNIQUE INDEX sold_terms_once ON sold_terms (product, ifnull(terms, x''));

  -- The only table with personal data. The norm columns hold normalized addresses (domain/values/address.ts).
  -- erased: 1 the holder, 2 the buyer of a gift, 3 both.
  CREATE TABLE customer (
    number INTEGER PRIMARY KEY,
    name TEXT,
    email TEXT,
    email_norm TEXT,
    buyer_name TEXT,
    buyer_email TEXT,
    buyer_norm TEXT,
    erased INTEGER NOT NULL CHECK (erased BETWEEN 0 AND 3),
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT;

  -- One row a unit, with its first code, its first answer and the beginning of its history. Only the index on id is in
  -- random order: such an index costs more than the row.
  CREATE TABLE license (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    marketplace TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    order_id TEXT NOT NULL,
    line TEXT NOT NULL,
    product TEXT NOT NULL,
    unit INTEGER NOT NULL CHECK (unit >= 0),
    reissue INTEGER NOT NULL CHECK (reissue >= 0),
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'revoked', 'ended')),
    revision INTEGER NOT NULL CHECK (revision BETWEEN 0 AND 65535),
    customer INTEGER REFERENCES customer,
    subscription TEXT,
    terms BLOB REFERENCES terms,
    first_code TEXT NOT NULL CHECK (length(first_code) = 160),
    first_revision INTEGER NOT NULL CHECK (first_revision BETWEEN 0 AND 65535),
    issued_at INTEGER NOT NULL,
    cause TEXT NOT NULL,
    quantity INTEGER CHECK (quantity >= 1),
    message BLOB REFERENCES message CHECK ((message IS NULL) = (quantity IS NULL)),
    alone INTEGER NOT NULL CHECK (alone IN (0, 1)),
    total REAL,
    currency TEXT,
    delivered_at INTEGER,
    last_valid TEXT,
    reach TEXT,
    handed INTEGER,
    due INTEGER,
    seal BLOB NOT NULL CHECK (length(seal) = 16),
    UNIQUE (order_id, line, product, unit, marketplace, mode, reissue)
  ) STRICT;
  CREATE INDEX license_subscription ON license (subscription, marketplace, mode) WHERE subscription IS NOT NULL;
  CREATE INDEX license_customer ON license (customer) WHERE customer IS NOT NULL;
  CREATE INDEX license_due ON license (due) WHERE due IS NOT NULL;
  CREATE INDEX license_unhanded ON license (number) WHERE handed IS NULL;
  CREATE INDEX license_unmailed ON license (number) WHERE state = 'active' AND handed < revision;

  -- Codes of revisions above the first.
  CREATE TABLE code (
    license INTEGER NOT NULL REFERENCES license,
    revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
    text TEXT NOT NULL CHECK (length(text) = 160),
    PRIMARY KEY (license, revision)
  ) STRICT, WITHOUT ROWID;

  -- Answers to requests for licenses that existed before the request. Sequence 1: the order's own request; above:
  -- rebills, each named by its own order.
  CREATE TABLE fulfillment (
    license INTEGER NOT NULL REFERENCES license,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    revision INTEGER NOT NULL CHECK (revision BETWEEN 0 AND 65535),
    quantity INTEGER NOT NULL CHECK (quantity >= 1),
    message BLOB NOT NULL REFERENCES message,
    at INTEGER NOT NULL,
    delivered_at INTEGER,
    request TEXT,
    alone INTEGER NOT NULL CHECK (alone IN (0, 1)),
    seal BLOB NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (license, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX fulfillment_request ON fulfillment (request, license) WHERE request IS NOT NULL;

  -- Append-only: each row is sealed over the seal of the row before it, the first over the seal of the license.
  CREATE TABLE history (
    license INTEGER NOT NULL REFERENCES license,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    at INTEGER NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    cause TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (license, sequence)
  ) STRICT, WITHOUT ROWID;

  -- Licenses of a product that an operator moved to other terms.
  CREATE INDEX fact_termed ON fact (subject, marketplace, mode) WHERE kind = 'termed';

  -- Events, once each. The payload, which may hold personal data, is deleted after a time; its digest stays.
  CREATE TABLE event (
    number INTEGER PRIMARY KEY,
    marketplace TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    payload TEXT,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'unmatched', 'failed')),
    fault TEXT,
    attempts INTEGER NOT NULL,
    UNIQUE (event_id, marketplace, mode)
  ) STRICT;
  CREATE INDEX event_failed ON event (number) WHERE outcome = 'failed';

  -- What a person must look at, or has looked at (domain/values/flag.ts).
  CREATE TABLE flag (
    id INTEGER PRIMARY KEY,
    marketplace TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    order_id TEXT,
    product TEXT,
    event_id TEXT,
    at INTEGER NOT NULL,
    settled_at INTEGER,
    settled_by TEXT,
    seal BLOB NOT NULL CHECK (length(seal) = 16),
    UNIQUE (key, marketplace, mode)
  ) STRICT;
  CREATE INDEX flag_order ON flag (order_id, marketplace, mode) WHERE order_id IS NOT NULL;
  CREATE INDEX flag_event ON flag (event_id, marketplace, mode) WHERE event_id IS NOT NULL AND settled_at IS NULL;
  CREATE INDEX flag_open ON flag (kind) WHERE settled_at IS NULL;

  -- Lines that were sold and have fewer licenses than units.
  CREATE TABLE owed (
    marketplace TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    order_id TEXT NOT NULL,
    line TEXT NOT NULL,
    product TEXT,
    quantity INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    since INTEGER NOT NULL,
    due INTEGER,
    seal BLOB NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (order_id, line, marketplace, mode)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX owed_due ON owed (due) WHERE due IS NOT NULL;
  CREATE INDEX owed_missing ON owed (line, marketplace) WHERE missing > 0;

  -- Withdrawn licenses, which are on a list now or later. digest: of the license id. Days as YYYY-MM-DD (domain/life/withdrawal.ts).
  CREATE TABLE withdrawal (
    product TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 8),
    license INTEGER NOT NULL REFERENCES license,
    listed TEXT NOT NULL CHECK (listed IN ('revoked', 'suspended')),
    since TEXT,
    until TEXT,
    PRIMARY KEY (product, digest, license)
  ) STRICT, WITHOUT ROWID;
`;

export const SCHEMA_6_END = `
  INSERT INTO schema_version (version, readable_from) VALUES (6, 6);
  UPDATE revocation_list SET changed = 1;
  INSERT INTO sold_terms (product, terms) SELECT DISTINCT product, terms FROM license;
  DROP TABLE code_5;
  DROP TABLE fulfillment_5;
  DROP TABLE history_5;
  DROP TABLE license_5;
  DROP TABLE customer_5;
  DROP TABLE event_5;
  DROP TABLE tally;
`;
