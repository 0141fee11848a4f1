/** What the first start of this version would change or refuse: rehearsed on a copy of the ledger. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../service/config.ts';
import { checkLedgerFile, copyLedgerFile, migrationsDue } from '../service/ledger-files.ts';
import { openParts } from '../service/open.ts';
import { servedModes } from '../service/served-modes.ts';
import { warningsOf } from './examine.ts';
import { counted, type Finding, fault, note, ok, said } from './finding.ts';
import { noLedger } from './ledger.ts';
import { examineProducts } from './products.ts';

const SCHEMA = 'ledger';
const REHEARSAL = 'rehearsal';

/** Changes nothing but a temporary folder beside the ledger. The service may run meanwhile, also an older version. */
export async function examineUpgrade(config: Config): Promise<readonly Finding[]> {
  const { findings: products } = await examineProducts(config);
  const before = [...warningsOf(config), ...products];
  if (!existsSync(config.ledgerFile)) return [...before, noLedger(config, undefined)];
  try {
    return [...before, ...schemaFindings(config), ...(await rehearse(config))];
  } catch (error) {
    return [
      ...before,
      fault(SCHEMA, said(error), 'Keep the version that wrote it, or restore a backup of before.'),
    ];
  }
}

function schemaFindings(config: Config): readonly Finding[] {
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

/** Starts on a copy, with the same keys and products, and checks every row of it. */
async function rehearse(config: Config): Promise<readonly Finding[]> {
  // Beside the ledger, which is as private, and on a disk with room for it.
  const folder = mkdtempSync(join(dirname(config.ledgerFile), 'upgrade-'));
  const copy = {
    ...config,
    ledgerFile: join(folder, 'ledger.sqlite'),
    ledgerMark: join(folder, 'ledger-mark.json'),
  };
  try {
    if (existsSync(config.ledgerMark)) copyFileSync(config.ledgerMark, copy.ledgerMark);
    copyLedgerFile(config, copy.ledgerFile);
    const begun = performance.now();
    const { ledger } = await openParts(copy, { modesNeeded: servedModes(config) });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    await ledger.close();
    const { licenses, faults } = check(copy);
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

/** At most ten faults. */
function check(copy: Config): { readonly licenses: number; readonly faults: readonly string[] } {
  const run = checkLedgerFile(copy);
  const faults: string[] = [];
  let step = run.next();
  while (!step.done) {
    if (faults.length < 10) faults.push(`${step.value.where}: ${step.value.fault}`);
    step = run.next();
  }
  return { licenses: step.value.licenses, faults };
}
