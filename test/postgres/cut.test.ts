/** Connections that are lost at a COMMIT: whether it was done is not known, and each order is issued exactly once. */
import test from 'ava';
import { cutSales } from './cut-sales.ts';
import { forgetCommits } from './unlocked.ts';

const ORDERS = 60;

test.serial(
  'each order is issued once, and each inquiry written once, whatever becomes of a COMMIT',
  async (t) => {
    const { cuts, ...found } = await cutSales(t, ORDERS, ['before', 'after']);
    t.true(cuts.before > 5 && cuts.after > 5, JSON.stringify(cuts));
    t.deepEqual(found, {
      ...{ answered: ORDERS, rows: ORDERS, orders: ORDERS },
      ...{ numbered: ORDERS, inquiries: ORDERS },
    });
  },
);

test.serial('a server that falls silent is given up, and what it did is found out', async (t) => {
  const { cuts, ...found } = await cutSales(t, 6, ['silent', 'half']);
  t.true(cuts.silent > 0 && cuts.half > 0, JSON.stringify(cuts));
  t.deepEqual(found, { answered: 6, rows: 6, orders: 6, numbered: 6, inquiries: 6 });
});

test.serial(
  'control: a group that does not know that its COMMIT was done writes inquiries twice, and no order',
  async (t) => {
    const { rows, orders, inquiries } = await cutSales(t, 20, ['before', 'after'], forgetCommits);
    t.is(rows, orders);
    t.true(inquiries > 20, `${inquiries} inquiries`);
  },
);
