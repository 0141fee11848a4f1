/** The handler of AWS Lambda: `npm run build:lambda` bundles this file (docs/deploy/lambda.md). */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EarlierStarts } from '../catalog/earlier-starts.ts';
import { readIdSecret } from '../keyring/id-secret.ts';
import { createLog } from '../log.ts';
import { RequestCounts } from '../storage/postgres/request-counts.ts';
import { forwardTo } from './lambda/forward.ts';
import { type Behind, createHandler, type Handler } from './lambda/handler.ts';
import { withKeys } from './lambda/keys-bundle.ts';
import { requireForFunction } from './lambda/requirements.ts';
import { type OpenedTraces, openTraces } from './open-traces.ts';
import { startService } from './service.ts';
import { processConfig } from './settings.ts';

/** Each line at once: the process stands still between two events. */
const OUT = { write: (line: string) => writeSync(1, line) };

/** The service listens for the handler alone. Signing in to the console would need one instance. */
const OWN = { HOST: '127.0.0.1', PORT: '0', TRUST_PROXY: 'on', CONSOLE: 'off' };

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

const log = createLog('info', OUT);

/** Once, also where a start is tried again. */
let tracing: Promise<OpenedTraces | undefined> | undefined;

export const handler: Handler = createHandler({ open, log, newRequestId: randomUUID });

async function open(): Promise<Behind> {
  const config = processConfig({ SIMULATOR: 'off', ...process.env, ...OWN });
  const database = requireForFunction(config);
  for (const warning of config.warnings) log.warn(warning);
  tracing ??= openTraces(process.env, FOLDER, (line) => log.warn(line));
  const opened = await tracing;
  const { service, counts } = await withKeys(config, async (unpacked) => {
    const counts = new RequestCounts(database, readIdSecret(unpacked.keysDir));
    const service = await startService(unpacked, {
      log: createLog(config.logLevel, OUT),
      onDemand: true,
      sharedCounts: counts,
      traces: opened?.traces,
      // Beside the bundle: its product files were checked when it was built, by the code in it.
      earlier: new EarlierStarts(FOLDER, 'bundle'),
    });
    return { service, counts };
  });
  const { settleDue, tellSeller, sendDue, forgetOldEvents } = service;
  return {
    forward: forwardTo(service.url),
    idle: async () => {
      await service.idle();
      await opened?.flush();
    },
    everyMinute: async () => {
      await settleDue();
      await tellSeller();
      await sendDue();
      await opened?.flush();
    },
    everyDay: async () => {
      await forgetOldEvents();
      await counts.forget(Date.now());
    },
  };
}
