/** The migration from schema 7 to 8: the outbox. Released: never edited. */

export const SCHEMA_8 = `
  -- Announcements: what leaves the service after a change (domain/values/announcement.ts). No personal data and no code.
  -- license: its id. sequence: of its history, from 1. again: how often a sent one was sent again. due: NULL unless
  -- state is waiting. lease: until when a worker has it. Only lease and first_tried_at are outside the seal.
  CREATE TABLE outbox (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'webhook', 'inquiry', 'complete')),
    target TEXT NOT NULL,
    topic TEXT NOT NULL,
    marketplace TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    order_id TEXT NOT NULL,
    product TEXT,
    license BLOB CHECK (length(license) = 16),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    key TEXT NOT NULL,
    again INTEGER NOT NULL CHECK (again >= 0),
    revision INTEGER NOT NULL,
    customer INTEGER,
    text BLOB CHECK (length(text) = 32),
    body BLOB,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'sent', 'given-up', 'dropped')),
    reason TEXT,
    round INTEGER NOT NULL CHECK (round >= 1),
    tries INTEGER NOT NULL CHECK (tries >= 0),
    due INTEGER CHECK ((due IS NOT NULL) = (state = 'waiting')),
    lease INTEGER,
    first_tried_at INTEGER,
    done_at INTEGER,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT;
  CREATE UNIQUE INDEX outbox_once
    ON outbox (order_id, topic, channel, target, ifnull(license, x''), sequence, key, ifnull(product, ''), marketplace, mode,
      again);
  CREATE INDEX outbox_due ON outbox (channel, target, due) WHERE due IS NOT NULL;
  CREATE INDEX outbox_leased ON outbox (channel, target, lease) WHERE lease IS NOT NULL;
  CREATE INDEX outbox_state ON outbox (state, number) WHERE state IN ('waiting', 'held', 'given-up');
  CREATE INDEX outbox_customer ON outbox (customer) WHERE customer IS NOT NULL;

  -- Each try, from 1: how it ended, and what the other side said. answer: deleted after a time.
  CREATE TABLE outbox_try (
    announcement INTEGER NOT NULL REFERENCES outbox,
    try INTEGER NOT NULL CHECK (try >= 1),
    round INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'failed', 'refused', 'target failed', 'dropped')),
    answer TEXT,
    seal BLOB NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (announcement, try)
  ) STRICT, WITHOUT ROWID;

  -- Whom announcements go to, and whether they get any now. target: '' is the channel as a whole.
  CREATE TABLE outbox_target (
    channel TEXT NOT NULL,
    target TEXT NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    failing_since INTEGER,
    rests_until INTEGER,
    stopped_at INTEGER,
    paused_at INTEGER,
    reason TEXT,
    seal BLOB NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (channel, target)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE pen ADD COLUMN last_announcement INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE pen ADD COLUMN outbox_rows INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE pen ADD COLUMN outbox_sum BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';
  UPDATE schema_version SET version = 8, readable_from = 8;
`;
