/** Asks known and unknown pairs side by side, in random order. Its own process, so that it can be weakened. Prints JSON. */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { openCustomerShop } from '../../kit/customer.ts';
import { FileOwner } from '../../kit/fastspring.ts';

export interface Asked {
  readonly pairs: number;
  /** In how many pairs the known one took longer. */
  readonly slower: number;
  /** Digests of the different answers. */
  readonly answers: readonly string[];
  /** Questions in the outbox. */
  readonly rows: number;
}

const [pairs = 0, seed = 0] = process.argv.slice(2).map(Number);
const ORDERS = 20;
const WARM_UP = 20;

const owner = new FileOwner();
// Nothing is sent meanwhile: what is measured is the request.
const shop = await openCustomerShop(owner, { env: { OUTBOX: 'off', TRUST_PROXY: 'on' } });
const orders: string[] = [];
for (let count = 0; count < ORDERS; count++)
  orders.push(await shop.sell({ email: `customer-${count}@example.com` }));

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let address = 0;

/** Resolves to milliseconds and the digest of all that a stranger sees. Each request is of another address. */
function ask(order: string, email: string): Promise<{ readonly took: number; readonly answer: string }> {
  address += 1;
  const body = new URLSearchParams({ order, email }).toString();
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(body),
    'X-Forwarded-For': `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`,
  };
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const asked = request(`${shop.url}/license`, { method: 'POST', agent, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        const took = performance.now() - start;
        const { date: _, 'x-request-id': __, ...seen } = response.headers;
        const head = JSON.stringify([response.statusCode, Object.entries(seen).sort()]);
        resolve({
          took,
          answer: createHash('sha256').update(head).update(Buffer.concat(pieces)).digest('hex'),
        });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const known = (count: number) =>
  [orders[count % ORDERS] ?? '', `customer-${count % ORDERS}@example.com`] as const;
/** As long as a known one: a wrong address at a known order, a wrong order, both wrong. */
const unknown = (count: number) => {
  const [order, email] = known(count);
  const [otherOrder, otherEmail] = [order.replace('LUM', 'MUL'), email.replace('c', 'x')];
  const kinds = [
    [order, otherEmail] as const,
    [otherOrder, email] as const,
    [otherOrder, otherEmail] as const,
  ];
  return kinds[count % 3] ?? [otherOrder, otherEmail];
};

const answers = new Set<string>();
let slower = 0;
for (let count = -WARM_UP; count < pairs; count++) {
  const place = count + WARM_UP;
  const isKnownFirst = (createHash('sha256').update(`${seed} ${count}`).digest()[0] ?? 0) % 2 === 0;
  const first = isKnownFirst ? known(place) : unknown(place);
  const second = isKnownFirst ? unknown(place) : known(place);
  const one = await ask(...first);
  const two = await ask(...second);
  if (count < 0) continue;
  answers.add(one.answer).add(two.answer);
  if ((isKnownFirst ? one.took : two.took) > (isKnownFirst ? two.took : one.took)) slower += 1;
}
agent.destroy();
const rows = await countQuestions();
await owner.end();
process.stdout.write(JSON.stringify({ pairs, slower, answers: [...answers], rows } satisfies Asked));

async function countQuestions(): Promise<number> {
  const { default: Database } = await import('better-sqlite3');
  const ledger = new Database(shop.home.config.ledgerFile, { readonly: true });
  const count = Number(ledger.prepare("SELECT count(*) FROM outbox WHERE channel = 'inquiry'").pluck().get());
  ledger.close();
  return count - 2 * WARM_UP;
}
