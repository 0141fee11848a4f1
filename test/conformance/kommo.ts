/** The samples of Kommo's API: the example reads its answers, and what it sends has the shape of the sample requests. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from './ed25519.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/kommo');

/** Numbers of the samples. */
const [PIPELINE, PAID, LOST, LEAD] = [7001, 70010003, 143, 9001];

interface Deals {
  handle(job: object): Promise<string>;
}
interface Kommo {
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}
interface Example {
  readonly Deals: new (settings: object, store: object, kommo: Kommo) => Deals;
  readonly Store: new (folder: string) => object;
  readonly Kommo: new (settings: object, options: object) => Kommo;
}

/** Empty without the samples. */
export async function kommo(shared: string): Promise<Outcome[]> {
  const folder = join(shared, 'samples', 'kommo');
  if (!existsSync(folder)) return [];
  const sample = (name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const example: Example = {
    ...(await import(join(EXAMPLE, 'deals.mjs'))),
    ...(await import(join(EXAMPLE, 'store.mjs'))),
    ...(await import(join(EXAMPLE, 'kommo.mjs'))),
  };
  const checks: readonly (readonly [name: string, isSo: boolean])[] = [
    ...(await newCustomer(example, sample)),
    ...(await knownCustomer(example, sample)),
    ...(await failures(example, sample)),
  ];
  const failed = checks.flatMap(([name, isSo]) => (isSo ? [] : [name]));
  return [{ name: 'Kommo: samples', passed: checks.length - failed.length, failed }];
}

type Sample = (name: string) => unknown;
type Checks = Promise<readonly (readonly [name: string, isSo: boolean])[]>;

/** Nobody has the address: contact and deal at once, a note; at the end another note, the stage, a task. */
async function newCustomer(example: Example, sample: Sample): Checks {
  const { sent, tell } = recorded(example, { 'GET contacts': sample('contacts.query') }, sample);
  await tell('license.issued', 1, 'zoe@example.com');
  await tell('license.ended', 2, 'zoe@example.com');
  const isLike = (call: string, name: string) => shapeOf(sent.get(call)) === shapeOf(sample(name));
  const { pipeline_id: pipeline, ...moved } =
    (sent.get('PATCH leads') as readonly Record<string, unknown>[])[0] ?? {};
  return [
    ['leads/complex as the sample', isLike('POST leads/complex', 'leads.complex.request')],
    ['a note as the sample', isLike(`POST leads/${LEAD}/notes`, 'leads.notes.request')],
    ['a task as the sample', isLike('POST tasks', 'tasks.request')],
    ['a move as the sample', shapeOf([moved]) === shapeOf(sample('leads.patch.request'))],
    ['to lost, in the pipeline', moved['status_id'] === LOST && pipeline === PIPELINE],
  ];
}

/** The second hit has the very address, and an open deal. */
async function knownCustomer(example: Example, sample: Sample): Checks {
  const { sent, tell } = recorded(example, { 'GET contacts': sample('contacts.query') }, sample);
  await tell('license.issued', 1, 'ada@example.com');
  const [change] = (sent.get('PATCH leads') ?? []) as readonly { id: number; status_id: number }[];
  return [
    ['no second contact', !sent.has('POST leads/complex')],
    ['the open deal of that contact', change?.id === LEAD && change.status_id === PAID],
  ];
}

async function failures({ Kommo }: Example, sample: Sample): Checks {
  const answers: Readonly<Record<string, number>> = { 'error.400': 400, 'error.429': 429 };
  const server = createServer(({ url = '' }, response) => {
    const name = url.replace('/api/v4/', '');
    const type = { 'content-type': 'application/problem+json' };
    response.writeHead(answers[name] ?? 200, type).end(JSON.stringify(sample(name)));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new Kommo({ url: `http://127.0.0.1:${port}`, token: 'x' }, { firstPause: 10 });
  const kindOf = (name: string) =>
    client.call('POST', name, []).then(
      () => 'done',
      (error: Error) => error.constructor.name,
    );
  const kinds = [await kindOf('error.400'), await kindOf('error.429'), await kindOf('pipelines')];
  server.close();
  return [
    ['a validation error is for a person', kinds[0] === 'Refused'],
    ['too many requests are tried again', kinds[1] === 'Later'],
    ['an answer is read', kinds[2] === 'done'],
  ];
}

/** The example with answers of the samples; keeps the newest body of each call. */
function recorded({ Deals, Store }: Example, answers: Readonly<Record<string, unknown>>, sample: Sample) {
  const sent = new Map<string, unknown>();
  const own: Readonly<Record<string, unknown>> = {
    [`GET leads/${LEAD}`]: {
      id: LEAD,
      pipeline_id: PIPELINE,
      status_id: 70010002,
      custom_fields_values: null,
    },
    'POST leads/complex': sample('leads.complex.answer'),
    ...answers,
  };
  const call = async (method: string, path: string, body?: unknown) => {
    const name = `${method} ${path.replace(/\?.*/, '')}`;
    if (body !== undefined) sent.set(name, body);
    return own[name];
  };
  const products = { lumen: { name: 'Example Editor', price: 20 } };
  const settings = { pipeline: PIPELINE, paid: PAID, renewed: null, responsible: null, products };
  const tell = async (type: string, sequence: number, email: string) => {
    const data = {
      ...{ license: '5e1b763a-f974-e25e-f8c1-0fcab86b4ddb', sequence, product: 'lumen', marketplace: 'shop' },
      ...{ order: 'EXA-1', state: type === 'license.ended' ? 'ended' : 'active', lastValidDay: '2027-11-19' },
      ...{ cause: 'sold', customer: { name: 'Somebody', email } },
    };
    const folder = mkdtempSync(join(tmpdir(), 'mintmark-kommo-'));
    try {
      const deals = new Deals(settings, new Store(folder), { call });
      await deals.handle({ id: `m-${sequence}`, done: {}, message: { type, mode: 'live', data } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return { sent, tell };
}

/** Members and types, without values; members in the order of their names. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shapeOf).join()}]`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${name}:${shapeOf(each)}`).join()}}`;
}
