/** A backup under load: the copy is sound and complete, and repeated calls since then do no harm. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Machine, type RunningService } from '../kit/machine.ts';
import { RATE, Shop } from './backup/backup-shop.ts';
import { findingsOf, ledgerOf, missingFrom } from './kit/check.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

/** Milliseconds of load before the copy begins. */
const BEFORE = 1000;

/** Makes a copy of the machine's ledger with the seller's command. */
type Copy = (machine: Machine, file: string) => Promise<void>;

export const backup: Proof = {
  title: `backup while ${RATE} orders a second come in: the copy is sound; restored to yesterday, nothing is doubled`,
  unit: 'backups',
  quick: 1,
  full: 20,
  run: (backups, tools) => backUp(backups, tools, byCommand),
  controls: [{ title: '`cp` of ledger.sqlite', run: (tools) => backUp(1, tools, byCp) }],
};

async function byCommand(machine: Machine, file: string): Promise<void> {
  const ran = await machine.cli('ledger', 'backup', file);
  const status = await ran.ended;
  if (status !== 0) throw new Error(`ledger backup ended with ${status}: ${ran.err}`);
}

async function byCp(machine: Machine, file: string): Promise<void> {
  copyFileSync(ledgerOf(machine), file);
}

async function backUp(backups: number, tools: Tools, copy: Copy): Promise<Outcome> {
  const violations: string[] = [];
  for (let number = 0; number < backups; number++) {
    for (const fault of await backUpOnce(number, tools, copy)) violations.push(`backup ${number}: ${fault}`);
  }
  return { done: backups, violations };
}

async function backUpOnce(number: number, tools: Tools, copy: Copy): Promise<string[]> {
  const machine = new Machine(tools, { LOG_LEVEL: 'silent' });
  const yesterday = folderOf(machine, 'yesterday');
  const today = folderOf(machine, 'today');
  const service = await machine.start();
  const shop = new Shop(service, machine, number);
  await shop.beginStories();
  await copy(machine, yesterday.ledger);
  await shop.goOnWithStories();

  let going = true;
  const load = shop.load(() => going);
  await wait(BEFORE);
  const before = new Map(shop.answered);
  const begun = performance.now();
  await copy(machine, today.ledger);
  const lasted = performance.now() - begun;
  const during = shop.answered.size - before.size;
  going = false;
  const rate = await load;
  shop.close();
  await service.ran.kill();
  tools.note(
    `${before.size} orders before, ${during} during the ${Math.round(lasted)} ms of the backup, ${Math.round(rate)} a second`,
  );
  return [
    ...(await acceptRestored(machine, today)),
    ...(await faultsOf(machine, today, before, 'the copy')),
    ...(await faultsAfterRestore(machine, { today, before, shop })),
    ...(await faultsOfYesterday(machine, yesterday, shop)),
  ];
}

interface Folder {
  readonly env: { readonly DATA_DIR: string };
  readonly ledger: string;
}

function folderOf(machine: Machine, name: string): Folder {
  const folder = machine.path(name);
  mkdirSync(folder);
  return { env: { DATA_DIR: folder }, ledger: join(folder, 'ledger.sqlite') };
}

/** A copy is behind the mark beside the keys, which belongs to the newest ledger: the operator has to accept it. */
async function acceptRestored(machine: Machine, { env }: Folder): Promise<string[]> {
  const words = ['ledger', 'accept-restored', '--reason', 'the proof of backups'];
  const ran = machine.spawn('src/cli/mintmark.ts', words, { env });
  const status = await ran.ended;
  return status === 0 ? [] : [`accept-restored ended with ${status}: ${ran.err || ran.out}`];
}

/** The faults of a copy as a file. */
async function faultsOf(
  machine: Machine,
  { env, ledger }: Folder,
  before: ReadonlyMap<string, string>,
  what: string,
): Promise<string[]> {
  const faults = (await findingsOf(machine, env)).map((finding) => `${what}: ${finding}`);
  try {
    for (const order of missingFrom(ledger, before)) faults.push(`${what}: ${order} is missing`);
    faults.push(...halvesIn(ledger).map((order) => `${what} holds half of ${order}`));
  } catch (error) {
    faults.push(`${what} cannot be read: ${String(error)}`);
  }
  return faults;
}

/** Orders of which the ledger holds fewer units than were requested. */
function halvesIn(ledgerFile: string): string[] {
  const ledger = new Database(ledgerFile);
  try {
    return ledger
      .prepare<[], string>(
        `SELECT order_id FROM license WHERE marketplace = 'paddle-classic' GROUP BY order_id
         HAVING count(*) <> max(quantity) OR count(quantity) <> max(quantity)`,
      )
      .pluck()
      .all();
  } finally {
    ledger.close();
  }
}

/** The service on the copy: repeated requests from before the backup get the same bytes. */
async function faultsAfterRestore(
  machine: Machine,
  given: { today: Folder; before: ReadonlyMap<string, string>; shop: Shop },
): Promise<string[]> {
  const { today, before, shop } = given;
  return onFolder(machine, today, async (service) => {
    const faults = await shop.repeat(service, before);
    return faults.map((fault) => `restored: ${fault}`);
  });
}

/** The marketplaces resend all events since yesterday and older ones: the same codes, and no license twice. */
async function faultsOfYesterday(machine: Machine, yesterday: Folder, shop: Shop): Promise<string[]> {
  const faults = await acceptRestored(machine, yesterday);
  const retold = await onFolder(machine, yesterday, async (service) => [
    ...(await shop.retell(service)),
    ...(await shop.repeat(service, shop.answered)),
  ]);
  faults.push(...retold, ...(await findingsOf(machine, yesterday.env)));
  try {
    const [then, now] = [ledgerOf(machine), yesterday.ledger].map(licensesIn);
    for (const line of then ?? []) if (!now?.has(line)) faults.push(`is gone or other: ${line}`);
    for (const line of now ?? []) if (!then?.has(line)) faults.push(`is new: ${line}`);
  } catch (error) {
    faults.push(`cannot be read: ${String(error)}`);
  }
  return faults.map((fault) => `restored to yesterday: ${fault}`);
}

/** Each license with its newest code, as text. */
function licensesIn(ledgerFile: string): ReadonlySet<string> {
  const ledger = new Database(ledgerFile);
  try {
    const lines = ledger
      .prepare<[], string>(
        `SELECT hex(id) || ' ' || order_id || ' ' || product || ' ' || unit || ' ' || reissue || ' ' || state || ' ' ||
           coalesce((SELECT text FROM code WHERE license = number AND revision = l.revision), first_code)
         FROM license l`,
      )
      .pluck()
      .all();
    return new Set(lines);
  } finally {
    ledger.close();
  }
}

async function onFolder(
  machine: Machine,
  { env }: Folder,
  act: (service: RunningService) => Promise<string[]>,
): Promise<string[]> {
  try {
    const service = await machine.start({ env });
    const faults = await act(service);
    await service.ran.kill();
    return faults;
  } catch (error) {
    return [`the service does not run on it: ${error instanceof Error ? error.message : String(error)}`];
  }
}
