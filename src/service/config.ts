/** Reads the settings from the environment, and reports all faults at once, each with the setting's name. */
import { join } from 'node:path';
import { z } from 'zod';
import { isPeriod, type Period } from '../domain/values/day.ts';
import {
  DOWNLOAD_FROM_FILE,
  DOWNLOAD_SETTINGS,
  type DownloadPlace,
  readDownloads,
} from '../downloads/settings.ts';
import { AppError } from '../errors.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { Account, Environment } from '../marketplaces/marketplace.ts';
import { secret } from '../marketplaces/secret.ts';
import { MAIL_FROM_FILE, MAIL_SETTINGS, type MailSettings, readMail } from '../outbox/mail/settings.ts';
import { platformSettings } from './platform.ts';
import { takeFiles } from './setting-files.ts';
import { findUnknownSettings } from './unknown-settings.ts';

export type { Environment };

export interface Config {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly keysDir: string;
  readonly productsDir: string;
  /** The file of webhook endpoints; it may be missing. */
  readonly webhooksFile: string;
  /** The seller's shop as customers see it; it may be missing. */
  readonly shopFile: string;
  /** The ledger's file, where the ledger is not on PostgreSQL. */
  readonly ledgerFile: string;
  /** The ledger's database on PostgreSQL, with its password; undefined: the ledger is a file. */
  readonly ledgerDatabase: string | undefined;
  /** The file beside the keys that records the ledger's newest state; it reveals an older copy of the ledger. */
  readonly ledgerMark: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Trust X-Forwarded-For and X-Forwarded-Proto: only behind a proxy that sets them. */
  readonly trustProxy: boolean;
  /** Accept the simulator's orders (always mode test). Default: until a marketplace is live. */
  readonly simulator: boolean;
  readonly keyPassphrase: string | undefined;
  /** What `keys bundle` printed, for a function without a disk. */
  readonly keysBundle: string | undefined;
  readonly keysBundlePassphrase: string | undefined;
  /** Encrypts backups. */
  readonly backupPassphrase: string | undefined;
  /** The retention of an event's payload, and of the outbox's bodies and answers. */
  readonly retainEvents: Period;
  /** Where the world reaches the service, without a path or slash at its end. */
  readonly publicUrl: string | undefined;
  /** The console is served: on this computer, or by an https PUBLIC_URL. */
  readonly console: boolean;
  /** The console's own port on 127.0.0.1; undefined: the port of the service. */
  readonly consolePort: number | undefined;
  /** Where releases are kept; undefined: the folder `downloads` of the data folder. */
  readonly downloads: DownloadPlace | undefined;
  /** Undefined: no mail is sent. */
  readonly mail: MailSettings | undefined;
  /** Whether this process sends announcements; `external`: `mintmark outbox run --once` sends, by a timer. */
  readonly outbox: (typeof OUTBOX)[number];
  /** What the timer does with what a marketplace's API has and the ledger lacks. */
  readonly reconcile: (typeof RECONCILE)[number];
  /** Each marketplace with the seller's settings for it. */
  readonly accounts: readonly Account[];
  /** A variable of the environment, for secrets that the file of webhook endpoints names. */
  readonly variable: (name: string) => string | undefined;
  /** Problems that do not prevent the start, one per line. */
  readonly warnings: readonly string[];
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const OUTBOX = ['on', 'off', 'external'] as const;

const RECONCILE = ['apply', 'show', 'off'] as const;

/** Settings that can also be given as the path of a file, under the name with the suffix `_FILE`. */
const FROM_FILE = [
  'KEY_PASSPHRASE',
  'BACKUP_PASSPHRASE',
  'KEYS_BUNDLE',
  'KEYS_BUNDLE_PASSPHRASE',
  'LEDGER_URL',
  ...MAIL_FROM_FILE,
  ...DOWNLOAD_FROM_FILE,
  ...MARKETPLACES.flatMap(({ settings }) => settings.fromFile),
];

const ON = new Set(['on', 'true', 'yes', '1']);
const OFF = new Set(['off', 'false', 'no', '0']);

const flag = z
  .string()
  .refine((text) => ON.has(text) || OFF.has(text), 'write on or off')
  .transform((text) => ON.has(text));

const path = z.string().min(1, 'is empty: give a path, or leave the setting out');

const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'write a port from 0 to 65535')
  .transform(Number);

