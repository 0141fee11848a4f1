/** POST /webhooks/<marketplace>: events after a sale. Each is kept once and applied, then acknowledged. */

import { z } from 'zod';
import { type EventReceipt, receiveEvents } from '../domain/receive-events.ts';
import { AppError } from '../errors.ts';
import { type EventMarketplace, webhookPath } from '../marketplaces/marketplace.ts';
import { readBody } from './edge/body.ts';
import type { Endpoint, Operation } from './edge/endpoint.ts';
import type { Context } from './edge/request.ts';
import { formFields, PLAIN_TEXT, text } from './edge/schemas.ts';
import type { RunningService } from './running-service.ts';

/** Bytes. The largest capture of FastSpring's has three events in 17 KB; a hundred of them fit. */
const LARGEST_BATCH = 2 * 1024 * 1024;

/** 200: everything is done. 202 with the ids that are done, for a marketplace that reads them. 5xx: nothing is done. */
function describe({ title, mediaType, delivery, signedHead, partial }: EventMarketplace): Operation {
  return {
    tag: 'for marketplaces',
    summary: `${title} tells what happened after a sale`,
    description: 'Each event is kept once and applied; what was applied before changes nothing.',
    ...(signedHead && { headers: signedHead }),
    body: { [mediaType]: delivery ?? formFields },
    answers: {
      200: { description: 'All is done', content: { [PLAIN_TEXT]: text } },
      ...(partial && {
        202: {
          description: 'The ids of the events that are done, one per line; the others are to be sent again',
          content: { [PLAIN_TEXT]: text },
        },
      }),
    },
    problems: [
      'bad_signature',
      'body_too_large',
      'unsupported_media_type',
      'overloaded',
      'event_failed',
      'ledger_unavailable',
      'ledger_damaged',
    ],
  };
}

const secretParameter = z.object({
  secret: z.string().meta({ description: 'a secret of the settings: it stands for a signature' }),
});

type Needed = Pick<RunningService, 'ledger' | 'log' | 'metrics' | 'now' | 'refused'>;

export function webhookEndpoint(marketplace: EventMarketplace, service: Needed): Endpoint {
  return {
    path: webhookPath(marketplace, ':secret'),
    ...(marketplace.isAddressSecret && { parameters: secretParameter }),
    post: describe(marketplace),
    handle: async (context) => {
      if (marketplace.isSigned?.(context.headers, secretOf(context)) === false) {
        throw marketplace.isAddressSecret ? refused(marketplace, service) : badSignature();
      }
      const body = await readBody(context.req, marketplace.mediaType, LARGEST_BATCH);
      const receipts = await ingestSigned(body, context, marketplace, service);
      record(context, marketplace, receipts, service);
      answer(context, marketplace, receipts);
    },
  };
}

/** Not an async function: that would keep the parsed events in memory until they are on disk. */
function ingestSigned(
  body: Buffer,
  context: Context,
  marketplace: EventMarketplace,
  service: Needed,
): Promise<readonly EventReceipt[]> {
  const events = marketplace.readBatch(body, context.headers, service.now(), secretOf(context));
  if (events === undefined) throw refused(marketplace, service);
  return receiveEvents(events, service.ledger);
}

function secretOf(context: Context): string | undefined {
  const { secret } = context['params'] as { readonly secret?: string };
  return secret;
}

/** Counted: the marketplace may have another secret than the settings. */
function refused({ name }: EventMarketplace, { refused: tally, now }: Needed): AppError {
  tally.count({ marketplace: name, what: 'event' }, now());
  return badSignature();
}

function badSignature(): AppError {
  return new AppError('bad_signature', 'The signature is missing, or none of the secrets here made it.');
}

/** Counts the events and adds them to the log line. */
function record(
  context: Context,
  { name }: EventMarketplace,
  receipts: readonly EventReceipt[],
  { metrics, log, now }: Needed,
) {
  for (const { id, type, outcome, error } of receipts) {
    metrics.event(name, outcome, now());
    if (type === 'fulfillment.failed' && outcome === 'applied') metrics.fulfillmentFailed();
    if (error !== undefined) {
      log.error({ request: context.state.requestId, event: id, type, err: error }, 'an event failed');
    }
  }
  const { facts } = context.state;
  for (const outcome of ['applied', 'unmatched', 'known', 'failed'] as const) {
    const count = receipts.filter((event) => event.outcome === outcome).length;
    if (count > 0) facts[outcome] = count;
  }
}

function answer(context: Context, { partial }: EventMarketplace, receipts: readonly EventReceipt[]): void {
  const done = receipts.filter(({ outcome }) => outcome !== 'failed');
  const allDone = done.length === receipts.length;
  if (!allDone && (done.length === 0 || !partial)) {
    throw new AppError('event_failed', 'No event could be applied; deliver them again later.');
  }
  context.state.outcome = allDone ? 'done' : 'in part';
  context.status = allDone ? 200 : 202;
  context.type = 'text/plain; charset=utf-8';
  context.body = allDone ? 'done\n' : `${done.map(({ id }) => id).join('\n')}\n`;
}
