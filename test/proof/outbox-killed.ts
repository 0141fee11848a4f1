/** kill -9 between sending and noting: no announcement is lost, and each second copy has the id of the first. */
import { existsSync, readFileSync } from 'node:fs';
import { checkLedger } from '../../src/storage/sqlite/check/check.ts';
import { openLedgerFile } from '../../src/storage/sqlite/file/open.ts';
import { CHECK_KEYS } from '../kit/ledger-file.ts';
import { Machine } from '../kit/machine.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ID_SECRET } from '../kit/minting.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

/** Longer than a lease. */
const STEP_MILLISECONDS = 150_000;
const ORDERS = 3;

/** Notes that an announcement was sent before it is sent. */
export const NOTES_BEFORE_SENDING: Weakness = {
  file: 'src/outbox/worker.ts',
  changes: [
    [
      'const tried = await this.#send(announcement);',
      "await ledger.outbox.note({ number, lease: announcement.lease, at: now(), outcome: 'sent', answer: '', counts: true, target: 'works' }); const tried = await this.#send(announcement);",
    ],
  ],
};

export const outboxKilled: Proof = {
  title:
    'the outbox, killed between sending and noting: no announcement is lost, and each second copy has the same id',
  unit: 'kills',
  quick: 20,
  full: 200,
  run: (kills, tools) => killSenders(kills, tools),
  controls: [
    { title: 'noted before it is sent', run: (tools) => killSenders(12, tools, NOTES_BEFORE_SENDING) },
  ],
};

async function killSenders(kills: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools);
  const file = machine.path('ledger.sqlite');
  const inbox = machine.path('inbox');
  const around = weakness === undefined ? {} : weakened(weakness);
  const violations: string[] = [];
  let moment = SOLD_AT;
  const send = async (orders: number, dies: 'dies' | 'lives') => {
    moment += STEP_MILLISECONDS;
    const seed = Math.floor(tools.random() * 2 ** 32);
    const words = [file, inbox, String(moment), String(seed), String(orders), dies];
    const ran = machine.spawn('test/proof/outbox-killed/sender.ts', words, around);
    const status = await ran.ended;
    if (status !== 0 && status !== 'SIGKILL') violations.push(`a sender ended with ${status}: ${ran.err}`);
    return status;
  };
  let killed = 0;
  while (killed < kills && violations.length === 0) {
    if ((await send(ORDERS, 'dies')) === 'SIGKILL') killed += 1;
  }
  await send(0, 'lives');
  const { lost, copies, sold } = compare(file, inbox);
  violations.push(...lost);
  if (weakness === undefined && copies === 0) violations.push('nothing came twice: nothing was proved');
  tools.note(`${sold} announcements, ${copies} came again under their own id`);
  return { done: killed, violations };
}

interface Compared {
  readonly lost: readonly string[];
  readonly copies: number;
  readonly sold: number;
}

/** Compares what arrived with the licenses of the ledger: the announcements are of these, one each. */
function compare(file: string, inbox: string): Compared {
  const lines = existsSync(inbox) ? readFileSync(inbox, 'utf8').trimEnd().split('\n') : [];
  const ids = new Map<string, Set<string>>();
  for (const line of lines) {
    const [id = '', ...body] = line.split(' ');
    const { order } = JSON.parse(body.join(' ')).data;
    ids.set(order, (ids.get(order) ?? new Set()).add(id));
  }
  const connection = openLedgerFile(file, ID_SECRET);
  try {
    const orders = connection.prepare<[], string>('SELECT order_id FROM license').pluck().all();
    const open = connection
      .prepare<[], number>("SELECT number FROM outbox WHERE state <> 'sent'")
      .pluck()
      .all();
    const findings = [...checkLedger(connection, CHECK_KEYS)];
    const lost = [
      ...orders.filter((order) => !ids.has(order)).map((order) => `the announcement of ${order} never came`),
      ...[...ids].filter(([, of]) => of.size > 1).map(([order]) => `${order} came under several ids`),
      ...open.map((number) => `announcement ${number} was not sent`),
      ...findings.map((finding) => `ledger check: ${JSON.stringify(finding)}`),
    ];
    return { lost, copies: lines.length - ids.size, sold: orders.length };
  } finally {
    connection.close();
  }
}
