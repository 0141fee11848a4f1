/** The functions of the schema: the closure of names, and the locks on it. No rule of the domain is here. */

/** The order whose licenses a name may stand for, as `ordersIn` of the loader has it. */
const ORDER_OF_NAME = `CASE
    WHEN starts_with(k.name, 'order:') THEN substr(k.name, 7)
    WHEN starts_with(k.name, 'order-id:') THEN substr(k.name, 10)
    WHEN starts_with(k.name, 'subscription:') THEN k.name END`;

const NAME_OF_ORDER = `CASE
    WHEN starts_with(l.order_id, 'subscription:') THEN l.order_id ELSE 'order:' || l.order_id END`;

const inMarket = (table: string) => `${table}.marketplace = k.marketplace AND ${table}.mode = k.mode`;

/** Names are texts "marketplace mode subject". */
export const FUNCTIONS = `
  -- All names that facts, licenses and answers tie to the given names. LATERAL with OFFSET 0 keeps each search a search
  -- by index, whatever the planner takes the number of names for.
  CREATE FUNCTION known_names(given text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE known (marketplace, mode, name) AS (
      SELECT split_part(n, ' ', 1) COLLATE "C", split_part(n, ' ', 2) COLLATE "C",
        substr(n, length(split_part(n, ' ', 1)) + length(split_part(n, ' ', 2)) + 3) COLLATE "C"
      FROM unnest(given) AS n
      UNION
      SELECT k.marketplace, k.mode, x.name FROM known k, LATERAL (
        SELECT f.subject AS name FROM fact f WHERE f.refers = k.name AND ${inMarket('f')}
        UNION ALL
        SELECT f.refers FROM fact f
        WHERE f.subject = k.name AND ${inMarket('f')} AND f.refers IS NOT NULL
        UNION ALL
        SELECT 'license:' || encode(l.id, 'hex')::uuid::text FROM license l
        WHERE l.order_id = ${ORDER_OF_NAME} AND ${inMarket('l')}
        UNION ALL
        SELECT 'subscription:' || l.subscription FROM license l
        WHERE l.order_id = ${ORDER_OF_NAME} AND ${inMarket('l')} AND l.subscription IS NOT NULL
        UNION ALL
        SELECT ${NAME_OF_ORDER} FROM license l
        WHERE l.id = CASE WHEN k.name ~ '^license:[0-9a-f-]{36}$' THEN decode(replace(substr(k.name, 9), '-', ''), 'hex') END
          AND ${inMarket('l')}
        UNION ALL
        SELECT ${NAME_OF_ORDER} FROM fulfillment f JOIN license l ON l.number = f.license
        WHERE f.request = CASE WHEN starts_with(k.name, 'order:') THEN substr(k.name, 7) END
          AND ${inMarket('l')}
        OFFSET 0) x)
    SELECT coalesce(array_agg(marketplace || ' ' || mode || ' ' || name), '{}') FROM known
  $$;

  -- Locks names until the transaction ends, and all that is tied to them. The given names wait their turn, in sorted
  -- order. Names found on the way are only tried, since waiting out of order would deadlock: the caller comes again with
  -- them. Licenses need no lock of their own: their order has one. Each statement sees what was committed before it.
  CREATE FUNCTION hold(given text[], others text[], seed bigint) RETURNS text[] LANGUAGE plpgsql AS $$
  DECLARE
    held text[] := given;
    found text[];
    wanted text[];
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(n, seed)) FROM (
      SELECT DISTINCT n COLLATE "C" AS n FROM unnest(given || others) AS n
      WHERE split_part(n, ' ', 3) NOT LIKE 'license:%' ORDER BY 1) AS sorted;
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
    PERFORM set_config('mintmark.names', held::text, true);
    RETURN held;
  END $$;

  -- The names of this transaction.
  CREATE FUNCTION held() RETURNS TABLE (marketplace text, mode text, name text) LANGUAGE sql STABLE ROWS 20 AS $$
    SELECT split_part(n, ' ', 1), split_part(n, ' ', 2),
      substr(n, length(split_part(n, ' ', 1)) + length(split_part(n, ' ', 2)) + 3)
    FROM unnest(current_setting('mintmark.names')::text[]) AS n
  $$;

  CREATE FUNCTION held_orders() RETURNS TABLE (marketplace text, mode text, order_id text) LANGUAGE sql STABLE ROWS 10 AS $$
    SELECT DISTINCT k.marketplace, k.mode, ${ORDER_OF_NAME} FROM held() k WHERE k.name NOT LIKE 'license:%'
  $$;
`;
