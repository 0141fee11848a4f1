/** The functions of the schema: the closure of names, and the locks on it. No rule of the domain is here. */
import { inMarket } from '../loads.ts';

/** The order whose licenses a name may stand for, as `ordersIn` of the loader has it. */
const ORDER_OF_NAME = `CASE
    WHEN starts_with(k.name, 'order:') THEN substr(k.name, 7)
    WHEN starts_with(k.name, 'order-id:') THEN substr(k.name, 10)
    WHEN starts_with(k.name, 'subscription:') THEN k.name END`;

const NAME_OF_ORDER = `CASE
    WHEN starts_with(l.order_id, 'subscription:') THEN l.order_id ELSE 'order:' || l.order_id END`;

/** The license of the name. */
const ID_OF_NAME = `CASE WHEN k.name ~ '^license:[0-9a-f-]{36}$' THEN decode(replace(substr(k.name, 9), '-', ''), 'hex') END`;

const RENEWED_ORDER = `CASE WHEN starts_with(k.name, 'order:') THEN substr(k.name, 7) END`;

const of = (alias: string) => inMarket(alias, 'k.market');

/**
 * Names are texts "marketplace mode subject". Functions of many statements are PL/pgSQL, which keeps their plans for the
 * connection: a function of SQL is planned anew in each transaction.
 */
export const FUNCTIONS = `
  CREATE FUNCTION parts_of(names text[]) RETURNS TABLE (market text, name text) LANGUAGE sql STABLE ROWS 20 AS $$
    SELECT left(n, length(split_part(n, ' ', 1)) + length(split_part(n, ' ', 2)) + 1),
      substr(n, length(split_part(n, ' ', 1)) + length(split_part(n, ' ', 2)) + 3)
    FROM unnest(names) AS n OFFSET 0
  $$;

  -- The names for which rows are loaded.
  CREATE FUNCTION held(names text[]) RETURNS TABLE (market text, name text) LANGUAGE sql STABLE ROWS 20 AS $$
    SELECT * FROM parts_of(names)
  $$;

  -- The orders whose licenses the names stand for.
  CREATE FUNCTION held_orders(names text[]) RETURNS TABLE (market text, order_id text) LANGUAGE sql STABLE ROWS 10 AS $$
    SELECT DISTINCT k.market, ${ORDER_OF_NAME} FROM held(names) k WHERE k.name NOT LIKE 'license:%'
  $$;

  -- All names that facts, licenses and answers tie to the given names. LATERAL with OFFSET 0 keeps each search a search
  -- by index, whatever the planner takes the number of names for.
  CREATE FUNCTION known_names(given text[]) RETURNS text[] LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (
    WITH RECURSIVE known (market, name) AS (
      SELECT market COLLATE "C", name COLLATE "C" FROM parts_of(given)
      UNION
      SELECT k.market, x.name FROM known k, LATERAL (
        SELECT f.subject AS name FROM fact f WHERE f.refers = k.name AND ${of('f')}
        UNION ALL
        SELECT f.refers FROM fact f WHERE f.subject = k.name AND ${of('f')} AND f.refers IS NOT NULL
        UNION ALL
        SELECT unnest(ARRAY['license:' || encode(l.id, 'hex')::uuid::text, 'subscription:' || l.subscription])
        FROM license l WHERE l.order_id = ${ORDER_OF_NAME} AND ${of('l')}
        UNION ALL
        SELECT ${NAME_OF_ORDER} FROM license l WHERE l.id = ${ID_OF_NAME} AND ${of('l')}
        UNION ALL
        SELECT ${NAME_OF_ORDER}
        FROM (SELECT f.license FROM fulfillment f WHERE f.request = ${RENEWED_ORDER} OFFSET 0) f, LATERAL (
          SELECT * FROM license l WHERE l.number = f.license AND ${of('l')} OFFSET 0) l
        OFFSET 0) x
      WHERE x.name IS NOT NULL)
    SELECT coalesce(array_agg(market || ' ' || name), '{}') FROM known);
  END $$;

  -- Locks names until the transaction ends, and all that is tied to them. The given names wait their turn, in sorted
  -- order. Names found on the way are only tried, since waiting out of order would deadlock: the caller comes again with
  -- them. Licenses need no lock of their own: their order has one. NULL: nothing is known of the given names, as of those
  -- of a new order. Each statement in it sees what was committed before the statement, while the locks waited too: the
  -- function is VOLATILE, and transactions are READ COMMITTED.
  CREATE FUNCTION hold(given text[], others text[], seed bigint) RETURNS text[] LANGUAGE plpgsql VOLATILE AS $$
  DECLARE
    held text[] := given;
    found text[];
    wanted text[];
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(n, seed)) FROM (
      SELECT DISTINCT n COLLATE "C" AS n FROM unnest(given || others) AS n
      WHERE split_part(n, ' ', 3) NOT LIKE 'license:%' ORDER BY 1) AS sorted;
    IF NOT EXISTS (
      SELECT FROM parts_of(given) k, LATERAL (
        SELECT FROM license l WHERE l.order_id = ${ORDER_OF_NAME} AND ${of('l')}
        UNION ALL
        SELECT FROM fact f WHERE f.subject = k.name AND ${of('f')}
        UNION ALL
        SELECT FROM fact f WHERE f.refers = k.name AND ${of('f')}
        UNION ALL
        SELECT FROM fulfillment f WHERE f.request = ${RENEWED_ORDER}
        UNION ALL
        SELECT FROM owed t WHERE t.order_id = ${ORDER_OF_NAME} AND ${of('t')}
        UNION ALL
        SELECT FROM flag t WHERE t.order_id = ${ORDER_OF_NAME} AND ${of('t')}
        UNION ALL
        SELECT FROM outbox t WHERE t.order_id = ${ORDER_OF_NAME} AND ${of('t')}
        UNION ALL
        SELECT FROM license l WHERE l.id = ${ID_OF_NAME} AND ${of('l')}
        OFFSET 0) x)
    THEN RETURN NULL;
    END IF;
    LOOP
      found := known_names(held);
      SELECT array_agg(n) INTO wanted FROM unnest(found) AS n
      WHERE n <> ALL (held) AND split_part(n, ' ', 3) NOT LIKE 'license:%';
      held := found;
      EXIT WHEN wanted IS NULL;
      IF EXISTS (SELECT FROM unnest(wanted) AS n WHERE NOT pg_try_advisory_xact_lock(hashtextextended(n, seed))) THEN
        RAISE EXCEPTION 'a name is held' USING ERRCODE = '55P03', DETAIL = array_to_json(wanted)::text;
      END IF;
    END LOOP;
    RETURN held;
  END $$;
`;
