/** The statements that load what customers do by themselves. */
import { ITS_MARKET, inMarket, loadBy } from './loads.ts';

/** Whoever answers an inquiry holds this name: answers are counted. */
export const INQUIRY_LOCK = '- - inquiry';

/** Whoever writes a change of an address holds this name: changes are numbered and counted. */
export const ADDRESS_LOCK = '- - address';

const idOf = "decode(k.id, 'hex')";

const ofAnnouncement = 't.announcement = k.number AND t.at <> 0';

/** Items: {"number": of the announcement}. */
export const inquiryOf = loadBy('inquiry', 'number bigint', ofAnnouncement, 'OFFSET 0 FOR UPDATE');
export const inquiryToRead = loadBy('inquiry', 'number bigint', ofAnnouncement, 'OFFSET 0');
/** What an inquiry is counted with: answers of the same order in the day, and all answers of the hour. */
export const answeredWith = loadBy(
  'inquiry',
  'number bigint, day bigint, hour bigint',
  `t.answered_at > k.day AND (t.answered_at > k.hour
    OR t.order_hash = (SELECT order_hash FROM inquiry WHERE announcement = k.number))`,
  'OFFSET 0',
);
const old = (rest: string) =>
  loadBy(
    'inquiry',
    'typed bigint, counted bigint, most integer',
    `t.at <> 0 AND (t.at < k.typed AND t.typed_email IS NOT NULL
      OR t.at < k.counted AND coalesce(t.answered_at, t.at) < k.counted)`,
    `ORDER BY t.at LIMIT k.most ${rest}`,
  );
/** Some of those that are old; the oldest first. */
export const oldInquiries = old('FOR UPDATE');
export const oldToRead = old('');
export const typedInquiries = loadBy(
  'inquiry',
  'since bigint',
  't.at <> 0 AND t.at >= k.since AND t.typed_email IS NOT NULL',
  'OFFSET 0 FOR UPDATE',
);
export const overdueInquiries = loadBy(
  'inquiry',
  'before bigint',
  `t.at <> 0 AND EXISTS (
    SELECT FROM outbox o WHERE o.number = t.announcement AND o.due < k.before OFFSET 0)`,
  'OFFSET 0 FOR UPDATE',
);

export const changeOf = loadBy('address_change', 'number bigint', 't.number = k.number', 'OFFSET 0');
export const newestChange = loadBy(
  'address_change',
  'most integer',
  'TRUE',
  'ORDER BY t.number DESC LIMIT k.most',
);
export const changesOfCustomer = loadBy(
  'address_change',
  'customer bigint',
  't.customer = k.customer',
  'OFFSET 0',
);
/** Those of the customers of an order. */
export const changesOfOrder = loadBy(
  'address_change',
  '"order" text, marketplace text, mode text',
  `t.customer IN (SELECT l.customer FROM license l WHERE l.order_id = k."order" AND ${inMarket('l', ITS_MARKET)})`,
  'OFFSET 0',
);
/** Those of a license's customer. */
export const changesOfHolder = loadBy(
  'address_change',
  'id text',
  `t.customer = (SELECT customer FROM license WHERE id = ${idOf})`,
  'OFFSET 0',
);
export const openChanges = loadBy(
  'address_change',
  'most integer',
  't.new_address IS NOT NULL OR t.old_address IS NOT NULL',
  'ORDER BY t.number LIMIT k.most',
);

export const linksOf = loadBy('link_generation', 'id text', `t.license = ${idOf}`, 'OFFSET 0');
export const linksOfCustomer = loadBy(
  'link_generation',
  'customer bigint',
  't.license IN (SELECT id FROM license WHERE customer = k.customer)',
  'OFFSET 0',
);

const NOTED = "t.handed_to <> ''";
export const noteOf = loadBy('unit_note', 'id text', `t.license = ${idOf} AND ${NOTED}`, 'OFFSET 0');
export const notesOfCustomer = loadBy(
  'unit_note',
  'customer bigint',
  `t.license IN (SELECT id FROM license WHERE customer = k.customer) AND ${NOTED}`,
  'OFFSET 0',
);
