/** Reads events of one subscription into facts. Every reference can be an id or an object (webhook expansion). */
import type { FactBody, Subject } from '../../domain/facts/fact.ts';
import { cut } from '../../domain/values/cut.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { booleanOf, dayIn, isRecord, type Loose, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { readBeside } from './charge-items.ts';
import { chargeOf, paidFacts } from './charges.ts';
import { saleSubject } from './order-names.ts';
import { idOf } from './references.ts';
import { datedFacts, isPausing, nextCharge, stateOf } from './subscription-state.ts';
import type { Reading, Told } from './told.ts';
import { isUnreadable, readWare, tooMany } from './wares.ts';

/** The event is the subscription, or has it as `subscription`. */
export function subscriptionFacts(reading: Reading): Told[] {
  const { type, data } = reading;
  const within = data['subscription'];
  // A charge's id is not the subscription's id: only an event that is the subscription has that as `id`.
  const id = idOf(within, 'subscription') ?? (within === undefined ? textOf(data['id']) : undefined);
  if (id === undefined) return [];
  const kind = type.slice('subscription.'.length);
  const told = isRecord(within) ? within : data;
  if (kind !== 'charge.completed') return memberFacts(kind, id, told, reading);
  // An unexpanded charge has only the subscription's id.
  return [...chargedFacts(id, isRecord(within) ? within : {}, reading), ...besideFacts([id], reading)];
}

/** The facts of a subscription event by type; `told` is empty where the event has only the id. */
export function memberFacts(kind: string, id: string, told: Loose, reading: Reading): Told[] {
  const subject: Subject = subscriptionSubject(id);
  switch (kind) {
    case 'activated':
      return [...linkFacts(id, told, reading), ...datedFacts(id, told), ...announcedFacts(id, told, reading)];
    case 'updated':
      return [
        ...linkFacts(id, told, reading),
        ...stateFacts(id, told),
        ...datedFacts(id, told),
        ...announcedFacts(id, told, reading),
      ];
    case 'charge.failed':
      return [
        {
          subject,
          body: noted(`charge failed: ${cut(textOf(reading.data['reason']) ?? 'no reason told', 100)}`),
        },
      ];
    case 'payment.reminder':
    case 'trial.reminder':
      return [{ subject, body: noted(kind) }];
    case 'payment.overdue':
      return [{ subject, body: overdueOf(told) }];
    case 'canceled':
      return canceledFacts(id, told, reading);
    case 'uncanceled':
      return [{ subject, body: { kind: 'uncanceled' } }, ...stateFacts(id, told), ...datedFacts(id, told)];
    case 'deactivated':
      return deactivatedFacts(id, told, reading);
    case 'paused':
      return [{ subject, body: pauseOf(told) }];
    case 'resumed':
      return [{ subject, body: { kind: 'resumed' } }, ...datedFacts(id, told)];
    default:
      return [];
  }
}

/** A charge, and the present state of its subscription. `beside`: only items of the charge's order name it. */
export function chargedFacts(id: string, told: Loose, reading: Reading, beside = false): Told[] {
  return [
    ...linkFacts(id, told, reading),
    ...paidFacts({ ...chargeOf(id, told, reading.data), beside }, reading),
    // After the payment: a charge of a canceled subscription does not undo the cancellation (24).
    ...(stateOf(told) === 'canceled' ? stateFacts(id, told) : []),
  ];
}

/** The same of the subscriptions that are charged with the `named`, of which the event is. */
export function besideFacts(named: readonly string[], reading: Reading): Told[] {
  const { charges, flags } = readBeside(reading.data, named);
  const facts = charges.flatMap(({ id, told, data }) => chargedFacts(id, told, { ...reading, data }, true));
  return [...facts, ...flags];
}

