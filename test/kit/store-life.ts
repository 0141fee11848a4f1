/** A customer's whole life with a store that only sends events, read out of a real mailbox: for the tests of each store. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { findCodes } from '../../src/license-code/find-codes.ts';
import type { Account } from '../../src/marketplaces/marketplace.ts';
import { openLedger } from '../../src/service/open.ts';
import { startService } from '../../src/service/service.ts';
import { openMailbox } from './mailbox.ts';
import { makeHome } from './service.ts';
import type { Told } from './store-world.ts';

export interface StoreOfLife {
  readonly marketplace: string;
  readonly env: Readonly<Record<string, string>>;
  /** The heads of the product files of a monthly plan and of a perpetual tool: as `product: price_Month`. */
  readonly app: string;
  readonly tool: string;
  /** Fetches from a local server. */
  readonly fetch: NonNullable<Account['fetch']>;
  readonly headersOf?: (payload: string, now: number) => Readonly<Record<string, string>>;
  /** Instead of the marketplace's name: the end of the address. */
  readonly path?: string;
  /** The default is JSON. */
  readonly mediaType?: string;
}

/** The same life in a store's own words: each part is what the store tells of it, in its order. */
export interface Life {
  /** The plan's order, and the tool's where that is another one. */
  readonly order: string;
  readonly toolOrder?: string;
  /** Both products on 2026-01-10, the plan paid to 2026-02-10. */
  readonly bought: readonly Told[];
  /** Paid to 2026-03-10. */
  readonly renewed: readonly Told[];
  /** The money of that renewal, on 2026-02-12. */
  readonly refunded: readonly Told[];
  /** The subscription is over on 2026-02-20. */
  readonly ended: readonly Told[];
}

const textOf = (name: string, marketplace: string, sold: string, term: string) => `---
name: ${name}
term: ${term}
grace: P14D
marketplaces: { ${marketplace}: { ${sold} } }
mail: { sold: on, renewed: on, subject: "{{ mail.reason }}: {{ product.name }}" }
---
Hello {{ customer.name }}.

{% for code in codes %}

{{ code }}

{% endfor %}
`;

async function openShop(t: ExecutionContext, store: StoreOfLife) {
  t.timeout(120_000);
  const { marketplace, app, tool, fetch: fetchLacking, headersOf, mediaType = 'application/json' } = store;
  const mailbox = await openMailbox(t);
  const relay = {
    SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
    MAIL_FROM: 'App <licenses@example.com>',
  };
  const products = {
    app: textOf('App', marketplace, app, 'P1M'),
    tool: textOf('Tool', marketplace, tool, 'perpetual'),
  };
  const home = makeHome(t, { products, env: { ...store.env, ...relay } });
  const accounts = home.config.accounts.map((account) =>
    account.marketplace === marketplace ? { ...account, fetch: fetchLacking } : account,
  );
  const config = { ...home.config, accounts };
  const setDay = (day: string) => {
    home.clock.now = Date.parse(`${day}T13:00:00Z`);
  };
  setDay('2026-01-10');
  const { url, stop } = await startService(config, { log: home.log, now: () => home.clock.now });
  t.teardown(stop);
  const ledger = await openLedger(config);
  t.teardown(() => ledger.close());
  const deliver = async (events: readonly Told[]) => {
    for (const { payload } of events) {
      const headers = { 'Content-Type': mediaType, ...headersOf?.(payload, home.clock.now) };
      const answer = await fetch(`${url}/webhooks/${store.path ?? marketplace}`, {
        method: 'POST',
        headers,
        body: payload,
      });
      t.is(answer.status, 200);
    }
  };
  const until = async <T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> => {
    for (let tries = 0; tries < 1000; tries++) {
      const found = await find();
      if (found !== undefined) return found;
      // A failed try is made again after a while.
      home.clock.now += 1000;
      await wait(50);
    }
    throw new Error('it did not come');
  };
  return { home, setDay, deliver, until, ledger, mails: mailbox.mails };
}

/** Sold, renewed, refunded and ended: each code comes by mail once it may, and is valid as long as it was paid. */
export async function liveThrough(t: ExecutionContext, store: StoreOfLife, life: Life): Promise<void> {
  const { home, setDay, deliver, until, ledger, mails } = await openShop(t, store);
  const read = (product: string, text: string | undefined, today: string) =>
    home.reader(product, { today }).read(findCodes(text ?? '')[0] ?? '').verdict;
  await deliver(life.bought);
  await until(() => mails[1]);
  const [app, tool] = ['App', 'Tool'].map((name) =>
    mails.find(({ email }) => email.subject === `sold: ${name}`),
  );
  t.deepEqual([app?.to, tool?.to], [['ada@example.com'], ['ada@example.com']]);
  t.is(read('app', app?.email.text, '2026-02-24'), 'valid');
  t.is(read('app', app?.email.text, '2026-02-25'), 'expired', 'paid to 2026-02-10, and 14 days of grace');
  t.is(read('tool', tool?.email.text, '2030-01-01'), 'valid');

  setDay('2026-02-10');
  await deliver(life.renewed);
  const renewed = await until(() => mails[2]);
  t.is(renewed.email.subject, 'renewed: App');
  t.is(read('app', renewed.email.text, '2026-03-24'), 'valid');

  setDay('2026-02-12');
  await deliver(life.refunded);
  const licenseOf = async (product: string) => {
    const order = product === 'tool' ? (life.toolOrder ?? life.order) : life.order;
    return (await ledger.find({ by: 'order', order })).find((license) => license.product === product);
  };
  const cut = await until(async () => {
    const license = await licenseOf('app');
    return read('app', license?.code, '2026-02-25') === 'expired' ? license : undefined;
  });
  t.is(read('app', cut.code, '2026-02-24'), 'valid', 'the renewal is gone, and what was paid before is not');

  setDay('2026-02-20');
  await deliver(life.ended);
  const ended = await until(async () => {
    const license = await licenseOf('app');
    return license?.state === 'ended' ? license : undefined;
  });
  t.is(read('app', ended.code, '2026-02-25'), 'expired');
  const kept = await licenseOf('tool');
  t.is(kept?.state, 'active', 'what was bought once stays');
  t.is(read('tool', kept?.code, '2030-01-01'), 'valid');
  t.is(mails.length, 3, 'told several times, mailed once each');
}
