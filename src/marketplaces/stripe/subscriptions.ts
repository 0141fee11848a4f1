/**
 * Reads subscriptions into facts. Every event has the whole subscription, so each states its lines and its state; no date
 * of a period counts as paid, because Stripe moves the period before the invoice is paid.
 */
import type { FactBody } from '../../domain/facts/fact.ts';
import type { Day } from '../../domain/values/day.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { isRecord, type Loose, listOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { demand, type Told } from '../told.ts';
import { faultFacts, itemsIn, withoutUsage } from './lines.ts';
import { trialFact } from './sessions.ts';
import type { Reading } from './told.ts';
import { dayIn, idIn } from './values.ts';

/** Events that state what is. The other events about subscriptions announce what is planned, such as `trial_will_end`. */
const STATES: ReadonlySet<string> = new Set(['created', 'updated', 'deleted', 'paused', 'resumed']);

export function subscriptionFacts(reading: Reading): Told[] {
  const { data, type, at } = reading;
  const id = demand(idIn(data['id']), 'data.object.id');
  const event = type.split('.')[2] ?? '';
  const factOf = (body: FactBody): Told => ({
    subject: subscriptionSubject(id),
    key: `${body.kind}:${id}:${at}:${detailOf(body)}`,
    body,
  });
  if (event === 'pending_update_expired')
    return [factOf(noted('a change was not paid for, so it never came'))];
  if (!STATES.has(event)) return [];
  if (event === 'deleted' || textOf(data['status']) === 'canceled') {
    const on = demand(dayIn(data['ended_at']) ?? dayIn(at / 1000), 'time');
    return [factOf({ kind: 'deactivated', on })];
  }
  const trialEnd = textOf(data['status']) === 'trialing' ? dayIn(data['trial_end']) : undefined;
  return [
    ...lineFacts(id, reading),
    ...(trialEnd === undefined ? [] : [trialFact(id, trialEnd)]),
    ...[...stateOf(event, reading), ...endOf(data), ...collectionOf(reading)].map(factOf),
  ];
}

function detailOf(body: FactBody): string {
  if (body.kind === 'canceled') return body.last;
  if (body.kind === 'deactivated') return body.on;
  return body.kind === 'noted' ? body.note : '';
}

function stateOf(event: string, { data, previous }: Reading): readonly FactBody[] {
  const status = textOf(data['status']);
  switch (status) {
    case 'active':
    case 'trialing': {
      // That it is active again is no payment: an invoice that is mailed makes it active too. invoice.paid says so.
      const before = textOf(previous['status']) ?? '';
      if (event === 'resumed' || before === 'paused') return [{ kind: 'resumed' }];
      return OPEN.has(before) ? [{ ...noted('it is active again'), doubt: 'overdue' }] : [];
    }
    case 'past_due':
    case 'unpaid':
      return [{ kind: 'overdue' }];
    case 'paused':
      return [{ kind: 'paused' }];
    // Nothing was ever paid.
    case 'incomplete':
    case 'incomplete_expired':
      return [];
    default:
      return [noted(`the subscription's status is not known: ${status ?? 'none'}`, 'unclear')];
  }
}

/** An invoice is open. */
const OPEN: ReadonlySet<string> = new Set(['past_due', 'unpaid']);

/** A scheduled end, or that there is none (any more). `canceled_at` is the time of the request. */
function endOf(data: Loose): readonly FactBody[] {
  const atEnd = data['cancel_at_period_end'] === true;
  const last = dayIn(data['cancel_at']) ?? (atEnd ? periodEnd(data) : undefined);
  if (last !== undefined) return [{ kind: 'canceled', last }];
  return atEnd
    ? [noted('the subscription ends after its period, whose end is not stated', 'unclear')]
    : [{ kind: 'uncanceled' }];
}

/** Before 2025-03-31 the period stood in the subscription, since then in its items. */
function periodEnd(data: Loose): Day | undefined {
  const ofItems = listOf(recordOf(data['items'])['data']).flatMap(
    (item) => dayIn(item['current_period_end']) ?? [],
  );
  return ofItems.sort().at(-1) ?? dayIn(data['current_period_end']);
}

/** Invoices are not collected: no pause of the service, and two of its three kinds mean that the seller serves for free. */
function collectionOf({ data, previous }: Reading): readonly FactBody[] {
  const pause = data['pause_collection'];
  if (isRecord(pause)) {
    const how = textOf(pause['behavior']) ?? 'unknown';
    const resumes = dayIn(pause['resumes_at']);
    const until = resumes === undefined ? '' : ` until ${resumes}`;
    const note = `payments are paused${until} (${how}): licenses end with the paid period unless you extend them`;
    return 'pause_collection' in previous ? [noted(note, 'unclear')] : [];
  }
  return isRecord(previous['pause_collection']) ? [noted('payments are collected again')] : [];
}

const NO_UNITS = 'the subscription states no units: its licenses end with their paid days';

/** The recurring items are all lines of the subscription. */
function lineFacts(id: string, { data, at, findProduct }: Reading): Told[] {
  const status = textOf(data['status']);
  if (status === 'incomplete' || status === 'incomplete_expired') return [];
  const subject = subscriptionSubject(id);
  const list = recordOf(data['items']);
  const stated = itemsIn(listOf(list['data']), findProduct, undefined, ({ quantity }) => quantity > 0);
  const { items, faults } = withoutUsage(stated);
  const more =
    list['has_more'] === true
      ? [{ why: 'unclear', note: 'the subscription has more lines than its event states' } as const]
      : [];
  const isEmpty = items.length === 0 && faults.length === 0;
  const none = isEmpty ? [{ why: 'unclear', note: NO_UNITS } as const] : [];
  const flags = faultFacts(subject, `${id}:${at}`, [...faults, ...more, ...none]);
  // With an item missing, the fact would say that it is no longer part of the subscription.
  if (items.length === 0 || flags.length > 0) return flags;
  const lines = items.map(({ line, product, quantity }) => ({
    line,
    product: product?.id ?? null,
    quantity,
  }));
  const named = lines.map(({ line, quantity }) => `${line}*${quantity}`).sort();
  return [{ subject, key: `covered:${id}:${at}:${named.join()}`, body: { kind: 'covered', lines } }];
}
