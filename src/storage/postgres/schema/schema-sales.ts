/**
 * The ledger's tables on PostgreSQL. Names and columns are those of SQLite's schema (a test compares them), so that rows
 * are copied as they are. No foreign keys: a check of each row would lock rows that all sales share; `ledger check` finds
 * broken references.
 */

/** Compared byte by byte, as SQLite does: no locale of the machine decides. */
export const TEXT = 'text COLLATE "C"';

export const TABLES_OF_SALES = `
  CREATE TABLE message (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    content ${TEXT} NOT NULL
  );

  CREATE TABLE fact (
    subject ${TEXT} NOT NULL,
    marketplace ${TEXT} NOT NULL,
    mode ${TEXT} NOT NULL,
    key ${TEXT} NOT NULL,
    at bigint NOT NULL,
    kind ${TEXT} NOT NULL,
    body ${TEXT} NOT NULL,
    cause ${TEXT} NOT NULL,
    refers ${TEXT},
    seal bytea NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (subject, marketplace, mode, key)
  );
  CREATE INDEX fact_refers ON fact (refers, marketplace, mode) WHERE refers IS NOT NULL;

  CREATE TABLE revocation_list (
    product ${TEXT} PRIMARY KEY,
    seq bigint NOT NULL,
    iat bigint NOT NULL,
    nxt bigint NOT NULL,
    key_id bigint NOT NULL,
    day ${TEXT} NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    changed bigint NOT NULL CHECK (changed IN (0, 1)),
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  CREATE TABLE schema_version (
    version bigint NOT NULL,
    readable_from bigint NOT NULL
  );

  CREATE TABLE identity (
    ledger bytea NOT NULL CHECK (length(ledger) = 16),
    secret bytea NOT NULL CHECK (length(secret) = 32),
    key_id bigint NOT NULL,
    seal bytea NOT NULL CHECK (length(seal) = 16)
  );

  -- last_group: the group that wrote the row last, to learn what became of a COMMIT whose answer was lost.
  CREATE TABLE pen (
    pen bigint PRIMARY KEY,
    last_license bigint NOT NULL,
    last_event bigint NOT NULL,
    last_customer bigint NOT NULL,
    last_flag bigint NOT NULL,
    test_licenses bigint NOT NULL,
    event_rows bigint NOT NULL,
    event_sum bytea NOT NULL,
    fact_rows bigint NOT NULL,
    fact_sum bytea NOT NULL,
    answer_rows bigint NOT NULL,
    answer_sum bytea NOT NULL,
    change_rows bigint NOT NULL,
    change_sum bytea NOT NULL,
    flag_rows bigint NOT NULL,
    flag_sum bytea NOT NULL,
    customer_rows bigint NOT NULL,
    customer_sum bytea NOT NULL,
    owed_rows bigint NOT NULL,
    owed_sum bytea NOT NULL,
    seal bytea NOT NULL CHECK (length(seal) = 16),
    last_announcement bigint NOT NULL,
    outbox_rows bigint NOT NULL,
    outbox_sum bytea NOT NULL,
    last_group uuid
  ) WITH (fillfactor = 10);

  CREATE TABLE terms (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    content ${TEXT} NOT NULL
  );

  CREATE TABLE sold_terms (
    product ${TEXT} NOT NULL,
    terms bytea CHECK (length(terms) = 32)
  );
  CREATE UNIQUE INDEX sold_terms_once ON sold_terms (product, coalesce(terms, '\\x'));

  CREATE TABLE customer (
    number bigint PRIMARY KEY,
    name ${TEXT},
    email ${TEXT},
    email_norm ${TEXT},
    buyer_name ${TEXT},
    buyer_email ${TEXT},
    buyer_norm ${TEXT},
    erased bigint NOT NULL CHECK (erased BETWEEN 0 AND 3),
    seal bytea NOT NULL CHECK (length(seal) = 16),
former bytea CHECK (length(former) % 16 = 0));

  CREATE TABLE license (
    number bigint PRIMARY KEY,
    id bytea NOT NULL UNIQUE CHECK (length(id) = 16),
    marketplace ${TEXT} NOT NULL,
    mode ${TEXT} NOT NULL CHECK (mode IN ('live', 'test')),
    order_id ${TEXT} NOT NULL,
    line ${TEXT} NOT NULL,
    product ${TEXT} NOT NULL,
    unit bigint NOT NULL CHECK (unit >= 0),
    reissue bigint NOT NULL CHECK (reissue >= 0),
    state ${TEXT} NOT NULL CHECK (state IN ('active', 'suspended', 'revoked', 'ended')),
    revision bigint NOT NULL CHECK (revision BETWEEN 0 AND 65535),
    customer bigint,
    subscription ${TEXT},
    terms bytea,
    first_code ${TEXT} NOT NULL CHECK (length(first_code) = 160),
    first_revision bigint NOT NULL CHECK (first_revision BETWEEN 0 AND 65535),
    issued_at bigint NOT NULL,
    cause ${TEXT} NOT NULL,
    quantity bigint CHECK (quantity >= 1),
    message bytea CHECK ((message IS NULL) = (quantity IS NULL)),
    alone bigint NOT NULL CHECK (alone IN (0, 1)),
    total double precision,
    currency ${TEXT},
    delivered_at bigint,
    last_valid ${TEXT},
    reach ${TEXT},
    handed bigint,
    due bigint,
    seal bytea NOT NULL CHECK (length(seal) = 16),
    UNIQUE (order_id, line, product, unit, marketplace, mode, reissue)
  );
  CREATE INDEX license_subscription ON license (subscription, marketplace, mode) WHERE subscription IS NOT NULL;
  CREATE INDEX license_customer ON license (customer) WHERE customer IS NOT NULL;
  CREATE INDEX license_due ON license (due) WHERE due IS NOT NULL;
  CREATE INDEX license_unhanded ON license (number) WHERE handed IS NULL;
  CREATE INDEX license_unmailed ON license (number) WHERE state = 'active' AND handed < revision;

  CREATE TABLE code (
    license bigint NOT NULL,
    revision bigint NOT NULL CHECK (revision BETWEEN 1 AND 65535),
    text ${TEXT} NOT NULL CHECK (length(text) = 160),
    PRIMARY KEY (license, revision)
  );

  CREATE TABLE fulfillment (
    license bigint NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 1),
    revision bigint NOT NULL CHECK (revision BETWEEN 0 AND 65535),
    quantity bigint NOT NULL CHECK (quantity >= 1),
    message bytea NOT NULL,
    at bigint NOT NULL,
    delivered_at bigint,
    request ${TEXT},
    alone bigint NOT NULL CHECK (alone IN (0, 1)),
    seal bytea NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (license, sequence)
  );
  CREATE UNIQUE INDEX fulfillment_request ON fulfillment (request, license) WHERE request IS NOT NULL;

  CREATE TABLE history (
    license bigint NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 1),
    at bigint NOT NULL,
    from_state ${TEXT} NOT NULL,
    to_state ${TEXT} NOT NULL,
    revision bigint NOT NULL,
    cause ${TEXT} NOT NULL,
    seal bytea NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (license, sequence)
  );
  CREATE INDEX fact_termed ON fact (subject, marketplace, mode) WHERE kind = 'termed';

  CREATE TABLE event (
    number bigint PRIMARY KEY,
    marketplace ${TEXT} NOT NULL,
    mode ${TEXT} NOT NULL CHECK (mode IN ('live', 'test')),
    event_id ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    at bigint NOT NULL,
    received_at bigint NOT NULL,
    payload ${TEXT},
    digest bytea NOT NULL CHECK (length(digest) = 32),
    outcome ${TEXT} NOT NULL CHECK (outcome IN ('done', 'unmatched', 'failed')),
    fault ${TEXT},
    attempts bigint NOT NULL,
    UNIQUE (event_id, marketplace, mode)
  );
  CREATE INDEX event_payload ON event (received_at) WHERE payload IS NOT NULL;
  CREATE INDEX event_failed ON event (number) WHERE outcome = 'failed';

  CREATE TABLE flag (
    id bigint PRIMARY KEY,
    marketplace ${TEXT} NOT NULL,
    mode ${TEXT} NOT NULL CHECK (mode IN ('live', 'test')),
    key ${TEXT} NOT NULL,
    kind ${TEXT} NOT NULL,
    reason ${TEXT} NOT NULL,
    order_id ${TEXT},
    product ${TEXT},
    event_id ${TEXT},
    at bigint NOT NULL,
    settled_at bigint,
    settled_by ${TEXT},
    seal bytea NOT NULL CHECK (length(seal) = 16),
    UNIQUE (key, marketplace, mode)
  );
  CREATE INDEX flag_order ON flag (order_id, marketplace, mode) WHERE order_id IS NOT NULL;
  CREATE INDEX flag_event ON flag (event_id, marketplace, mode) WHERE event_id IS NOT NULL AND settled_at IS NULL;
  CREATE INDEX flag_open ON flag (kind) WHERE settled_at IS NULL;

  CREATE TABLE owed (
    marketplace ${TEXT} NOT NULL,
    mode ${TEXT} NOT NULL CHECK (mode IN ('live', 'test')),
    order_id ${TEXT} NOT NULL,
    line ${TEXT} NOT NULL,
    product ${TEXT},
    quantity bigint NOT NULL,
    missing bigint NOT NULL,
    since bigint NOT NULL,
    due bigint,
    seal bytea NOT NULL CHECK (length(seal) = 16),
    PRIMARY KEY (order_id, line, marketplace, mode)
  );
  CREATE INDEX owed_due ON owed (due) WHERE due IS NOT NULL;
  CREATE INDEX owed_missing ON owed (line, marketplace) WHERE missing > 0;

  -- listed: 'none' in place of a deletion, for which the service needs no permission.
  CREATE TABLE withdrawal (
    product ${TEXT} NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 8),
    license bigint NOT NULL,
    listed ${TEXT} NOT NULL CHECK (listed IN ('revoked', 'suspended', 'none')),
    since ${TEXT},
    until ${TEXT},
    PRIMARY KEY (product, digest, license)
  );
  CREATE INDEX withdrawal_license ON withdrawal (license);
`;