const settings = z.object({
  HOST: z.string().min(1, 'is empty: give an address such as 127.0.0.1').default('127.0.0.1'),
  PORT: port.default(8787),
  CONSOLE: flag.optional(),
  CONSOLE_PORT: port.optional(),
  DATA_DIR: path.default('data'),
  KEYS_DIR: path.default('keys'),
  PRODUCTS_DIR: path.optional(),
  LEDGER_URL: z
    .string()
    .regex(
      /^(sqlite:.|postgres(ql)?:\/\/([^/?#]*@)?[^@/?#]*(\/[^@?#]*)?(\?[^#]*)?$)/,
      'write sqlite: and a file, such as sqlite:data/ledger.sqlite, or the URL of a PostgreSQL database, such as postgres://mintmark@db.example.com/ledger, with / as %2F, ? as %3F, # as %23 in a password',
    )
    .optional(),
  LEDGER_MARK: path.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `write one of ${LOG_LEVELS.join(', ')}`).default('info'),
  TRUST_PROXY: flag.default(false),
  SIMULATOR: flag.optional(),
  KEY_PASSPHRASE: secret.optional(),
  BACKUP_PASSPHRASE: secret.optional(),
  KEYS_BUNDLE: z.base64('give what  keys bundle  printed').optional(),
  KEYS_BUNDLE_PASSPHRASE: secret.optional(),
  OUTBOX: z.enum(OUTBOX, `write one of ${OUTBOX.join(', ')}`).default('on'),
  RECONCILE: z.enum(RECONCILE, `write one of ${RECONCILE.join(', ')}`).default('apply'),
  RETAIN_EVENTS: z.string().refine(isPeriod, 'write a time such as P90D').default('P90D'),
  ...MAIL_SETTINGS,
  ...DOWNLOAD_SETTINGS,
});

/** Every setting, without the `_FILE` names. */
export const SETTING_NAMES: readonly string[] = [
  ...Object.keys(settings.shape),
  ...MARKETPLACES.flatMap(({ settings }) => settings.names),
];

/** Settings that can be secret: each can be given as `NAME_FILE` too. */
export const SECRET_NAMES: readonly string[] = FROM_FILE;

const KNOWN_SETTINGS = [...SETTING_NAMES, ...FROM_FILE.map((name) => `${name}_FILE`)];

/**
 * Returns a complete Config, or throws AppError `bad_configuration`: one line per fault, each with the
 * setting's name and the correction, none with the setting's value.
 */
export function readConfig(environment: Environment, readFile: (path: string) => string): Config {
  const { faults: misspelled, warnings } = findUnknownSettings(environment, KNOWN_SETTINGS);
  const faults = [...misspelled];
  const given = { ...platformSettings(environment), ...takeFiles(environment, FROM_FILE, readFile, faults) };
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) faults.push(`${String(issue.path[0])}: ${issue.message}`);
  }
  const accounts: Account[] = [];
  for (const { settings } of MARKETPLACES) {
    const read = settings.read(given);
    if ('account' in read) accounts.push(read.account);
    else faults.push(...read.faults);
  }
  if (parsed.success && parsed.data.CONSOLE === true && !canServeConsole(parsed.data))
    faults.push(
      'CONSOLE: beyond this computer the console needs an https PUBLIC_URL; set it, or CONSOLE_PORT, or leave CONSOLE out',
    );
  const mail = parsed.success ? readMail(parsed.data) : undefined;
  if (mail !== undefined && 'fault' in mail) faults.push(mail.fault);
  const downloads = parsed.success ? readDownloads(parsed.data) : undefined;
  if (downloads !== undefined && 'fault' in downloads) faults.push(downloads.fault);
  if (!parsed.success || mail === undefined || 'fault' in mail || faults.length > 0) {
    throw new AppError('bad_configuration', `The settings have faults:\n${faults.join('\n')}`);
  }
  const set = parsed.data;
  return {
    host: set.HOST,
    port: set.PORT,
    dataDir: set.DATA_DIR,
    keysDir: set.KEYS_DIR,
    productsDir: set.PRODUCTS_DIR ?? join(set.DATA_DIR, 'products'),
    webhooksFile: join(set.DATA_DIR, 'webhooks.yaml'),
    shopFile: join(set.DATA_DIR, 'shop.yaml'),
    ledgerFile: fileOf(set.LEDGER_URL) ?? join(set.DATA_DIR, 'ledger.sqlite'),
    ledgerDatabase: fileOf(set.LEDGER_URL) === undefined ? set.LEDGER_URL : undefined,
    ledgerMark: set.LEDGER_MARK ?? join(set.KEYS_DIR, 'ledger-mark.json'),
    logLevel: set.LOG_LEVEL,
    trustProxy: set.TRUST_PROXY,
    simulator: set.SIMULATOR ?? !accounts.some(isLive),
    keyPassphrase: set.KEY_PASSPHRASE,
    keysBundle: set.KEYS_BUNDLE,
    keysBundlePassphrase: set.KEYS_BUNDLE_PASSPHRASE,
    backupPassphrase: set.BACKUP_PASSPHRASE,
    retainEvents: set.RETAIN_EVENTS,
    publicUrl: set.PUBLIC_URL,
    console: set.CONSOLE ?? canServeConsole(set),
    consolePort: set.CONSOLE_PORT,
    downloads: downloads !== undefined && 'fault' in downloads ? undefined : downloads,
    mail: mail.mail,
    outbox: set.OUTBOX,
    reconcile: set.RECONCILE,
    accounts,
    variable: (name) => environment[name],
    warnings: [...warnings, ...mail.warnings],
  };
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function canServeConsole({
  HOST,
  PUBLIC_URL,
  CONSOLE_PORT,
}: Pick<z.infer<typeof settings>, 'HOST' | 'PUBLIC_URL' | 'CONSOLE_PORT'>): boolean {
  return isLocal(HOST) || PUBLIC_URL?.startsWith('https:') === true || CONSOLE_PORT !== undefined;
}

/** The settings have a key or secret with which the marketplace signs live calls. */
export function isLive({ live }: Account): boolean {
  return live.requests || live.events;
}

/** The file of a URL sqlite:FILE. */
function fileOf(url: string | undefined): string | undefined {
  return url?.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined;
}
