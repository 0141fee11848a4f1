/** Endpoints that are told of everything, and answer with what must not be kept. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { WEBHOOK_TOPICS } from '../../../src/domain/values/announcement.ts';
import type { Machine } from '../../kit/machine.ts';
import { startReceiver } from '../../kit/receiver.ts';
import { ledgerOf } from '../kit/check.ts';
import { until } from '../kit/until.ts';
import type { Tools } from '../proof.ts';
import type { PlantedValues, Said } from './planted.ts';

/** The environment variable with the secret. */
export const WEBHOOK_SECRET = 'CANARY_WEBHOOK_SECRET';

export interface Overheard {
  /** Waits until an endpoint was told of something. */
  told(): Promise<void>;
  /** What was told to the endpoints, and what the outbox holds. Throws where nothing was told. */
  said(): readonly Said[];
}

/** Writes webhooks.yaml of the machine, with an endpoint for each mode. */
export async function overhear(
  machine: Machine,
  planted: PlantedValues,
  mark: () => string,
  tools: Tools,
): Promise<Overheard> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  planted.plant('secret', 'the secret of a webhook', secret);
  machine.env[WEBHOOK_SECRET] = secret;
  const address = `${mark()}@answers.example.com`;
  planted.plant('person', 'an address in the answer of a receiver', address);
  const receiver = await startReceiver(tools, (response) =>
    response.writeHead(200).end(`thanks, ${address}`),
  );
  const topics = WEBHOOK_TOPICS.filter((topic) => topic !== 'ping').join(', ');
  const endpoint = (mode: string) => `  - name: ${mode}
    url: http://127.0.0.1:${receiver.port}/
    secret_env: ${WEBHOOK_SECRET}
    topics: [${topics}]
    mode: ${mode}
    private: on
`;
  mkdirSync(machine.path('data'), { recursive: true });
  writeFileSync(machine.path('data', 'webhooks.yaml'), `endpoints:\n${endpoint('live')}${endpoint('test')}`);
  return {
    told: () => until(() => receiver.received.length > 0, 'no endpoint was told of anything'),
    said: () => {
      if (receiver.received.length === 0) throw new Error('no endpoint was told of anything');
      return [
        ...receiver.received.map(({ body, headers }) => ({
          where: `a webhook of ${JSON.parse(body).type}`,
          text: `${body}\n${JSON.stringify(headers)}`,
          may: [],
        })),
        { where: 'the outbox', text: outboxOf(ledgerOf(machine)), may: [] },
      ];
    },
  };
}

/** All rows as text. */
function outboxOf(file: string): string {
  const ledger = new Database(file, { readonly: true });
  try {
    return ['outbox', 'outbox_try', 'outbox_target']
      .flatMap((table) => ledger.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all())
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
      .join('\n');
  } finally {
    ledger.close();
  }
}
