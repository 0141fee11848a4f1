/** POST /webhooks/<marketplace>: what a marketplace tells afterwards. Kept once each, applied, then acknowledged. */
import { type Ingested, ingest } from '../domain/ingest.ts';
import type { Ledger } from '../domain/ledger.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { EventMarketplace } from '../marketplaces/marketplace.ts';
import type { Metrics } from '../metrics.ts';
import { readBody } from './body.ts';
import { allow, type Context } from './request.ts';

export interface WebhookParts {
  readonly ledger: Ledger;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Bytes. The largest capture of FastSpring's has three events in 17 KB; a hundred of them fit. */
const LARGEST_BATCH = 2 * 1024 * 1024;

/** 200: all is done. 202 with the ids of what is done, where a marketplace reads them. 5xx: nothing is. */
export function webhookEndpoint(marketplace: EventMarketplace, parts: WebhookParts) {
  return async (context: Context): Promise<void> => {
    allow(context, 'POST');
    if (marketplace.isSigned?.(context.headers) === false) throw badSignature();
    const body = await readBody(context.req, marketplace.mediaType, LARGEST_BATCH);
    const ingested = await ingestSigned(body, context, marketplace, parts.ledger);
    tell(context, marketplace, ingested, parts);
    answer(context, marketplace, ingested);
  };
}

/** No async function: what was parsed of the events is let go before they are on disk. */
function ingestSigned(
  body: Buffer,
  { headers }: Context,
  marketplace: EventMarketplace,
  ledger: Ledger,
): Promise<readonly Ingested[]> {
  const events = marketplace.readBatch(body, headers);
  if (events === undefined) throw badSignature();
  return ingest(events, ledger);
}

function badSignature(): AppError {
  return new AppError('bad_signature', 'The signature is missing, or none of the secrets here made it.');
}

function tell(
  context: Context,
  { name }: EventMarketplace,
  ingested: readonly Ingested[],
  parts: WebhookParts,
) {
  for (const { id, type, outcome, error } of ingested) {
    parts.metrics.event(name, outcome);
    if (type === 'fulfillment.failed' && outcome === 'applied') parts.metrics.fulfillmentFailed();
    if (error !== undefined) {
      parts.log.error({ request: context.state.requestId, event: id, type, err: error }, 'an event failed');
    }
  }
  const { facts } = context.state;
  for (const outcome of ['applied', 'unmatched', 'known', 'failed'] as const) {
    const count = ingested.filter((event) => event.outcome === outcome).length;
    if (count > 0) facts[outcome] = count;
  }
}

function answer(context: Context, { partial }: EventMarketplace, ingested: readonly Ingested[]): void {
  const done = ingested.filter(({ outcome }) => outcome !== 'failed');
  const allDone = done.length === ingested.length;
  if (!allDone && (done.length === 0 || !partial)) {
    throw new AppError('event_failed', 'No event could be applied; deliver them again later.');
  }
  context.state.outcome = allDone ? 'done' : 'in part';
  context.status = allDone ? 200 : 202;
  context.type = 'text/plain; charset=utf-8';
  context.body = allDone ? 'done\n' : `${done.map(({ id }) => id).join('\n')}\n`;
}
