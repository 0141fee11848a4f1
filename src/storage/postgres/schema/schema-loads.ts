/** The functions of the schema that load what a group of acts or reads can touch: one call in place of 20 statements. */
import { inMarket, licenseRows, lockOf, type Purpose, rowsOf } from '../loads.ts';

const HELD_LICENSES = `
  SELECT l.* FROM held_orders(names) h, LATERAL (
    SELECT * FROM license l WHERE l.order_id = h.order_id AND ${inMarket('l', 'h.market')} OFFSET 0) l`;

const ofHeldOrders = (table: string, lock: string) => `
  RETURN QUERY SELECT ${rowsOf(table, 't')} FROM held_orders(names) h, LATERAL (
    SELECT * FROM ${table} t WHERE t.order_id = h.order_id AND ${inMarket('t', 'h.market')} OFFSET 0 ${lock}) t;`;

/** All that is known of the names. \`whole\`: all rows of the history of licenses, in place of the newest of each. */
const loadHeld = (name: string, purpose: Purpose) => `
  CREATE FUNCTION ${name}(names text[], whole boolean, announces boolean) RETURNS TABLE ("table" text, "row" json)
  LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    RETURN QUERY SELECT ${rowsOf('fact', 'f')} FROM held(names) h, LATERAL (
      SELECT * FROM fact f WHERE f.subject = h.name AND ${inMarket('f', 'h.market')} OFFSET 0) f;
    RETURN QUERY ${licenseRows(HELD_LICENSES, purpose, 'CASE WHEN whole THEN NULL ELSE 1 END')};
    ${ofHeldOrders('owed', '')}
    ${ofHeldOrders('flag', lockOf(purpose))}
    IF announces THEN ${ofHeldOrders('outbox', '')}
    END IF;
  END $$;`;

export const LOAD_FUNCTIONS = `
  ${loadHeld('load_to_write', 'write')}

  ${loadHeld('load_to_read', 'read')}

  -- What a group of acts begins with: its locks, a pen, and all that is known of its names. VOLATILE: each statement in it
  -- sees what was committed while the one before it waited for a lock. The lowest free pen, so that a single instance
  -- numbers its rows in the order of time.
  CREATE FUNCTION begin_group(given text[], others text[], seed bigint, whole boolean, announces boolean)
  RETURNS TABLE ("table" text, "row" json) LANGUAGE plpgsql VOLATILE AS $$
  DECLARE
    known text[] := hold(given, others, seed);
    number bigint;
    taken json;
  BEGIN
    SELECT p.pen, row_to_json(p) INTO number, taken
    FROM (SELECT * FROM pen ORDER BY pen LIMIT 1 FOR UPDATE SKIP LOCKED) AS p;
    RETURN QUERY VALUES ('held', to_json(coalesce(known, given))), ('pen', taken);
    RETURN QUERY SELECT ${rowsOf('daily_position', 'd')} FROM daily_position d WHERE d.pen = number;
    IF announces THEN RETURN QUERY SELECT ${rowsOf('outbox_target', 't')} FROM outbox_target t;
    END IF;
    IF known IS NOT NULL THEN RETURN QUERY SELECT * FROM load_to_write(known, whole, announces);
    END IF;
  END $$;

  -- The same for reads, in one state of the ledger: nothing is locked.
  CREATE FUNCTION begin_reads(given text[], whole boolean) RETURNS TABLE ("table" text, "row" json)
  LANGUAGE plpgsql STABLE AS $$
  DECLARE
    known text[] := known_names(given);
  BEGIN
    RETURN QUERY VALUES ('held', to_json(known));
    RETURN QUERY SELECT * FROM load_to_read(known, whole, false);
  END $$;
`;
