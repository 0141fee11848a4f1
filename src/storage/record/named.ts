/** What a text may be the name of, as SQL for both databases. `text`: the parameter, such as $1. */
import type { Market } from '../../domain/changes.ts';
import type { Subject } from '../../domain/facts/fact.ts';

/** A subject of facts in its market. */
export interface Named extends Market {
  readonly name: Subject;
}

const ORDER = `CASE WHEN substr(order_id, 1, 13) = 'subscription:' THEN order_id ELSE 'order:' || order_id END`;

/** Orders: by number, by a marketplace's internal id, or by the order of a charge, also if only its license request is known. */
export const ordersNamed = (text: string) => {
  const subjects = [`'order:' || ${text}`, `'order-id:' || ${text}`, text];
  const facts = subjects.flatMap((subject) => [
    `SELECT marketplace, mode, subject FROM fact WHERE subject = ${subject}`,
    `SELECT marketplace, mode, refers FROM fact WHERE refers = ${subject}`,
  ]);
  return `
    SELECT marketplace, mode, ${ORDER} AS name FROM license WHERE order_id = ${text}
    UNION SELECT marketplace, mode, ${ORDER} FROM owed WHERE order_id = ${text}
    UNION SELECT marketplace, mode, ${ORDER} FROM flag WHERE order_id = ${text}
    UNION SELECT marketplace, mode, ${ORDER} FROM fulfillment JOIN license ON number = license WHERE request = ${text}
    UNION ${facts.join(' UNION ')}`;
};

export const subscriptionsNamed = (text: string) => `
  SELECT marketplace, mode, 'subscription:' || subscription AS name FROM license WHERE subscription = ${text}
  UNION SELECT marketplace, mode, subject FROM fact WHERE subject = 'subscription:' || ${text}
  UNION SELECT marketplace, mode, refers FROM fact WHERE refers = 'subscription:' || ${text}`;
