/** Downloads that break off at random bytes and go on: the same SHA-256, counted once. */
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { fetchBrokenOff } from '../kit/broken-download.ts';
import { Machine } from '../kit/machine.ts';
import { Buyers } from './kit/buyers.ts';
import { findingsOf } from './kit/check.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import { type Outcome, type Proof, pick, type Tools } from './proof.ts';

const FILE_BYTES = 8_000_000;
const BREAKS_A_DOWNLOAD = 50;
/** How often the counts are read until all downloads are whole. */
const TRIES = 5;

/** A client never continues by a weak tag (RFC 9110, 13.1.5): it begins anew each time. */
export const WEAK_TAG: Weakness = {
  file: 'src/downloads/file-headers.ts',
  changes: [["context.set('ETag',", "context.set('ETag', 'W/' +"]],
};
export const COUNTS_EACH_REQUEST: Weakness = {
  file: 'src/domain/ports/download.ts',
  changes: [["return state === 'begun' || start > 0 || at < askedAt + BEGUN_ANEW_WITHIN;", 'return false;']],
};

export const brokenDownloads: Proof = {
  title: `downloads broken off at ${BREAKS_A_DOWNLOAD} random bytes each and gone on: the same SHA-256, each counted once`,
  unit: 'breaks',
  quick: 100,
  full: 1_000,
  run: (breaks, tools) => breakOff(breaks, tools),
  controls: [
    { title: 'a weak ETag', run: (tools) => breakOff(BREAKS_A_DOWNLOAD, tools, WEAK_TAG) },
    {
      title: 'a count for each request',
      run: (tools) => breakOff(BREAKS_A_DOWNLOAD, tools, COUNTS_EACH_REQUEST),
    },
  ],
};

async function breakOff(amount: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools, { LOG_LEVEL: 'silent', PUBLIC_URL: 'http://localhost:8787' });
  const service = await machine.start(weakness === undefined ? {} : weakened(weakness));
  const file = machine.path('Example-1.dmg');
  const bytes = randomBytes(FILE_BYTES);
  writeFileSync(file, bytes);
  const added = await machine.cli('releases', 'add', 'example', '1.0', file);
  if ((await added.ended) !== 0) throw new Error(added.err);
  const buyers = new Buyers(service, 1);
  const violations: string[] = [];
  const downloads = Math.ceil(amount / BREAKS_A_DOWNLOAD);
  for (let number = 0; number < downloads; number++) {
    const [code] = findCodes((await buyers.order(`d${number}`)).text);
    const json = { 'content-type': 'application/json' };
    const { releases } = JSON.parse(
      (await buyers.post('/v1/downloads', JSON.stringify({ code }), json)).text,
    );
    const breaks = Array.from({ length: BREAKS_A_DOWNLOAD }, () => 1 + pick(FILE_BYTES - 1, tools)).sort(
      (a, b) => a - b,
    );
    const url = service.url + new URL(releases[0].files[0].url).pathname;
    const fetched = await fetchBrokenOff({ url, breaks });
    if (hash(fetched.bytes) !== hash(bytes)) violations.push(`download ${number} is another file`);
    if (fetched.anew > 0) violations.push(`download ${number} began anew ${fetched.anew} times`);
  }
  const count = await countedOf(machine, downloads);
  if (count?.asked !== downloads || count?.done !== downloads)
    violations.push(`${downloads} downloads are counted as ${count?.asked}, ${count?.done} of them whole`);
  violations.push(...(await findingsOf(machine)));
  await service.ran.kill();
  return { done: downloads * BREAKS_A_DOWNLOAD, violations };
}

interface Count {
  readonly asked: number;
  readonly done: number;
}

/** The last bytes are noted after they went out, which takes a moment on a busy machine. */
async function countedOf(machine: Machine, downloads: number): Promise<Count | undefined> {
  for (let tries = 1; ; tries++) {
    const listed = await machine.cli('releases', 'list', '--json');
    const [count]: readonly Count[] = JSON.parse(listed.out).downloads;
    if (count?.done === downloads || tries === TRIES) return count;
    await wait(1000);
  }
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
