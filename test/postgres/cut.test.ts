/** Connections that are lost at a COMMIT: whether it was done is not known, and each order is issued exactly once. */
import test from 'ava';
import { cutNaive, cutSales } from './cut-sales.ts';

const ORDERS = 60;

test.serial('each order is issued once, whatever becomes of its COMMIT', async (t) => {
  const { cuts, ...found } = await cutSales(t, ORDERS, ['before', 'after']);
  t.true(cuts.before > 5 && cuts.after > 5, JSON.stringify(cuts));
  t.deepEqual(found, { answered: ORDERS, rows: ORDERS, orders: ORDERS, numbered: ORDERS });
});

test.serial('a server that falls silent is given up, and what it did is found out', async (t) => {
  const { cuts, ...found } = await cutSales(t, 6, ['silent', 'half']);
  t.true(cuts.silent > 0 && cuts.half > 0, JSON.stringify(cuts));
  t.deepEqual(found, { answered: 6, rows: 6, orders: 6, numbered: 6 });
});

test.serial('control: who takes a lost COMMIT for one that was not done writes rows twice', async (t) => {
  t.true((await cutNaive(t, 20)) > 20);
});
