/** The tables of the outbox, the counted days and the console on PostgreSQL. */
import { TEXT } from './schema-sales.ts';

export const OTHER_TABLES = `
  CREATE TABLE outbox (
    number bigint PRIMARY KEY,
    id ${TEXT} NOT NULL UNIQUE CHECK (length(id) = 36),
    channel ${TEXT} NOT NULL CHECK (channel IN ('mail', 'webhook', 'inquiry', 'complete')),
    target ${TEXT} NOT NULL,
    topic ${TEXT} NOT NULL,
    marketplace ${TEXT} NOT NULL,
    mode ${TEXT} NOT NULL CHECK (mode IN ('live', 'test')),
    order_id ${TEXT} NOT NULL,
    product ${TEXT},
    license bytea CHECK (length(license) = 16),
    sequence bigint NOT NULL CHECK (sequence >= 0),
    key ${TEXT} NOT NULL,
    again bigint NOT NULL CHECK (again >= 0),
    revision bigint NOT NULL,
    customer bigint,
    text bytea CHECK (length(text) = 32),
    body bytea,
    at bigint NOT NULL,
    state ${TEXT} NOT NULL CHECK (state IN ('waiting', 'held', 'sent', 'given-up', 'dropped')),
    reason ${TEXT},
    round bigint NOT NULL CHECK (round >= 1),
    tries bigint NOT NULL CHECK (tries >= 0),
    due bigint CHECK ((due IS NOT NULL) = (state = 'waiting')),
    lease bigint,
    first_tried_at bigint,
    done_at bigint,
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );
  CREATE UNIQUE INDEX outbox_once
    ON outbox (order_id, topic, channel, target, coalesce(license, '\\x'), sequence, key, coalesce(product, ''), marketplace, mode,
      again);
  CREATE INDEX outbox_due ON outbox (channel, target, due) WHERE due IS NOT NULL;
  CREATE INDEX outbox_leased ON outbox (channel, target, lease) WHERE lease IS NOT NULL;
  CREATE INDEX outbox_state ON outbox (state, number) WHERE state IN ('waiting', 'held', 'given-up');
  CREATE INDEX outbox_customer ON outbox (customer) WHERE customer IS NOT NULL;

  CREATE TABLE outbox_try (
    announcement bigint NOT NULL,
    try bigint NOT NULL CHECK (try >= 1),
    round bigint NOT NULL,
    at bigint NOT NULL,
    outcome ${TEXT} NOT NULL CHECK (outcome IN ('sent', 'failed', 'refused', 'target failed', 'dropped')),
    answer ${TEXT},
    seal bytea NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (announcement, try)
  );

  CREATE TABLE outbox_target (
    channel ${TEXT} NOT NULL,
    target ${TEXT} NOT NULL,
    failures bigint NOT NULL CHECK (failures >= 0),
    failing_since bigint,
    rests_until bigint,
    stopped_at bigint,
    paused_at bigint,
    reason ${TEXT},
    seal bytea NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (channel, target)
  );

  CREATE TABLE daily (
    day ${TEXT} NOT NULL,
    mode ${TEXT} NOT NULL CHECK (mode IN ('live', 'test')),
    product ${TEXT} NOT NULL,
    pen bigint NOT NULL,
    orders bigint NOT NULL,
    units bigint NOT NULL,
    issued bigint NOT NULL,
    renewed bigint NOT NULL,
    suspended bigint NOT NULL,
    reinstated bigint NOT NULL,
    ended bigint NOT NULL,
    revoked bigint NOT NULL,
    due bigint NOT NULL,
    kept bigint NOT NULL,
    net_suspended bigint NOT NULL,
    net_ended bigint NOT NULL,
    net_revoked bigint NOT NULL,
    PRIMARY KEY (day, mode, product, pen)
  );

  -- The instances of the service: nothing of the ledger.
  CREATE TABLE instance (
    id ${TEXT} PRIMARY KEY,
    products ${TEXT} NOT NULL,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL
  );

  -- What one instance leaves to the next one, such as how far a marketplace's API was read. Not copied.
  CREATE TABLE note (
    name ${TEXT} PRIMARY KEY,
    text ${TEXT} NOT NULL
  );

  -- Limits of requests, where several processes count together: as rate-limiter-flexible has it, nothing of the ledger.
  CREATE UNLOGGED TABLE request_limit (
    key ${TEXT} PRIMARY KEY,
    points integer NOT NULL DEFAULT 0,
    expire bigint
  );

  CREATE TABLE console_link (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    person ${TEXT} NOT NULL,
    made_at bigint NOT NULL,
    used_at bigint,
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  CREATE TABLE console_passkey (
    id ${TEXT} PRIMARY KEY,
    person ${TEXT} NOT NULL,
    name ${TEXT} NOT NULL,
    handle ${TEXT} NOT NULL,
    public_key bytea NOT NULL,
    counter bigint NOT NULL,
    transports ${TEXT} NOT NULL,
    made_at bigint NOT NULL,
    used_at bigint,
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  CREATE TABLE console_session (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    person ${TEXT} NOT NULL,
    passkey ${TEXT},
    opened_at bigint NOT NULL,
    used_at bigint NOT NULL,
    proved_at bigint NOT NULL,
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  CREATE TABLE console_history (
    number bigint PRIMARY KEY,
    at bigint NOT NULL,
    person ${TEXT} NOT NULL,
    what ${TEXT} NOT NULL,
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );
`;
