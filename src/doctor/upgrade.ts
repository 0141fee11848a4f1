/** What the first start of this version would change or refuse: rehearsed on a copy of the ledger. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { counted } from '../domain/values/counted.ts';
import { fileFault } from '../keyring/key-files.ts';
import type { Config } from '../service/config.ts';
import { backUpLedger, checkLedgerOf, migrationsDue } from '../service/ledger-files.ts';
import { openParts, requireLedger } from '../service/open.ts';
import { servedModes } from '../service/served-modes.ts';
import { warningsOf } from './examine.ts';
import { type Finding, fault, note, ok, said } from './finding.ts';
import { noLedger } from './ledger.ts';
import { examineProducts } from './products.ts';

const SCHEMA = 'ledger';
const REHEARSAL = 'rehearsal';

/** Changes nothing but a temporary folder beside the ledger. The service may run meanwhile, also an older version. */
export async function examineUpgrade(config: Config): Promise<readonly Finding[]> {
  const { findings: products } = await examineProducts(config);
  const before = [...warningsOf(config), ...products];
  try {
    await requireLedger(config);
  } catch (error) {
    return [...before, noLedger(error)];
  }
  try {
    return [...before, ...(await schemaFindings(config)), ...(await rehearse(config))];
  } catch (error) {
    return [
      ...before,
      fault(
        SCHEMA,
        said(error),
        config.ledgerDatabase === undefined
          ? 'Keep the version that wrote it, or restore a backup of before.'
          : 'Follow this message before you upgrade.',
      ),
    ];
  }
}

async function schemaFindings(config: Config): Promise<readonly Finding[]> {
  if (config.ledgerDatabase !== undefined) return databaseFindings(config.ledgerDatabase);
  const { schema, steps } = migrationsDue(config);
  if (steps.length === 0) return [ok(SCHEMA, `It stays at schema ${schema}.`)];
  const last = steps.at(-1)?.schema ?? schema;
  const names = steps.map((step) => `${step.schema}: ${step.name}`).join('; ');
  return [
    note(
      SCHEMA,
      `The first start moves it from schema ${schema} to ${last} (${names}).`,
      'Older versions do not open it then: make a backup before, to be able to go back.',
    ),
  ];
}

async function databaseFindings(database: string): Promise<readonly Finding[]> {
  const { migrationsDueOn } = await import('../storage/postgres/schema/make-schema.ts');
  const { readableFromOf } = await import('../storage/postgres/schema/migrations.ts');
  const { schema, steps } = await migrationsDueOn(database);
  if (steps.length === 0) return [ok(SCHEMA, `It stays at schema ${schema}.`)];
  const names = steps.map(({ name }, place) => `${schema + place + 1}: ${name}`).join('; ');
  return [
    note(
      SCHEMA,
      `The first start moves it from schema ${schema} to ${schema + steps.length} (${names}).`,
      readableFromOf(steps) <= schema
        ? 'Instances of the version that wrote it go on meanwhile: replace them one after the other.'
        : 'Stop all instances of older versions before, and make a backup, to be able to go back.',
    ),
  ];
}

/** Starts on a copy, with the same keys and products, and checks every row of it. */
async function rehearse(config: Config): Promise<readonly Finding[]> {
  const folder = makeRoom(dirname(config.ledgerFile));
  if (typeof folder !== 'string') return [folder];
  const copy = {
    ...config,
    ledgerDatabase: undefined,
    ledgerFile: join(folder, 'ledger.sqlite'),
    ledgerMark: join(folder, 'ledger-mark.json'),
  };
  try {
    const isMarked = config.ledgerDatabase === undefined && existsSync(config.ledgerMark);
    if (isMarked) copyFileSync(config.ledgerMark, copy.ledgerMark);
    await backUpLedger(config, copy.ledgerFile);
    const begun = performance.now();
    const { ledger } = await openParts(copy, { modesNeeded: servedModes(config) });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    await ledger.close();
    const { licenses, faults } = await check(copy);
    const started = ok(REHEARSAL, `A start on a copy succeeds, in ${seconds} s.`);
    return faults.length === 0
      ? [started, ok(REHEARSAL, `All rows of its ${counted(licenses, 'license')} are sound.`)]
      : [
          started,
          fault(
            REHEARSAL,
            `The check of the copy found: ${faults.join('; ')}`,
            'Run  ledger check  with your version.',
          ),
        ];
  } catch (error) {
    return [
      fault(REHEARSAL, `A start on a copy fails: ${said(error)}`, 'Follow this message before you upgrade.'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder beside the ledger, which is as private, and on a disk with room for it. */
export function makeRoom(beside: string): string | Finding {
  try {
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    return mkdtempSync(join(beside, 'upgrade-'));
  } catch (error) {
    const why = said(fileFault(error, beside, 'written'));
    return fault(
      REHEARSAL,
      `There is no place for a copy: ${why}`,
      'Run it as the user of the service, with room for a copy of the ledger.',
    );
  }
}

/** At most ten faults. */
async function check(
  copy: Config,
): Promise<{ readonly licenses: number; readonly faults: readonly string[] }> {
  const run = checkLedgerOf(copy);
  const faults: string[] = [];
  let step = await run.next();
  while (!step.done) {
    if (faults.length < 10) faults.push(`${step.value.where}: ${step.value.fault}`);
    step = await run.next();
  }
  return { licenses: step.value.licenses, faults };
}
