/** Ledgers of older schemas, made by old releases: each test has a copy. */
import { chmodSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { HistoryEntry } from '../../src/domain/ledger.ts';
import type { OrderKey } from '../../src/domain/values/order.ts';
import { type Config, readConfig } from '../../src/service/config.ts';
import { folderFor } from './ledger-file.ts';

const SCHEMA_5 = fileURLToPath(new URL('../storage/fixtures/schema-5', import.meta.url));

/** A license as the first version reported it; ids in hex. */
export interface OldLicense {
  readonly id: string;
  readonly unit: number;
  readonly state: string;
  readonly revision: number;
  readonly code: string;
  readonly answer?: {
    readonly code: string;
    readonly message: string;
    readonly at: number;
    readonly alone: boolean;
  };
  readonly history?: readonly HistoryEntry[];
}

/** The first version's answers for an order and product. */
export interface OldOrder {
  readonly key: Omit<OrderKey, 'line'>;
  readonly held: { readonly licenses: readonly OldLicense[]; readonly customer?: object } | null;
  readonly stories: readonly (OldLicense & { readonly history: readonly HistoryEntry[] })[];
}

/** A request with the first version's reply. */
export interface OldRequest {
  readonly path: string;
  readonly form: string;
  readonly reply: string;
}

export interface OldRequests {
  /** The time of the requests, milliseconds since 1970-01-01. */
  readonly now: number;
  readonly publicKey: string;
  readonly sandboxPublicKey: string;
  readonly licenseKey: string;
  /** The id of the reissued license. */
  readonly reissued: string;
  readonly requests: readonly OldRequest[];
}

export interface Fixture {
  readonly config: Config;
  readonly orders: readonly OldOrder[];
  readonly requests: OldRequests;
}

/** A copy of the ledger of schema 5, with its keys and products. */
export function schema5(t: ExecutionContext): Fixture {
  const folder = folderFor(t);
  cpSync(SCHEMA_5, folder, { recursive: true });
  const keys = join(folder, 'keys');
  // Git stores no permissions, and keys that others can read are refused.
  for (const name of readdirSync(keys)) chmodSync(join(keys, name), 0o600);
  const requests: OldRequests = JSON.parse(readFileSync(join(folder, 'requests.json'), 'utf8'));
  const config = readConfig(
    {
      DATA_DIR: folder,
      KEYS_DIR: keys,
      PORT: '0',
      PADDLE_CLASSIC_PUBLIC_KEY: requests.publicKey,
      PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: requests.sandboxPublicKey,
      FASTSPRING_LICENSE_KEYS: requests.licenseKey,
    },
    () => '',
  );
  return { config, requests, orders: JSON.parse(readFileSync(join(folder, 'orders.json'), 'utf8')) };
}
