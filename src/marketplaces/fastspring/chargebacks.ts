/** `chargeback.created`: a dispute of one charge, named by its internal id only. */
import type { FactBody } from '../../domain/facts/fact.ts';
import { amountOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { aliasFacts, chargeSubject, orderNamesBeside } from './order-names.ts';
import { amountText, type Reading, type Told } from './told.ts';

/** The documentation has the example `NEW` and no list: only a word that clearly means something else is different. */
const OUTCOMES: Readonly<Record<string, FactBody>> = {
  NEW: { kind: 'charged-back' },
  WON: { kind: 'dispute-won' },
  REVERSED: { kind: 'dispute-won' },
  CHARGEBACK_REVERSED: { kind: 'dispute-won' },
  LOST: { kind: 'dispute-lost' },
  CHARGEBACK_LOST: { kind: 'dispute-lost' },
};

export function chargebackFacts({ data, created }: Reading): Told[] {
  const { id, reference } = orderNamesBeside(data);
  const subject = chargeSubject({ id, reference });
  if (subject === undefined) return [];
  const dispute = textOf(data['processorCaseId']) ?? textOf(data['id']) ?? id ?? reference;
  const status = textOf(data['status'])?.toUpperCase() ?? 'NEW';
  const amount = amountOf(data['chargebackAmount']);
  const currency = textOf(data['currency']);
  const money = amountText(amount, currency);
  const body = Object.hasOwn(OUTCOMES, status) ? OUTCOMES[status] : undefined;
  const note =
    body === undefined
      ? noted(
          `a chargeback of ${money} has the status ${status}, which FastSpring does not document: nothing was changed`,
          'unclear',
        )
      : noted(`chargeback of ${money}, status ${status}`);
  // Sent again by hand, an event has another id and perhaps another time: so a case opened again suspends nothing.
  const isAgainst = body?.kind === 'charged-back' || body?.kind === 'dispute-lost';
  // Less than the order's total takes nothing: it does not say which license it is of.
  const ofPart = (outcome: FactBody): FactBody =>
    outcome.kind === 'charged-back' || outcome.kind === 'dispute-lost'
      ? {
          ...outcome,
          ...(amount !== undefined && { amount }),
          ...(currency !== undefined && { currency }),
          ...(dispute !== undefined && { dispute }),
        }
      : outcome;
  return [
    ...aliasFacts({ id, reference }),
    ...(body === undefined
      ? []
      : [{ subject, key: `chargeback:${dispute}:${body.kind}`, body: ofPart(body) }]),
    {
      subject,
      key: `chargeback-note:${dispute}:${status}:${created}`,
      body: isAgainst ? { ...note, doubt: 'won before' } : note,
    },
  ];
}
