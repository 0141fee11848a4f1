/** Every signed endpoint: an unsigned call gets nothing and writes nothing, and no response time reveals it. */
import { generateKeyPairSync } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { SIGNATURE_FIELD } from '../../src/marketplaces/paddle-classic/authenticity.ts';
import { Machine, type RunningService } from '../kit/machine.ts';
import { exchange, portOf, statusOf } from '../kit/raw.ts';
import { atOnce } from './kit/buyers.ts';
import { findingsOf, ledgerOf } from './kit/check.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';
import type { Times } from './signatures/compare-times.ts';
import { looseCompares } from './signatures/compares.ts';
import { type Forgery, forgeries, signedCall } from './signatures/forgeries.ts';
import { type Secrets, WAYS, type Way } from './signatures/signed-ways.ts';

const CONNECTIONS = 16;
/** Forgeries between two genuine calls. */
const BETWEEN = 500;
/** The statuses of a forgery: unsigned (401), or unreadable (400, 415). */
const REFUSED = new Set([400, 401, 415]);

/** Nanoseconds and standard errors by which a time must differ, in every series and the same direction. */
const TELLING_NANOSECONDS = 5;
const TELLING_ERRORS = 4;
/** Processes that must all show the difference. */
const PROCESSES = 3;

const COMPARE = 'src/marketplaces/any-equal.ts';
const SAFE_COMPARE = 'timingSafeEqual(wanted, bytes)';

export const BELIEVES_PADDLE: Weakness = {
  file: 'src/marketplaces/paddle-classic/authenticity.ts',
  changes: [["verify('RSA-SHA1', signed, key, signature)", 'true']],
};
export const BELIEVES_FASTSPRING: Weakness = { file: COMPARE, changes: [[SAFE_COMPARE, 'true']] };
export const STOPS_EARLY: Weakness = {
  file: COMPARE,
  changes: [[SAFE_COMPARE, 'wanted.every((byte, place) => byte === bytes[place])']],
};

export const signatures: Proof = {
  title:
    'signatures cut, extended, re-encoded, of another, misplaced, over other bytes: 401, nothing written; compared in constant time',
  unit: 'forgeries',
  quick: 64,
  full: 4096,
  run: async (bits, tools) => {
    const forged = await forge(bits, bits > 64 ? 8 : 1, tools);
    const timed = await timesIn(tools);
    return { done: forged.done, violations: [...forged.violations, ...timed, ...loose()] };
  },
  controls: [
    {
      title: '`===` compare is found',
      run: async () => ({ done: 1, violations: loose('candidate === given') }),
    },
    {
      title: 'a compare that stops at the first difference is found by its time',
      run: async (tools) => ({ done: 1, violations: await timesIn(tools, STOPS_EARLY) }),
    },
    { title: 'any signature of Paddle is believed', run: (tools) => forge(1, 1, tools, BELIEVES_PADDLE) },
    {
      title: 'any signature of FastSpring is believed',
      run: (tools) => forge(1, 1, tools, BELIEVES_FASTSPRING),
    },
  ],
};

async function forge(bits: number, bodyBits: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secrets: Secrets = {
    paddle: privateKey,
    licenseKey: 'license-key-of-now',
    webhookSecret: 'webhook-secret-of-now',
  };
  const others: Secrets = {
    paddle: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    licenseKey: secrets.webhookSecret,
    webhookSecret: secrets.licenseKey,
  };
  const machine = new Machine(tools, {
    LOG_LEVEL: 'silent',
    PADDLE_CLASSIC_PUBLIC_KEY: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    // The previous one too: it must not be mistaken for a part of the other.
    FASTSPRING_LICENSE_KEYS: `license-key-before,${secrets.licenseKey}`,
    FASTSPRING_WEBHOOK_SECRETS: `webhook-secret-before,${secrets.webhookSecret}`,
    // Of references of another shape only five may wait for a person.
    FASTSPRING_REFERENCE_PATTERN: '(honest|forged)-[0-9-]+',
  });
  await machine.cli('keys', 'new', '--mode', 'live');
  const service = await machine.start(weakness === undefined ? {} : weakened(weakness));
  const run = new Run(service, machine, secrets);
  let done = 0;
  for (const [number, way] of WAYS.entries()) {
    await run.honest(way, `honest-${number}`);
    const calls = [...forgeries(way, `forged-${number}`, { secrets, others, bits, bodyBits }, tools)];
    for (let from = 0; from < calls.length; from += BETWEEN) {
      await run.forged(calls.slice(from, from + BETWEEN));
      await run.honest(way, `honest-${number}-${from}`);
    }
    done += calls.length;
  }
  const violations = [...run.violations, ...(await run.end())];
  tools.note([...run.statuses].map(([status, count]) => `${status}: ${count}`).join(', '));
  return { done, violations };
}

