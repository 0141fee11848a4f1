/** The settings: read once from the environment, all faults told at once, each by the setting's name. */
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { isPeriod, type Period } from '../domain/day.ts';
import { AppError } from '../errors.ts';
import { rsaPublicKey } from '../marketplaces/paddle-classic/rsa-public-key.ts';
import { secret, secrets } from '../marketplaces/secret.ts';
import { findUnknownSettings } from './unknown-settings.ts';

export interface Config {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly keysDir: string;
  readonly productsDir: string;
  readonly ledgerFile: string;
  /** Beside the keys: how far the ledger has come, so that an older copy is noticed. */
  readonly ledgerMark: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Believe X-Forwarded-For and X-Forwarded-Proto: only behind a proxy that sets them. */
  readonly trustProxy: boolean;
  /** Accept the simulator's orders (always mode test); unless told otherwise, until a marketplace is live. */
  readonly simulator: boolean;
  readonly keyPassphrase: string | undefined;
  /** After this time the payload of an event is forgotten. */
  readonly retainEvents: Period;
  readonly fastSpring: {
    /** The usual shape of the account's order references; undefined: FastSpring's. */
    readonly referencePattern: RegExp | undefined;
    /** The private keys of the products' "Remote Server Request". */
    readonly licenseKeys: readonly string[];
    readonly webhookSecrets: readonly string[];
  };
  readonly paddleClassic: {
    readonly publicKey: KeyObject | undefined;
    readonly sandboxPublicKey: KeyObject | undefined;
  };
  /** What does not stop the start and that the seller should know: a line each. */
  readonly warnings: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Settings that may also be given as a file's path, under the name with `_FILE` behind it. */
const FROM_FILE = [
  'KEY_PASSPHRASE',
  'PADDLE_CLASSIC_PUBLIC_KEY',
  'PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY',
  'FASTSPRING_LICENSE_KEYS',
  'FASTSPRING_WEBHOOK_SECRETS',
];

const ON = new Set(['on', 'true', 'yes', '1']);
const OFF = new Set(['off', 'false', 'no', '0']);

const flag = z
  .string()
  .refine((text) => ON.has(text) || OFF.has(text), 'write on or off')
  .transform((text) => ON.has(text));

const path = z.string().min(1, 'is empty: give a path, or leave the setting out');

/** A regular expression for a whole text. */
const pattern = z
  .string()
  .min(1, 'is empty: give a pattern, or leave the setting out')
  .transform((text, context) => {
    try {
      return new RegExp(`^(?:${text})$`, 'u');
    } catch {
      context.addIssue({
        code: 'custom',
        message: 'is no regular expression: write one such as [A-Z]{3}\\d{6}',
      });
      return z.NEVER;
    }
  });

const settings = z.object({
  HOST: z.string().min(1, 'is empty: give an address such as 127.0.0.1').default('127.0.0.1'),
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'write a port from 0 to 65535')
    .transform(Number)
    .default(8787),
  DATA_DIR: path.default('data'),
  KEYS_DIR: path.default('keys'),
  PRODUCTS_DIR: path.optional(),
  LEDGER_URL: z
    .string()
    .regex(/^sqlite:./, 'write sqlite: and a file, such as sqlite:data/ledger.sqlite')
    .optional(),
  LEDGER_MARK: path.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `write one of ${LOG_LEVELS.join(', ')}`).default('info'),
  TRUST_PROXY: flag.default(false),
  SIMULATOR: flag.optional(),
  KEY_PASSPHRASE: secret.optional(),
  FASTSPRING_LICENSE_KEYS: secrets.default([]),
  FASTSPRING_WEBHOOK_SECRETS: secrets.default([]),
  FASTSPRING_REFERENCE_PATTERN: pattern.optional(),
  RETAIN_EVENTS: z.string().refine(isPeriod, 'write a time such as P90D').default('P90D'),
  PADDLE_CLASSIC_PUBLIC_KEY: rsaPublicKey.optional(),
  PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: rsaPublicKey.optional(),
});

const KNOWN_SETTINGS = [...Object.keys(settings.shape), ...FROM_FILE.map((name) => `${name}_FILE`)];

/**
 * Promises a whole Config, or an AppError `bad_configuration` whose message has one line a fault, each
 * beginning with the setting's name and saying what to write instead. No value is repeated in it.
 */
export function readConfig(environment: Environment, readFile: (path: string) => string): Config {
  const { faults: misspelled, warnings } = findUnknownSettings(environment, KNOWN_SETTINGS);
  const faults = [...misspelled];
  const given = takeFiles(environment, readFile, faults);
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) faults.push(`${String(issue.path[0])}: ${issue.message}`);
  }
  // Read on their own, so that this is told together with faults of other settings.
  const { PADDLE_CLASSIC_PUBLIC_KEY: liveKey, PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: sandboxKey } =
    settings.shape;
  const live = liveKey.safeParse(given['PADDLE_CLASSIC_PUBLIC_KEY']).data;
  const sandbox = sandboxKey.safeParse(given['PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY']).data;
  if (live && sandbox?.equals(live)) {
    faults.push(
      'PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: is the same key as PADDLE_CLASSIC_PUBLIC_KEY; the sandbox has its own',
    );
  }
  if (!parsed.success || faults.length > 0) {
    throw new AppError('bad_configuration', `The settings have faults:\n${faults.join('\n')}`);
  }
  const set = parsed.data;
  const { FASTSPRING_LICENSE_KEYS: licenseKeys, FASTSPRING_WEBHOOK_SECRETS: webhookSecrets } = set;
  const isLive = live !== undefined || licenseKeys.length > 0 || webhookSecrets.length > 0;
  return {
    host: set.HOST,
    port: set.PORT,
    dataDir: set.DATA_DIR,
    keysDir: set.KEYS_DIR,
    productsDir: set.PRODUCTS_DIR ?? join(set.DATA_DIR, 'products'),
    ledgerFile: set.LEDGER_URL?.slice('sqlite:'.length) ?? join(set.DATA_DIR, 'ledger.sqlite'),
    ledgerMark: set.LEDGER_MARK ?? join(set.KEYS_DIR, 'ledger-mark.json'),
    logLevel: set.LOG_LEVEL,
    trustProxy: set.TRUST_PROXY,
    simulator: set.SIMULATOR ?? !isLive,
    keyPassphrase: set.KEY_PASSPHRASE,
    fastSpring: { licenseKeys, webhookSecrets, referencePattern: set.FASTSPRING_REFERENCE_PATTERN },
    retainEvents: set.RETAIN_EVENTS,
    paddleClassic: { publicKey: live, sandboxPublicKey: sandbox },
    warnings,
  };
}

function takeFiles(
  environment: Environment,
  readFile: (path: string) => string,
  faults: string[],
): Record<string, string | undefined> {
  const given: Record<string, string | undefined> = { ...environment };
  for (const name of FROM_FILE) {
    const file = environment[`${name}_FILE`];
    if (file === undefined) continue;
    if (file === '') {
      faults.push(`${name}_FILE: is empty: give the path of a file, or leave the setting out`);
      continue;
    }
    if (environment[name] !== undefined) {
      faults.push(`${name}_FILE: ${name} is set too; leave one of them out`);
      continue;
    }
    try {
      // An editor ends a file with a line end, which belongs to the file and not to the secret.
      given[name] = readFile(file).replace(/\r?\n$/, '');
    } catch {
      faults.push(`${name}_FILE: the file cannot be read; check its path and permissions`);
    }
  }
  return given;
}
