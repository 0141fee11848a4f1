/**
 * Reads subscriptions into facts. Every event has the whole subscription, so each states its lines and its state; no date
 * of a period counts as paid, because Paddle moves the period before it is paid.
 */
import type { FactBody } from '../../domain/facts/fact.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { isRecord, type Loose, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { dayIn } from '../rfc3339.ts';
import { demand, type Told } from '../told.ts';
import { itemsIn } from './lines.ts';
import type { Reading } from './told.ts';
import { linked } from './transactions.ts';

export function subscriptionFacts(reading: Reading): Told[] {
  const { data, type } = reading;
  const id = demand(textOf(data['id']), 'data.id');
  const isImported = type === 'subscription.imported';
  return [
    ...lineFacts(id, reading),
    ...[...stateOf(reading), ...(isImported ? importedAs(data) : [])].map((body) =>
      factOf(id, body, reading),
    ),
  ];
}

function factOf(id: string, body: FactBody, { data, at }: Reading): Told {
  const { kind } = body;
  const detail =
    kind === 'canceled' || kind === 'paused'
      ? body.last
      : kind === 'deactivated'
        ? body.on
        : kind === 'dated'
          ? body.until
          : kind === 'noted'
            ? body.note
            : '';
  const version = textOf(data['updated_at']) ?? String(at);
  return { subject: subscriptionSubject(id), key: `${kind}:${id}:${version}:${detail ?? ''}`, body };
}

/** The recurring items are all lines of the subscription; `subscription.created` names the transaction that sold them. */
function lineFacts(id: string, { data, at, findProduct }: Reading): Told[] {
  const subject = subscriptionSubject(id);
  const isLine = ({ isRecurring, quantity }: { isRecurring: boolean; quantity: number }) =>
    isRecurring && quantity > 0;
  const { items, faults } = itemsIn(data['items'], findProduct, isLine);
  const order = textOf(data['transaction_id']);
  const version = textOf(data['updated_at']) ?? String(at);
  const links = order === undefined ? [] : items.map(({ line }) => linked(order, line, id));
  const isEmpty = items.length === 0 && faults.length === 0 && textOf(data['status']) !== 'canceled';
  const none = isEmpty ? [{ why: 'unclear', note: 'the subscription states no item' } as const] : [];
  const flags = [...faults, ...none].map(
    ({ note, why }, place): Told => ({
      subject,
      key: `${why}:${id}:${version}:${place}`,
      body: noted(note, why),
    }),
  );
  // With an item missing, the fact would say that it is no longer part of the subscription.
  if (items.length === 0 || faults.length > 0 || textOf(data['status']) === 'canceled')
    return [...links, ...flags];
  const lines = items.map(({ line, product, quantity }) => ({
    line,
    product: product?.id ?? null,
    quantity,
  }));
  const named = lines.map(({ line, quantity }) => `${line}*${quantity}`).sort();
  const body = { kind: 'covered', lines } as const;
  return [...links, { subject, key: `covered:${id}:${version}:${named.join()}`, body }];
}

function stateOf({ data, at }: Reading): readonly FactBody[] {
  const status = textOf(data['status']);
  switch (status) {
    case 'active':
      return goingOn(data, { kind: 'recovered' });
    case 'trialing':
      return [...trialOf(data), ...goingOn(data, { kind: 'recovered' })];
    case 'past_due':
      return [{ kind: 'overdue' }, ...goingOn(data, { kind: 'resumed' })];
    case 'paused':
      // The paid days are left to the customer; in dunning none are, and the license is overdue anyway.
      return [{ kind: 'paused', scheduled: true }, ...scheduledEnd(data)];
    case 'canceled':
      return [
        { kind: 'deactivated', on: dayIn(data['canceled_at']) ?? dayIn(new Date(at).toISOString()) ?? '' },
      ];
    default:
      return [noted(`the subscription's status is not known: ${status ?? 'none'}`, 'unclear')];
  }
}

/** Not paused: `state` unless a pause is scheduled, and the scheduled end, or that there is none (any more). */
function goingOn(data: Loose, state: FactBody): readonly FactBody[] {
  const change = recordOf(data['scheduled_change']);
  const last = dayIn(change['effective_at']);
  if (textOf(change['action']) === 'pause' && last !== undefined) {
    return [{ kind: 'paused', last }, { kind: 'uncanceled' }];
  }
  const ends = [...scheduledEnd(data), ...unknownPlan(data)];
  return [state, ...(ends.length > 0 ? ends : [{ kind: 'uncanceled' } as const])];
}

const PLANS: ReadonlySet<string> = new Set(['cancel', 'pause', 'resume']);

/** It may be an end, so it does not count as none. */
function unknownPlan(data: Loose): readonly FactBody[] {
  const change = data['scheduled_change'];
  const { action, effective_at } = recordOf(change);
  const plan = textOf(action) ?? 'none';
  if (!isRecord(change) || (PLANS.has(plan) && dayIn(effective_at) !== undefined)) return [];
  return [noted(`a change of the subscription is scheduled that is not known: ${plan}`, 'unclear')];
}

function scheduledEnd(data: Loose): readonly FactBody[] {
  const change = recordOf(data['scheduled_change']);
  const last = dayIn(change['effective_at']);
  return textOf(change['action']) === 'cancel' && last !== undefined ? [{ kind: 'canceled', last }] : [];
}

/** The end of the trial, which the seller can move. */
function trialOf(data: Loose): readonly FactBody[] {
  const until = dayIn(recordOf(data['current_billing_period'])['ends_at']) ?? dayIn(data['next_billed_at']);
  return until === undefined ? [] : [{ kind: 'dated', until, sequence: null, trial: true }];
}

/** Moved from another system: no sale and no payment. */
function importedAs(data: Loose): readonly FactBody[] {
  const from = textOf(recordOf(data['import_meta'])['imported_from']) ?? 'another system';
  const until = dayIn(recordOf(data['current_billing_period'])['ends_at']);
  const note = noted(`the subscription was moved here from ${from}`);
  return until === undefined ? [note] : [note, { kind: 'dated', until, sequence: null }];
}
