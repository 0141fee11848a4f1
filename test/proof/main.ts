/**
 * `npm run proof`: runs every proof with its controls and prints a table. `--quick` for the smaller amounts, `--only NAME`
 * for one (repeatable), `--seed N` to replay, `--jobs N` for how many side by side, `--write` to put the results of a full run
 * into docs/proofs.md. The exit status is 0 only if nothing was violated and each control failed.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { serverPrograms, shareTemplate } from '../postgres/cluster.ts';
import { backup } from './backup.ts';
import { badEndpoints } from './bad-endpoints.ts';
import { badRelays } from './bad-relays.ts';
import { brokenDownloads } from './broken-downloads.ts';
import { canaries } from './canaries.ts';
import { clocks } from './clocks.ts';
import { compromised } from './compromised.ts';
import { consoleBeside } from './console-beside.ts';
import { consoleForms } from './console-forms.ts';
import { consoleText } from './console-text.ts';
import { deliveries } from './deliveries.ts';
import { diskFaults } from './disk-faults.ts';
import { editedLedger } from './edited-ledger.ts';
import { forgedLinks } from './forged-links.ts';
import { httpFuzz } from './http-fuzz.ts';
import { injection } from './injection.ts';
import { killed } from './killed.ts';
import { atOnce } from './kit/buyers.ts';
import { licenseCodes } from './license-codes.ts';
import { lostCode } from './lost-code.ts';
import { mailInjection } from './mail-injection.ts';
import { outboxKilled } from './outbox-killed.ts';
import { withResults } from './page.ts';
import { POSTGRES_PROOFS } from './postgres/all.ts';
import { powerLoss } from './power-loss.ts';
import type { Outcome, Proof } from './proof.ts';
import { reconciled } from './reconciled.ts';
import { resources } from './resources.ts';
import { salesBeside } from './sales-beside.ts';
import { shop } from './shop.ts';
import { signatures } from './signatures.ts';
import { signedFuzz } from './signed-fuzz.ts';
import { slowClients } from './slow-clients.ts';
import { slowDownloads } from './slow-downloads.ts';
import { type ProofResult, table } from './table.ts';
import { withTools } from './tools.ts';

const PROOFS: Readonly<Record<string, Proof>> = {
  killed,
  'outbox-killed': outboxKilled,
  'power-loss': powerLoss,
  'disk-faults': diskFaults,
  clocks,
  deliveries,
  shop,
  reconciled,
  'http-fuzz': httpFuzz,
  'license-codes': licenseCodes,
  'signed-fuzz': signedFuzz,
  signatures,
  'edited-ledger': editedLedger,
  backup,
  resources,
  'slow-clients': slowClients,
  injection,
  'mail-injection': mailInjection,
  canaries,
  'console-beside': consoleBeside,
  'console-forms': consoleForms,
  'console-text': consoleText,
  'bad-endpoints': badEndpoints,
  'bad-relays': badRelays,
  'sales-beside': salesBeside,
  compromised,
  'forged-links': forgedLinks,
  'lost-code': lostCode,
  'broken-downloads': brokenDownloads,
  'slow-downloads': slowDownloads,
  ...POSTGRES_PROOFS,
};

/** Started first: they take long or mostly wait, and at the end nothing would run beside them. */
const FIRST = [
  'slow-clients',
  'killed',
  'resources',
  'deliveries',
  'shop',
  'clocks',
  'slow-downloads',
  'canaries',
  'bad-endpoints',
];

/** Printed violations per run. */
const SHOWN = 5;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: Object.keys(PROOFS) },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    jobs: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const { quick } = values;
/** More than two processors have: many proofs mostly wait, for the disk, for a timeout, for a slow client. */
const jobs = Number(values.jobs ?? 3);
for (const name of values.only) {
  if (PROOFS[name] === undefined) {
    throw new Error(`no proof ${name}: there are ${Object.keys(PROOFS).join(', ')}`);
  }
}

if (values.write && (quick || values.only.length < Object.keys(PROOFS).length))
  throw new Error('--write takes the results of all proofs in full');