/** The state of the object, whatever the event's type: an earlier event can be lost. */
function stateFacts(id: string, told: Loose): Told[] {
  const subject: Subject = subscriptionSubject(id);
  const state = stateOf(told);
  if (state === 'canceled') {
    const last = dayIn(told['deactivationDate']);
    return last === undefined ? [] : [{ subject, body: { kind: 'canceled', last } }];
  }
  if (isPausing(told)) return [{ subject, body: pauseOf(told) }];
  const isLifted = state === 'active' && booleanOf(told['isPauseScheduled']) === false;
  return isLifted ? [{ subject, body: { kind: 'resumed' } }] : [];
}

/** In captures `next` is still the day of the charge that failed. */
function overdueOf(told: Loose): FactBody {
  const due = nextCharge(told);
  return { kind: 'overdue', ...(due !== undefined && { due }) };
}

/**
 * `state` and `isPauseScheduled` decide, not the event's type: a pause takes effect at the next rebill, and the pages
 * disagree about when the event is sent. Until a scheduled pause, the period to the next known charge date is paid.
 */
function pauseOf(told: Loose): { readonly kind: 'paused'; readonly scheduled?: true } {
  return { kind: 'paused', ...(stateOf(told) !== 'paused' && { scheduled: true }) };
}

/** Usable up to and including `deactivationDate`. `end` is the expected end of a fixed term (74). */
function canceledFacts(id: string, told: Loose, { type }: Reading): Told[] {
  const last = dayIn(told['deactivationDate']);
  const subject: Subject = subscriptionSubject(id);
  if (last !== undefined) return [{ subject, body: { kind: 'canceled', last } }];
  return [{ subject, body: noted(`${type} tells no deactivationDate: no date was moved`, 'unclear') }];
}

/** `end` counts only where it is not after the event: in captures of an immediate end it is that day. */
function deactivatedFacts(id: string, told: Loose, { created, type }: Reading): Told[] {
  const subject: Subject = subscriptionSubject(id);
  const day = dayIn(created);
  const end = dayIn(told['end']);
  const on =
    dayIn(told['deactivationDate']) ?? (end !== undefined && day !== undefined && end <= day ? end : day);
  if (on === undefined) return [{ subject, body: noted(`${type} has no date`, 'unclear') }];
  return [{ subject, body: { kind: 'deactivated', on } }];
}

/** The first order's line of this path follows the subscription; older payloads do not name the order. */
function linkFacts(id: string, told: Loose, { findProduct }: Reading): Told[] {
  const subject = saleSubject({
    id: textOf(told['initialOrderId']),
    reference: textOf(told['initialOrderReference']),
  });
  const ware = readWare(told, findProduct);
  if (subject === undefined || ware === undefined) return [];
  const product = ware.product?.id;
  return [
    {
      subject,
      key: `linked:${subject}:${ware.line}:${id}`,
      body: { kind: 'linked', subscription: id, ...(product !== undefined && { product }), line: ware.line },
    },
  ];
}

/** An edit takes effect at the next billing date, or with the proration that is charged for it (71). */
function announcedFacts(id: string, told: Loose, { findProduct, type }: Reading): Told[] {
  const subject: Subject = subscriptionSubject(id);
  if (told['product'] === undefined && told['quantity'] === undefined) return [];
  const ware = readWare(told, findProduct);
  if (ware === undefined || isUnreadable(told['quantity'])) {
    return [{ subject, body: noted(`${type} names no product, or no number of units`, 'unmapped') }];
  }
  const excess = tooMany(ware);
  const faults = [...ware.faults, ...(excess ? [excess] : [])];
  const flags = faults.map(({ why, note }): Told => ({ subject, body: noted(note, why) }));
  if (excess !== undefined) return flags;
  return [
    {
      subject,
      body: {
        kind: 'announced',
        product: ware.product?.id ?? null,
        quantity: ware.quantity,
        line: ware.line,
        ...(ware.features && { features: ware.features }),
        ...(ware.per !== undefined && { per: ware.per }),
      },
    },
    ...flags,
  ];
}
