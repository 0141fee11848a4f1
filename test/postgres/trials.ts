/** Several instances on one database: what tests and proofs make them do at once. */
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import { revocationDigest } from '../../src/license-code/revocation-list.ts';
import type { PostgresLedger } from '../../src/storage/postgres/postgres-ledger.ts';
import { eventOf, factOf, issueOf, issueTo, keepTexts } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import type { Owner } from '../kit/service.ts';
import { newSchema, openOn, run } from './server.ts';

const MARKET = { marketplace: 'fastspring' } as const;
const DAY = 86_400_000;

export async function instances(owner: Owner, count: number) {
  const url = await newSchema();
  const ledgers: PostgresLedger[] = [];
  for (let place = 0; place < count; place++)
    ledgers.push(await openOn(owner, url, {}, { patience: 20_000 }));
  const [first] = ledgers;
  if (first === undefined) throw new Error('no instance');
  await keepTexts(first);
  return { url, ledgers, first };
}

/**
 * Every instance issues the same orders, half of them backwards, and each way in turns: at once, and as who found nothing
 * before. Returns how many were first, and the rows.
 */
export async function race(ledgers: readonly PostgresLedger[], url: string, orders: number, batch = 0) {
  const names = Array.from({ length: orders }, (_, place) => `R${batch}-${place}`);
  const settled = await Promise.allSettled(
    ledgers.flatMap((ledger, place) =>
      (place % 2 === 0 ? names : names.toReversed()).map((order, turn) =>
        turn % 3 === 0 ? ledger.issue(issueOf({ order })) : ledger.issueFirst(issueOf({ order })),
      ),
    ),
  );
  const outcomes = settled.map((each) => (each.status === 'fulfilled' ? each.value.outcome : 'failed'));
  const [row] = await run(
    `SELECT count(*)::int AS rows FROM license WHERE starts_with(order_id, 'R${batch}-')`,
    url,
  );
  return {
    issued: outcomes.filter((outcome) => outcome === 'issued').length,
    repeated: outcomes.filter((outcome) => outcome === 'repeated' || outcome === 'known').length,
    rows: row?.['rows'],
  };
}

/** Each instance is told of its own orders, all at once. */
export function tellApart(ledgers: readonly PostgresLedger[], orders: number, batch = 0): Promise<unknown> {
  return Promise.all(
    Array.from({ length: orders }, (_, place) => {
      const told = factOf(
        `order-id:A${batch}-${place}`,
        { kind: 'alias', of: `order:A${batch}-${place}` },
        MARKET,
      );
      return ledgers[place % ledgers.length]?.addFacts([told]);
    }),
  );
}

/** Pairs of events that only together revoke a license: which refund, and which order it is of. Returns the states. */
export async function tellPairs(
  [one, two]: readonly PostgresLedger[],
  pairs: number,
): Promise<readonly string[]> {
  if (one === undefined || two === undefined) throw new Error('two instances');
  const states: string[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const order = `S${pair}`;
    await one.issue(issueOf({ ...MARKET, order }));
    const id = `order-id:I${pair}` as const;
    const alias = factOf(id, { kind: 'alias', of: `order:${order}` }, { ...MARKET, key: `alias:${pair}` });
    const refund = factOf(id, { kind: 'refunded' }, { ...MARKET, key: `refund:${pair}` });
    await Promise.all([
      one.ingest({ ...eventOf(`a${pair}`, [alias]), ...MARKET }),
      two.ingest({ ...eventOf(`b${pair}`, [refund]), ...MARKET }),
    ]);
    const stories = await one.find({ by: 'order', order });
    states.push(...stories.map(({ state }) => state));
  }
  return states;
}

/** A list is published while an entry comes, once more at each turn. True: the newest published list lacks it, and nothing says so. */
export async function isLost([publisher, other]: readonly PostgresLedger[], turn = 0): Promise<boolean> {
  if (publisher === undefined || other === undefined) throw new Error('two instances');
  const withdraw = async (order: string) => {
    const { held } = await issueTo(publisher, issueOf({ ...MARKET, order }));
    const { id } = held.licenses[0];
    return { id, fact: factOf(licenseSubject(id), { kind: 'withdrawn' }, MARKET) };
  };
  await publisher.publishList('app', 1, SOLD_AT + 2 * turn * DAY);
  const [first, second] = [await withdraw(`L${turn}a`), await withdraw(`L${turn}b`)];
  await other.addFacts([first.fact]);
  const [list] = await Promise.all([
    publisher.publishList('app', 1, SOLD_AT + (2 * turn + 1) * DAY),
    new Promise((resolve) => setTimeout(resolve, 100)).then(() => other.addFacts([second.fact])),
  ]);
  const seq = await publisher.findListSeq('app');
  const holds = Buffer.from(list.revoked).includes(Buffer.from(revocationDigest(second.id)));
  return seq !== undefined && !holds;
}
