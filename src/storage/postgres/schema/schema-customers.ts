/** The tables of schema 10: what customers do by themselves; units on their way; and further indexes of the console. */
import { TEXT } from './schema-sales.ts';

export const CUSTOMER_TABLES = `
  CREATE TABLE daily_position (
    pen bigint PRIMARY KEY,
    license bigint NOT NULL
  );

  CREATE TABLE console_count (
    rows bigint NOT NULL,
    sum bytea NOT NULL CHECK (length(sum) = 16),
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  -- Numbers are those of pens, so they say nothing about time: lists are ordered by time, and then by number.
  CREATE INDEX license_newest ON license (mode, issued_at, number);

  CREATE INDEX license_test_order ON license (order_id) WHERE mode = 'test';

  CREATE INDEX event_newest ON event (mode, received_at, number);

  CREATE INDEX outbox_newest ON outbox (at, number);

  -- What instances compare with each other. Not copied: the first start on a copy writes it anew.
  CREATE TABLE signing_key (
    key_id bigint PRIMARY KEY,
    public_key bytea NOT NULL CHECK (length(public_key) = 32),
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  -- The signed text of each revocation list, for instances that do not have its key yet.
  CREATE TABLE published_list (
    product ${TEXT} PRIMARY KEY,
    seq bigint NOT NULL,
    nxt bigint NOT NULL,
    key_id bigint NOT NULL,
    revoked bigint NOT NULL,
    suspended bigint NOT NULL,
    body bytea NOT NULL
  );

  -- Only while a unit is being sent, so that losing them in a crash of the database is right. Not copied.
  CREATE UNLOGGED TABLE handout_turn (
    name ${TEXT} PRIMARY KEY,
    token uuid NOT NULL,
    until timestamptz NOT NULL
  );

  CREATE UNLOGGED TABLE handout (
    token uuid PRIMARY KEY,
    name ${TEXT} NOT NULL,
    unit bigint NOT NULL,
    until timestamptz NOT NULL
  );

  CREATE INDEX handout_name ON handout (name);

  CREATE TABLE inquiry (
    announcement bigint PRIMARY KEY,
    typed_order ${TEXT},
    typed_email ${TEXT},
    order_hash bytea NOT NULL CHECK (length(order_hash) = 16),
    email_hash bytea NOT NULL CHECK (length(email_hash) = 16),
    at bigint NOT NULL,
    answered_at bigint
  );

  -- at: 0 in place of a deletion, for which the service needs no permission.
  CREATE INDEX inquiry_kept ON inquiry (at) WHERE at <> 0;

  CREATE INDEX inquiry_answered ON inquiry (answered_at) WHERE answered_at IS NOT NULL;

  CREATE TABLE address_change (
    number bigint PRIMARY KEY,
    license bytea NOT NULL CHECK (length(license) = 16),
    customer bigint NOT NULL,
    order_id ${TEXT} NOT NULL,
    marketplace ${TEXT} NOT NULL,
    mode ${TEXT} NOT NULL CHECK (mode IN ('live', 'test')),
    state ${TEXT} NOT NULL CHECK (state IN ('pending', 'done', 'undone', 'over')),
    asked_at bigint NOT NULL,
    done_at bigint,
    new_address ${TEXT},
    old_address ${TEXT},
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  CREATE INDEX address_change_customer ON address_change (customer);

  CREATE INDEX address_change_open ON address_change (number) WHERE new_address IS NOT NULL OR old_address IS NOT NULL;

  CREATE TABLE link_generation (
    license bytea NOT NULL CHECK (length(license) = 16),
    since bigint NOT NULL,
    PRIMARY KEY (license, since)
  );

  CREATE TABLE unit_note (
    license bytea PRIMARY KEY CHECK (length(license) = 16),
    handed_to ${TEXT} NOT NULL
  );

  CREATE TABLE download (
    number bigint PRIMARY KEY,
    license bytea NOT NULL CHECK (length(license) = 16),
    product ${TEXT} NOT NULL,
    version ${TEXT} NOT NULL,
    file ${TEXT} NOT NULL,
    link bigint NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    state ${TEXT} NOT NULL CHECK (state IN ('begun', 'whole', 'handed')),
    asked_at bigint NOT NULL,
    last_at bigint NOT NULL,
    covered ${TEXT} NOT NULL,
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  CREATE INDEX download_license ON download (license, asked_at, number);

  CREATE INDEX download_done ON download (last_at, license) WHERE state <> 'begun';

  CREATE TABLE download_count (
    product ${TEXT} NOT NULL,
    version ${TEXT} NOT NULL,
    file ${TEXT} NOT NULL,
    pen bigint NOT NULL,
    asked bigint NOT NULL,
    done bigint NOT NULL,
    PRIMARY KEY (product, version, file, pen)
  );

  CREATE TABLE job (
    number bigint PRIMARY KEY,
    kind ${TEXT} NOT NULL CHECK (kind IN ('check', 'backup', 'erase', 'apply', 'replace')),
    what ${TEXT} NOT NULL,
    mode ${TEXT} CHECK (mode IN ('live', 'test')),
    person ${TEXT} NOT NULL,
    begun_from ${TEXT} NOT NULL,
    run ${TEXT} NOT NULL,
    began_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    done bigint NOT NULL,
    whole bigint,
    ended_at bigint,
    is_good bigint,
    said ${TEXT},
    lines ${TEXT} NOT NULL
  );

  CREATE TABLE refused_call (
    marketplace ${TEXT} NOT NULL,
    what ${TEXT} NOT NULL CHECK (what IN ('request', 'event')),
    calls bigint NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    PRIMARY KEY (marketplace, what)
  );
`;