const [only] = values.only;
const started = performance.now();
const results = values.json && only !== undefined ? [await prove(only)] : await proveAll(values.only);
const day = new Date().toISOString().slice(0, 10);
if (values.write) {
  const page = new URL('../../docs/proofs.md', import.meta.url);
  const seconds = (performance.now() - started) / 1000;
  const run = { results, seed, day, seconds, cores: availableParallelism(), jobs };
  writeFileSync(page, withResults(readFileSync(page, 'utf8'), run));
}
process.stdout.write(
  values.json
    ? JSON.stringify(results[0])
    : `\n${table(results)}\nseed ${seed}, ${quick ? 'quick' : 'full'}, ${day}\n`,
);
process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;

/** Each in its own process, so that none affects another's clock; several in parallel, since many of them wait. */
async function proveAll(names: readonly string[]): Promise<readonly ProofResult[]> {
  const done = new Map<string, ProofResult>();
  const others = names.filter((name) => !FIRST.includes(name));
  const programs = names.some((name) => POSTGRES_PROOFS[name] !== undefined) ? serverPrograms() : undefined;
  const template = programs === undefined ? undefined : shareTemplate(programs);
  try {
    await atOnce([...FIRST.filter((name) => names.includes(name)), ...others], jobs, async (name) => {
      done.set(name, await proveApart(name));
    });
  } finally {
    template?.remove();
  }
  return names.flatMap((name) => done.get(name) ?? []);
}

async function proveApart(name: string): Promise<ProofResult> {
  const words = ['--only', name, '--seed', String(seed), '--json', ...(quick ? ['--quick'] : [])];
  const start = performance.now();
  const child = spawn(process.execPath, [import.meta.filename, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  // Printed at the end, since lines of two proofs would mix.
  process.stderr.write(err);
  if (out !== '') return JSON.parse(out) as ProofResult;
  const title = PROOFS[name]?.title ?? name;
  const seconds = (performance.now() - start) / 1000;
  return { title, done: 'its process ended early', violations: 1, controls: [], seconds, holds: false };
}

async function prove(name: string): Promise<ProofResult> {
  const proof = PROOFS[name];
  if (proof === undefined) throw new Error(`no proof ${name}`);
  const start = performance.now();
  const elapsed = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
  const amount = quick ? proof.quick : proof.full;
  process.stderr.write(`${name}: ${proof.title}\n`);
  const { done, violations } = await outcomeOf(name, (tools) => proof.run(amount, tools));
  process.stderr.write(`  ${elapsed()}: ${done} ${proof.unit}\n`);
  for (const line of violations.slice(0, SHOWN)) process.stderr.write(`  VIOLATED: ${line}\n`);
  const controls: { title: string; found: number }[] = [];
  for (const [place, { title, run }] of proof.controls.entries()) {
    const found = (await outcomeOf(`${name} control ${place}`, run)).violations;
    process.stderr.write(`  ${elapsed()}: control: ${title}: ${found[0] ?? 'NOTHING FOUND'}\n`);
    controls.push({ title, found: found.length });
  }
  const seconds = (performance.now() - start) / 1000;
  process.stderr.write(`  ${done} ${proof.unit}, ${violations.length} violations, ${elapsed()}\n`);
  return {
    title: proof.title,
    done: `${done} ${proof.unit}`,
    violations: violations.length,
    controls,
    seconds,
    holds: done > 0 && violations.length === 0 && controls.every(({ found }) => found > 0),
  };
}

/** A run that throws proves nothing: that is a violation. A control that throws is none. */
async function outcomeOf(
  name: string,
  run: (tools: Parameters<Proof['run']>[1]) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await withTools({ name, seed, quick }, run);
  } catch (error) {
    const line = `broke down (seed ${seed}): ${error instanceof Error ? error.stack : String(error)}`;
    process.stderr.write(`  ${name} ${line}\n`);
    return { done: 0, violations: name.includes(' control ') ? [] : [line] };
  }
}
