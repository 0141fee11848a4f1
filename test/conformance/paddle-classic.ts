/**
 * Runs the check of Paddle Classic's signatures against calls that Paddle signed: in the functions that parse and check
 * a request, and in a running service, by POST and GET.
 */
import { createPublicKey, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../src/keyring/key-files.ts';
import { addSigningKey } from '../../src/keyring/signing-key.ts';
import { createLog } from '../../src/log.ts';
import { parseForm } from '../../src/marketplaces/form.ts';
import { authenticate } from '../../src/marketplaces/paddle-classic/authenticity.ts';
import { readConfig } from '../../src/service/config.ts';
import { startService } from '../../src/service/service.ts';
import type { Outcome } from './ed25519.ts';

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly public_key: string;
  readonly expected: boolean;
}

interface Case extends Vector {
  /** As a POST's body or a GET's query. */
  readonly form: string;
  readonly pem: string;
}

const FORM = 'application/x-www-form-urlencoded';

/** Two outcomes for each file of vectors; empty without the files. */
export async function paddleClassic(shared: string): Promise<Outcome[]> {
  const folder = join(shared, 'vectors', 'paddle-classic');
  if (!existsSync(folder)) return [];
  const keys: Record<string, { readonly pem: string }> = readJson(join(folder, 'public-keys.json'));
  const withKey = <T extends Vector>(vector: T, form: string): Case => {
    const pem = keys[vector.public_key]?.pem;
    if (pem === undefined) throw new Error(`${vector.id}: there is no key ${vector.public_key}`);
    return { ...vector, form, pem };
  };
  const signatures: { vectors: (Vector & { fields: Record<string, string> })[] } = readJson(
    join(folder, 'signatures.json'),
  );
  const bodies: { vectors: (Vector & { raw: string })[] } = readJson(join(folder, 'raw-form-bodies.json'));
  const files = {
    'signatures.json': signatures.vectors.map((each) =>
      withKey(each, new URLSearchParams(each.fields).toString()),
    ),
    'raw-form-bodies.json': bodies.vectors.map((each) => withKey(each, each.raw)),
  };
  const outcomes: Outcome[] = [];
  for (const [file, cases] of Object.entries(files)) {
    outcomes.push(outcomeOf(`paddle-classic ${file}`, cases, byCode));
    outcomes.push(await overHttp(`paddle-classic ${file} over HTTP`, cases));
  }
  return outcomes;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function outcomeOf(name: string, cases: readonly Case[], check: (each: Case) => string | undefined): Outcome {
  const faults = cases.map(check);
  const failed = faults.filter((fault) => fault !== undefined);
  return { name, passed: cases.length - failed.length, failed };
}

/** The fault of the verdict on a vector, by the functions of the endpoint. */
function byCode({ id, form, pem, expected }: Case): string | undefined {
  const caller = authenticate(parseForm(Buffer.from(form)), [['live', createPublicKey(pem)]]);
  return (caller !== undefined) === expected
    ? undefined
    : `${id}: expected ${expected}, was called by ${caller}`;
}

/** Sends every vector to a service that has its key, by POST and by GET. */
async function overHttp(name: string, cases: readonly Case[]): Promise<Outcome> {
  const failed: string[] = [];
  for (const pem of new Set(cases.map((each) => each.pem))) {
    const mine = cases.filter((each) => each.pem === pem);
    failed.push(...(await atService(pem, mine)));
  }
  return { name, passed: cases.length - failed.length, failed };
}

/** A fault for each vector that a service with that live key answers wrongly. */
async function atService(pem: string, cases: readonly Case[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-conformance-'));
  const config = readConfig(
    {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      KEYS_DIR: join(folder, 'keys'),
      PADDLE_CLASSIC_PUBLIC_KEY: pem,
    },
    () => '',
  );
  try {
    mkdirSync(config.productsDir, { recursive: true });
    const frontMatter = 'name: App\nterm: P1Y\nmarketplaces: { paddle-classic: {} }';
    writeFileSync(
      join(config.productsDir, 'app.md'),
      `---\n${frontMatter}\n---\n\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n`,
    );
    makeFolder(config.keysDir);
    addSigningKey(config.keysDir, [], { mode: 'live', today: '2026-01-01', randomBytes });
    const service = await startService(config, { log: createLog('silent') });
    try {
      const faults: string[] = [];
      for (const each of cases) {
        const fault = await answerFault(`${service.url}/fulfillment/paddle-classic/app`, each);
        if (fault !== undefined) faults.push(`${each.id}: ${fault}`);
      }
      return faults;
    } finally {
      await service.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The faults of the answers: 401 is for a wrong signature only. A genuine fulfillment request gets its license; a
 * genuine alert is no order, which the service finds only after the signature.
 */
async function answerFault(url: string, { form, expected }: Case): Promise<string | undefined> {
  const wanted = !expected ? 401 : isOrder(form) ? 200 : 400;
  const answers = [
    await fetch(url, { method: 'POST', headers: { 'Content-Type': FORM }, body: form }),
    await fetch(`${url}?${form}`),
  ];
  const texts: string[] = [];
  for (const answer of answers) {
    texts.push(await answer.text());
    if (answer.status !== wanted) return `expected ${wanted}, the service answered ${answer.status}`;
  }
  return wanted === 200 && texts[0] !== texts[1] ? 'POST and GET were answered differently' : undefined;
}

function isOrder(form: string): boolean {
  const fields = new URLSearchParams(form);
  return fields.has('p_order_id') && fields.has('p_quantity');
}
