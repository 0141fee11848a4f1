/** A ledger with rows in every table, made through the port: tests of the check edit it. */
import type { ExecutionContext } from 'ava';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import type { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { eventOf, factOf, issueOf, issueTo, messageOf, orderOf, soldProduct } from './ledger-data.ts';
import { type Opened, openWithMessage } from './ledger-file.ts';
import { SOLD_AT } from './memory-ledger.ts';

const DAY = 86_400_000;
const FASTSPRING = { marketplace: 'fastspring', line: 'app' } as const;

/** Both modes, several units and lines, a reissue, a subscription with a rebill, a gift, flags, a failed event. */
export async function soundLedger(
  t: ExecutionContext,
  options: Parameters<typeof openWithMessage>[1] = {},
): Promise<Opened> {
  const opened = await openWithMessage(t, { now: () => SOLD_AT + DAY, ...options });
  const { ledger } = opened;
  await ledger.keepMessage(messageOf('A second text'));
  const bought = await issueTo(
    ledger,
    issueOf({ quantity: 2 }, { charged: { total: 48.5, currency: 'EUR' } }),
  );
  await ledger.issue(issueOf({ mode: 'test', order: '9', customer: { name: undefined, email: undefined } }));
  const product = soldProduct('app2', { message: messageOf('A second text') });
  await ledger.issue(issueOf({ marketplace: 'manual', product: 'app2' }, { product }));
  await ledger.noteDelivery(orderOf(), 0, SOLD_AT + 2000);

  const sold = factOf('order:F1', {
    kind: 'sold',
    product: 'app',
    quantity: 1,
    line: 'app',
    subscription: 's',
  });
  const gift = [
    { name: 'Receiver', email: 'receiver@example.com' },
    { name: 'Buyer', email: 'Buyer@example.com' },
  ].map((customer) => ({ subject: 'order:F1' as const, customer }));
  await ledger.ingest(eventOf('e1', [sold], { people: gift }));
  const order = { ...FASTSPRING, order: 'F1' };
  await ledger.renew({ ...issueOf(order), subscription: 's' });
  const paid = { kind: 'paid', until: '2028-12-01', sequence: 2, part: 'rebill' } as const;
  const later = { at: SOLD_AT + DAY / 2 };
  await ledger.ingest(
    eventOf('e2', [
      factOf('subscription:s', paid, later),
      factOf('order:F1B', { kind: 'alias', of: 'subscription:s' }, later),
    ]),
  );
  await ledger.renew({ ...issueOf({ ...order, order: 'F1B' }), subscription: 's' });

  const unknown = { kind: 'sold', product: null, quantity: 2, line: 'unknown' } as const;
  await ledger.ingest(eventOf('e3', [factOf('order:F2', unknown)]));
  await ledger.keepFailed(eventOf('e4', []), 'a fault');
  const [first, second] = bought.held.licenses;
  const about = { marketplace: 'paddle-classic' } as const;
  await ledger.addFacts([factOf(licenseSubject(first.id), { kind: 'withdrawn' }, about)]);
  await ledger.addFacts([
    factOf(licenseSubject(second!.id), { kind: 'set-until', until: '2027-01-31' }, about),
  ]);
  const leaked = factOf(
    licenseSubject(second!.id),
    { kind: 'withdrawn' },
    { ...about, key: 'leaked', at: SOLD_AT + DAY },
  );
  await ledger.reissue(second!.id, leaked);
  await ledger.publishList('app', 1, SOLD_AT + DAY);
  await announce(ledger, first.id);
  await letIn(ledger);
  await ledger.selfService.askAddress(first.id, 'new@example.org', SOLD_AT + DAY);
  await download(ledger, first.id);
  return opened;
}

/** One download is whole, one was broken off, and one the bucket sends. */
async function download({ downloads }: SqliteLedger, license: Uint8Array): Promise<void> {
  const file = { license, product: 'app', version: '4.2', file: 'App.dmg', link: 20_500, size: 100, from: 0 };
  const at = SOLD_AT + DAY;
  await downloads.note({ ...file, range: [0, 100], at });
  await downloads.note({ ...file, version: '4.3', range: [0, 40], at: at + 1 });
  await downloads.note({ ...file, version: '4.3', file: 'App.exe', range: undefined, at: at + 2 });
}

/** One announcement waits after a failed try, of a target that rests; one is sent. */
async function announce(ledger: SqliteLedger, license: Uint8Array): Promise<void> {
  const body = Buffer.from('{"type":"license.revoked"}');
  const about = { marketplace: 'paddle-classic', mode: 'live', order: '573252', product: 'app' } as const;
  const topic = {
    topic: 'license.revoked',
    license,
    sequence: 2,
    key: '',
    revision: 0,
    text: '0'.repeat(64),
  };
  const to = (target: string) => ({ channel: 'webhook', target, ...topic, ...about, body }) as const;
  const now = SOLD_AT + DAY;
  await ledger.outbox.announce([to('crm'), to('shop')], now);
  const lease = now + 1000;
  const claimed = await ledger.outbox.claim({ channels: ['webhook'], now, lease, most: 8 });
  for (const { number, target } of claimed) {
    const tried = { number, lease, at: now, next: now + DAY, counts: true } as const;
    const isUp = target === 'shop';
    await ledger.outbox.note(
      isUp
        ? { ...tried, outcome: 'sent', answer: '204', target: 'works' }
        : { ...tried, outcome: 'target failed', answer: '410 Gone', target: 'whole' },
    );
  }
}

/** Somebody got in by a link, added two passkeys and used one; a link and two sessions are left. */
async function letIn({ consoleAccess }: SqliteLedger): Promise<void> {
  const person = 'Ada';
  const entry = { at: SOLD_AT, person, what: 'made a link' };
  const digest = (byte: number) => Buffer.alloc(32, byte);
  const sessionOf = (byte: number) => ({
    digest: digest(byte),
    openedAt: SOLD_AT,
    usedAt: SOLD_AT,
    provedAt: SOLD_AT,
  });
  const passkeyOf = (id: string) => ({
    ...{ id, person, name: `key ${id}`, handle: 'handle', publicKey: digest(7), counter: 1 },
    ...{ transports: ['usb'], madeAt: SOLD_AT, usedAt: SOLD_AT },
  });
  await consoleAccess.addLink({ digest: digest(1), person, madeAt: SOLD_AT }, entry);
  await consoleAccess.addLink({ digest: digest(2), person, madeAt: SOLD_AT }, entry);
  await consoleAccess.openByLink(digest(1), SOLD_AT - 1, sessionOf(3));
  for (const id of ['a', 'b', 'c']) await consoleAccess.addPasskey(passkeyOf(id), entry);
  await consoleAccess.openByPasskey({ ...passkeyOf('a'), counter: 2 }, sessionOf(4));
  await consoleAccess.openByPasskey({ ...passkeyOf('b'), counter: 3 }, sessionOf(5));
  await consoleAccess.removePasskey('c', entry);
  await consoleAccess.touchSession(digest(3), SOLD_AT + 1);
}