class Run {
  readonly violations: string[] = [];
  readonly statuses = new Map<number, number>();
  readonly #service: RunningService;
  readonly #machine: Machine;
  readonly #secrets: Secrets;
  readonly #ledger;

  constructor(service: RunningService, machine: Machine, secrets: Secrets) {
    this.#service = service;
    this.#machine = machine;
    this.#secrets = secrets;
    this.#ledger = new Database(ledgerOf(machine), { readonly: true });
  }

  async honest(way: Way, order: string): Promise<void> {
    const status = await this.#send(signedCall(way, order, this.#secrets));
    if (status !== 200) this.violations.push(`${way.name}: ${order} was honest and got ${status}`);
  }

  async forged(calls: readonly Forgery[]): Promise<void> {
    const before = this.#commits();
    await atOnce(calls, CONNECTIONS, async ({ what, bytes }) => {
      const status = await this.#send(bytes);
      if (!REFUSED.has(status)) this.violations.push(`${status} for ${what}`);
    });
    if (this.#commits() !== before)
      this.violations.push(`something was written between ${calls[0]?.what} and ${calls.at(-1)?.what}`);
  }

  async end(): Promise<string[]> {
    const forged = this.#ledger
      .prepare(
        "SELECT order_id FROM license WHERE order_id NOT LIKE 'honest-%' UNION SELECT event_id FROM event WHERE event_id NOT LIKE 'honest-%'",
      )
      .pluck()
      .all();
    this.#ledger.close();
    await this.#service.ran.kill();
    return [...forged.map((id) => `${id} is in the ledger`), ...(await findingsOf(this.#machine))];
  }

  /** What is written moves the counters of its pen; how many calls were refused is noted once a minute, and moves none. */
  #commits(): string {
    return JSON.stringify(this.#ledger.prepare('SELECT * FROM pen').all());
  }

  async #send(bytes: Buffer): Promise<number> {
    const status = statusOf(await exchange(portOf(this.#service.url), bytes)) ?? 0;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    return status;
  }
}

/**
 * The memory layout of a process can make either call slower for its whole life: only a difference in several
 * successive processes comes from the comparison.
 */
async function timesIn(tools: Tools, weakness?: Weakness): Promise<string[]> {
  for (let process = 1; ; process++) {
    const telling = await timesInOneProcess(tools, weakness);
    if (telling.length === 0 || process === PROCESSES) return telling;
  }
}

async function timesInOneProcess(tools: Tools, weakness?: Weakness): Promise<string[]> {
  const machine = new Machine(tools);
  const ran = machine.spawn(
    'test/proof/signatures/compare-times.ts',
    [],
    weakness === undefined ? {} : weakened(weakness),
  );
  const status = await ran.ended;
  if (status !== 0) throw new Error(`the times could not be taken: ${ran.err}`);
  const all: readonly Times[] = JSON.parse(ran.out);
  return all.flatMap(({ name, takes, longer, errors }) => {
    const figures = longer.map(
      (time, at) => `${time.toFixed(1)} ns (${errors[at]?.toFixed(1)} standard errors)`,
    );
    const line = `${name}: ${takes.toFixed(0)} ns; if only the last byte is wrong, longer by ${figures.join(', ')}`;
    tools.note(line);
    // A comparison that stops at the first difference takes longer, never shorter, if that is the last byte. Paddle's
    // signature is checked with a public key, so its time reveals nothing.
    const tells =
      name !== SIGNATURE_FIELD &&
      longer.every((time, at) => time > TELLING_NANOSECONDS && (errors[at] ?? 0) > TELLING_ERRORS);
    return tells ? [line] : [];
  });
}

/** Asks node:crypto, or the project's own function that does. */
const COMPARES_SAFELY =
  /import \{[^}]*\b(?:timingSafeEqual|verify)\b[^}]*\} from 'node:crypto'|import \{ anyEqual \} from '\.\.?\/any-equal\.ts'|import \{ timedSignature \} from '\.\.\/timed-signature\.ts'/;

/** Comparisons in the source by other means than node:crypto; `instead` replaces the file's own comparison. */
function loose(instead?: string): string[] {
  const files = globSync('src/{marketplaces,keyring}/**/*.ts').map(
    (file) => [file, readFileSync(file, 'utf8')] as const,
  );
  const weaker = files.map(
    ([file, text]) => [file, instead === undefined ? text : text.replace(SAFE_COMPARE, instead)] as const,
  );
  const found = weaker.flatMap(([file, text]) =>
    looseCompares(text).map(({ line, text: compare }) => `${file}:${line} compares ${compare}`),
  );
  const unchecked = files.filter(
    ([file, text]) => /(?:authenticity|timed-signature)\.ts$/.test(file) && !COMPARES_SAFELY.test(text),
  );
  return [
    ...found,
    ...unchecked.map(([file]) => `${file} asks neither timingSafeEqual nor verify, nor what does`),
  ];
}
