/** The Kommo example, and what it makes in Kommo. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { ADA, ORDER, SECRET, Shop } from './shop.ts';
import { PIPELINE, STAGES, StandIn, TOKEN } from './stand-in.ts';

const LONGER = { lastValidDay: '2028-11-19' };

test('a sale makes contact, deal and note within seconds; the same message again makes nothing', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  const begun = performance.now();
  await shop.tell({ type: 'license.issued', id: 'msg-1' });
  t.true(performance.now() - begun < 10_000);
  t.like(kommo.contacts[0], { name: ADA.name, leads: [kommo.leads[0]?.id ?? 0] });
  t.is(kommo.contacts[0]?.custom_fields_values[0]?.values[0]?.value, ADA.email);
  t.like(kommo.leads[0], { name: 'Lumen, ORD-1', price: 20, pipeline_id: PIPELINE, status_id: STAGES.paid });
  t.is(kommo.leadsOf(ORDER).length, 1);
  t.deepEqual(kommo.notes, [
    { lead: kommo.leads[0]?.id ?? 0, text: 'License 5e1b763a (lumen) issued, valid until 2027-11-19.' },
  ]);
  const before = kommo.calls.length;
  t.is(await shop.send({ type: 'license.issued', id: 'msg-1' }), 204);
  await wait(500);
  t.is(kommo.calls.length, before);
});

test('what is forged, changed, too old or of a test order does nothing in Kommo', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  t.is(await shop.send({ type: 'license.issued' }, randomBytes(32)), 401);
  t.is(await shop.send({ type: 'license.issued' }, SECRET, 400), 401);
  await shop.tell({ type: 'license.issued', mode: 'test' }, { type: 'ping' }, { type: 'order.flagged' });
  t.deepEqual(kommo.calls, []);
  await shop.tell({ type: 'license.issued' });
  t.is(kommo.leads.length, 1, 'the control');
});

test('the contact is the one with the very address, and its open deal is taken over', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  kommo.addContact('Ada Other', 'other.ada@example.com');
  const ada = kommo.addContact('Ada', 'ADA@example.com');
  const blank = { pipeline_id: PIPELINE, custom_fields_values: null };
  const lost = kommo.addLead({ ...blank, name: 'lost', status_id: STAGES.lost }, ada);
  const open = kommo.addLead({ ...blank, name: 'asked for a trial', status_id: STAGES.first }, ada);
  const elsewhere = kommo.addLead({ ...blank, pipeline_id: 1, name: 'x', status_id: 5 }, ada);
  await shop.tell({ type: 'license.issued' });
  t.deepEqual(kommo.leadsOf(ORDER), [open]);
  t.like(open, { name: 'asked for a trial', status_id: STAGES.paid });
  t.is(lost.status_id, STAGES.lost);
  t.is(elsewhere.status_id, 5);
  await shop.tell({ type: 'license.issued', order: 'ORD-2', license: 'b'.repeat(36) });
  const [second] = kommo.leadsOf('shop:ORD-2');
  t.true(second !== undefined && second !== open && ada.leads.includes(second.id));
  t.is(kommo.contacts.length, 2);
});

test('renewal and end move the deal, the end makes a win-back task, and an older message does nothing', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  await shop.tell({ type: 'license.issued' }, { type: 'license.renewed', sequence: 3, ...LONGER });
  t.is(kommo.leads[0]?.status_id, STAGES.renewed);
  const notes = kommo.notes.length;
  await shop.tell({ type: 'license.suspended', sequence: 2, state: 'suspended' });
  t.is(kommo.notes.length, notes);
  await shop.tell({ type: 'license.ended', sequence: 4, state: 'ended', cause: 'not renewed' });
  t.is(kommo.leads[0]?.status_id, STAGES.lost);
  t.like(kommo.tasks, [
    {
      entity_id: kommo.leads[0]?.id ?? 0,
      entity_type: 'leads',
      task_type_id: 1,
      text: 'Win back: the subscription of ORD-1 ended',
    },
  ]);
  t.true((kommo.tasks[0]?.complete_till ?? 0) * 1000 > Date.now());
  t.is(kommo.leads.length, 1);
});

test('a license that changes without more days, or loses days, is no renewal, also after a lost answer', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  const told = { type: 'license.renewed', cause: 'refund of one charge' };
  await shop.tell({ type: 'license.issued' }, { ...told, sequence: 2 });
  kommo.failures.push({ call: /notes/, failure: 503 });
  await shop.tell({ ...told, sequence: 3, lastValidDay: '2026-12-19' });
  t.deepEqual(kommo.failures, []);
  t.is(kommo.leads[0]?.status_id, STAGES.paid);
  t.true(kommo.notes.at(-1)?.text.endsWith('changed, valid until 2026-12-19.'));
  await shop.tell({ ...told, sequence: 4, lastValidDay: '2027-11-19' });
  t.is(kommo.leads[0]?.status_id, STAGES.renewed, 'the control: longer than the refund left it');
});

test('a refund loses the deal only when no license of the order is left, and not where a person won it', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  const other = 'c'.repeat(36);
  await shop.tell({ type: 'license.issued' }, { type: 'license.issued', license: other });
  const [lead] = kommo.leads;
  t.is(kommo.leads.length, 1);
  const gone = { type: 'license.revoked', state: 'revoked', sequence: 2, cause: 'refund' };
  await shop.tell({ ...gone, cause: 'reissue by operator: lost', license: 'd'.repeat(36) });
  await shop.tell(gone);
  t.is(lead?.status_id, STAGES.paid);
  await shop.tell({ ...gone, license: other });
  t.is(lead?.status_id, STAGES.lost);
  await shop.tell({ type: 'license.issued', order: 'ORD-2', license: 'e'.repeat(36), customer: null });
  const [won] = kommo.leadsOf('shop:ORD-2');
  if (won) won.status_id = STAGES.won;
  await shop.tell({ ...gone, order: 'ORD-2', license: 'e'.repeat(36) });
  t.is(won?.status_id, STAGES.won);
});

test('a crowd of sales stays below the limit; 429, 5xx and lost answers lose and double nothing', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  kommo.failures.push(
    { call: /^POST leads\/complex/, failure: 'answer lost' },
    { call: /^GET leads/, failure: 500 },
    { call: /^GET contacts/, failure: 429 },
    { call: /notes/, failure: 503 },
  );
  const orders = ['A-1', 'B-2', 'C-3', 'D-4'];
  const news = orders.map((order, place) => ({
    ...{ type: 'license.issued', order, license: String(place).repeat(36) },
    customer: { name: order, email: `${order}@example.org` },
  }));
  await shop.tell(...news);
  for (const order of orders) t.is(kommo.leadsOf(`shop:${order}`).length, 1, order);
  t.is(kommo.notes.length, orders.length);
  t.is(kommo.contacts.length, orders.length);
  t.deepEqual(kommo.failures, []);
  t.is(kommo.tooFast, 0);
  t.deepEqual(shop.refused(), []);
});

test('the control: the stand-in limits, and counts what is too fast', async (t) => {
  const kommo = await StandIn.start(t);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const calls = Array.from({ length: 60 }, () => fetch(`${kommo.url}/api/v4/leads?query=x`, { headers }));
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  const limited = statuses.filter((status) => status === 429).length;
  t.true(limited > 0 && limited <= 53);
  t.is(kommo.tooFast, limited);
});

test('a refused token stops it: messages are kept, and done after a start with another one', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  await shop.stop();
  await shop.start('an-old-token');
  t.is(await shop.health(), 200);
  t.is(await shop.send({ type: 'license.issued' }), 204);
  await shop.until('it stopped', () => kommo.calls.length === 1);
  t.is(await shop.send({ type: 'license.issued', order: 'ORD-2', license: 'f'.repeat(36) }), 204);
  await wait(500);
  t.is(await shop.health(), 503);
  t.is(kommo.calls.length, 1);
  t.is(shop.waiting().length, 2);
  await shop.stop();
  await shop.start();
  await shop.until('all is done', () => shop.waiting().length === 0);
  t.is(kommo.leads.length, 2);
});

test('a page in place of an answer loses and doubles nothing, and neither does half a character', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  kommo.failures.push(
    { call: /^GET contacts/, failure: 'a page' },
    { call: /^POST leads\/complex/, failure: 'a page' },
    { call: /notes/, failure: 'a page' },
  );
  await shop.tell({ type: 'license.issued' });
  t.is(kommo.leadsOf(ORDER).length, 1);
  t.is(kommo.contacts.length, 1);
  const customer = { name: 'Zo\ud83d', email: 'zo\ud83d@example.com' };
  await shop.tell({ type: 'license.issued', order: 'ORD-\ud83d', license: 'f'.repeat(36), customer });
  t.is(kommo.leads.length, 2);
  t.deepEqual(shop.refused(), []);
});

test('an account that is not paid stops it, and messages are kept', async (t) => {
  const shop = await Shop.open(t);
  shop.kommo.failures.push({ call: /^GET/, failure: 402 });
  t.is(await shop.send({ type: 'license.issued' }), 204);
  await shop.until('it stopped', () => shop.kommo.calls.length === 1);
  await wait(300);
  t.is(await shop.health(), 503);
  t.is(shop.waiting().length, 1);
  t.deepEqual(shop.refused(), []);
});

test('what Kommo refuses is kept for a person, and the rest goes on', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  kommo.failures.push({ call: /^POST leads/, failure: 400 });
  await shop.tell(
    { type: 'license.issued' },
    { type: 'license.issued', order: 'ORD-2', license: 'f'.repeat(36) },
  );
  t.is(shop.refused().length, 1);
  t.is(kommo.leadsOf('shop:ORD-2').length, 1);
});

test('killed and started again, it knows what it did; a deal that was deleted is made anew', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  await shop.tell({ type: 'license.issued', id: 'msg-1' });
  await shop.stop();
  await shop.start();
  await shop.tell({ type: 'license.issued', id: 'msg-1' }, { type: 'license.renewed', sequence: 2 });
  t.is(kommo.leads.length, 1);
  t.is(kommo.notes.length, 2);
  kommo.leads.splice(0);
  await shop.tell({ type: 'license.renewed', sequence: 3 });
  t.is(kommo.leads.length, 1);
  t.is(kommo.notes.length, 3);
});

test('a deal that Kommo takes for an older one is that one', async (t) => {
  const shop = await Shop.open(t);
  const { kommo } = shop;
  kommo.merges = true;
  const older = kommo.addLead({
    name: 'older',
    pipeline_id: PIPELINE,
    status_id: STAGES.first,
    custom_fields_values: null,
  });
  await shop.tell({ type: 'license.issued' });
  t.is(older.status_id, STAGES.paid);
  t.is(kommo.notes[0]?.lead, older.id);
});

test('of a customer nothing stays on the disk or in the log once a message is done', async (t) => {
  const shop = await Shop.open(t);
  await shop.tell({ type: 'license.issued' });
  const files = readdirSync(shop.folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(shop.folder, name),
  );
  const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'));
  t.true(
    texts.some((text) => text.includes('ORD-1')),
    'the control',
  );
  for (const text of [...texts, shop.log]) t.notRegex(text, /ada@|Ada Example/i);
});

test('the set-up makes the field once, and prints the numbers of pipelines and stages', async (t) => {
  const shop = await Shop.open(t);
  const first = await shop.run('setup.mjs');
  t.true(first.startsWith('The field MINTMARK_ORDER was made.'));
  t.true(first.includes(`KOMMO_PIPELINE=${PIPELINE}  Sales`));
  t.true(first.includes(`stage ${STAGES.paid}  paid`));
  t.false((await shop.run('setup.mjs')).includes('was made'));
  t.deepEqual(
    shop.kommo.fields.map(({ code }) => code),
    ['MINTMARK_ORDER'],
  );
});
