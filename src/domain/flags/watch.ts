/** Updates flags, owed units and due dates from the evaluated licenses. */
import type { OwedLine } from '../changes.ts';
import type { Draft } from '../draft.ts';
import { isChargeOf } from '../facts/names.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { reminderTime } from '../life/reminder.ts';
import type { Occasion } from '../occasion.ts';
import type { Rules } from '../rules.ts';
import { AWAITED_LINES } from '../sales/awaited-lines.ts';
import { unreadSales } from '../sales/unread-sales.ts';
import { belongsTo, newestReissues, unitsOfSubscription } from '../subscriptions/units.ts';
import { eventIn } from '../values/causes.ts';
import { startOfDay } from '../values/day.ts';
import { BY_ITSELF, type Flag, type FlagKind, firstKey, isSettledByItself, nextKey } from '../values/flag.ts';
import { orderIdOf, orderOf, orderSubject, subscriptionOf } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import { isActKey } from './act-keys.ts';
import { answeredAsRebill } from './answered-rebills.ts';
import { changeReturnFlags } from './flags-of-changes.ts';
import { codeFlags } from './flags-of-codes.ts';
import { disputeFlags } from './flags-of-disputes.ts';
import { doubtFlags } from './flags-of-doubts.ts';
import { lineFlags } from './flags-of-lines.ts';
import { moneyFlags, unheardFlags } from './flags-of-money.ts';
import { requestFlags } from './flags-of-requests.ts';
import { subscriptionFlags } from './flags-of-subscriptions.ts';
import { orphanLines } from './orphan-lines.ts';
import { withRefusals } from './refusals.ts';
import { isMoneyBack } from './returned-sales.ts';
import { settledNotes } from './settled-notes.ts';
import {
  DELIVERED_WITHIN_MILLISECONDS,
  DOUBT,
  isNoted,
  notedFlagKey,
  type WantedFlag,
} from './wanted-flag.ts';

/** Kinds of flags that settle by themselves once their cause is gone. */
const DERIVED: ReadonlySet<FlagKind> = new Set([
  'partial-refund',
  'undelivered',
  'unmapped',
  'assumed-unconfirmed',
  'unconfirmed-order',
  'surplus',
  'differs',
  'revoked-but-paid',
  'unconfirmed-change',
  'odd-reference',
]);

export function watch(
  draft: Draft,
  view: View,
  evaluated: readonly Evaluated[],
  rules: Rules,
  occasion: Occasion,
): void {
  const { now } = occasion;
  const owed = owedLines(draft, view, evaluated, rules);
  for (const line of withGone(draft, [...owed, ...unreadSales(view, draft.licenses, owed)]))
    setOwed(draft, line, now);
  const over = settledNotes(view, evaluated, owed);
  const wanted: readonly WantedFlag[] = [
    ...moneyFlags(view, evaluated),
    ...unheardFlags(view, evaluated),
    ...disputeFlags(view, evaluated),
    ...changeReturnFlags(view, evaluated),
    ...codeFlags(view),
    ...lineFlags(draft, view, evaluated, owed, rules),
    ...subscriptionFlags(view, evaluated),
    ...doubtFlags(view, evaluated),
    ...requestFlags(draft.found.market, view, evaluated, rules),
    ...notedFlags(view, evaluated.length > 0, over),
  ];
  raise(draft, wanted, view, occasion, over);
  for (const one of evaluated) setDue(draft, one, { wanted, rules, now });
}

/** Kinds that concern sales of our products alone. */
const OF_OUR_SALES: ReadonlySet<FlagKind> = new Set(['unclear', 'unmapped', 'partial-refund']);

/** Flags that facts ask for. */
function notedFlags(
  { facts, names, factsOf, lines, subscriptions }: View,
  hasLicenses: boolean,
  over: ReadonlyMap<string, string>,
): WantedFlag[] {
  // A subscription's first order, because people know the subscription by it.
  const firstOrderOf = (name: string) =>
    subscriptions.get(subscriptionOf(name) ?? '')?.ownLines[0]?.order ?? name;
  // The account may sell other products: unclear facts about those are not flagged.
  const isOurs = hasLicenses || lines.some(({ product }) => product !== null);
  return facts.flatMap(({ body, key, subject, cause }): WantedFlag[] => {
    if (body.kind !== 'noted' || body.flag !== true || over.has(notedFlagKey(key))) return [];
    if (!isOurs && body.ours !== true && (body.why === undefined || OF_OUR_SALES.has(body.why))) return [];
    const name = names.of(subject);
    const order = orderOf(name) ?? orderIdOf(name) ?? firstOrderOf(name);
    if (body.why === 'odd-reference') {
      // A signed event names the order, so the reference is genuine.
      if (factsOf(subject).some((fact) => fact.body.kind === 'sold')) return [];
      return [{ key, kind: body.why, reason: body.note, order, product: null }];
    }
    const kind = body.why ?? 'unclear';
    return [{ key: notedFlagKey(key), kind, reason: body.note, order, product: null, cause }];
  });
}

function raise(
  draft: Draft,
  wanted: readonly WantedFlag[],
  { names }: View,
  { now }: Occasion,
  over: ReadonlyMap<string, string>,
): void {
  const { market, flags } = draft.found;
  const { due, told } = withRefusals(
    wanted.filter(({ from }) => from === undefined || from <= now),
    flags,
    { names },
  );
  const keys = new Set(due.map(({ key }) => key));
  const reworded = flags.filter((flag) => isReworded(flag, due));
  const settled = flags.map((flag) => (reworded.includes(flag) ? { ...flag, settledBy: BY_ITSELF } : flag));
  for (const { id } of reworded) draft.clear(id, now, `${BY_ITSELF}: it is raised again with what is so now`);
  for (const { key, kind, reason, order, product, cause, newsAt = 0 } of due) {
    const isOver = ({ settledBy, settledAt }: Flag) =>
      isSettledByItself(settledBy) || (settledAt !== null && settledAt < newsAt);
    const next = nextKey(key, settled, isOver);
    if (next === undefined) continue;
    draft.raise({
      ...market,
      key: next,
      kind,
      reason,
      order,
      product,
      event: cause === undefined ? null : eventIn(cause),
      at: now,
    });
  }
  for (const { id } of told) draft.clear(id, now, `${BY_ITSELF}: another flag of its charge says so too`);
  for (const flag of flags) {
    if (flag.settledAt === null && isChargeKnown(flag, names)) {
      draft.clear(flag.id, now, `${BY_ITSELF}: the charge was reported`);
      continue;
    }
    if (flag.settledAt !== null || keys.has(firstKey(flag.key))) continue;
    const why = over.get(firstKey(flag.key));
    if (why !== undefined) {
      draft.clear(flag.id, now, `${BY_ITSELF}: ${why}`);
      continue;
    }
    if (isDerived(flag) || flag.key.startsWith(DOUBT))
      draft.clear(flag.id, now, `${BY_ITSELF}: its cause is gone`);
  }
}

/** Derived from the licenses and their facts, not raised by an act or a note. */
function isDerived({ kind, key }: Flag): boolean {
  return DERIVED.has(kind) && !isNoted(key) && !isActKey(key);
}

/** Open, and what it says is no longer so, such as its number of units. */
function isReworded(flag: Flag, wanted: readonly WantedFlag[]): boolean {
  const same = wanted.filter(({ key }) => key === firstKey(flag.key));
  return (
    flag.settledAt === null &&
    isDerived(flag) &&
    same.length > 0 &&
    same.every(({ reason }) => reason !== flag.reason)
  );
}

/** A request for too many units waits for the event of its charge. */
function isChargeKnown({ key, order }: Flag, names: View['names']): boolean {
  return order !== null && isActKey(key, 'too-many-units') && names.chargedTo(orderSubject(order)).size > 0;
}

/** The lines that an event reports as sold, with their number of units without a license. */
function owedLines(
  draft: Draft,
  view: View,
  evaluated: readonly Evaluated[],
  rules: Rules,
): readonly OwedLine[] {
  return [
    ...orderLines(draft, view, evaluated, rules),
    ...[...view.subscriptions.values()].flatMap((one) => orphanLines(one, view, evaluated)),
  ];
}

/** And those that were owed before. */
function withGone(draft: Draft, owed: readonly OwedLine[]): readonly OwedLine[] {
  const gone = draft.owed.filter(
    (known) => !owed.some((line) => line.order === known.order && line.line === known.line),
  );
  return [...owed, ...gone.map((line) => ({ ...line, missing: 0 }))];
}

function orderLines(draft: Draft, view: View, evaluated: readonly Evaluated[], rules: Rules): OwedLine[] {
  return view.lines.flatMap((line) => {
    const { order, quantity, at, subscription, home } = line;
    // Not null: as a sale of a product, an order without its lines counts as undelivered.
    const product = line.awaits === undefined ? line.product : AWAITED_LINES;
    if (quantity === undefined || (subscription !== null && isChargeOf(view.names, order, subscription)))
      return [];
    const held = newestReissues(draft.licenses.filter((license) => belongsTo(license, line)));
    const brought =
      subscription === null || home !== order
        ? 0
        : unitsOfSubscription(subscription, product, draft.licenses).length;
    // With `quantity: seats` one license is all that can be issued.
    const isSeats = evaluated.some((one) => one.line === line && one.terms.quantity === 'seats');
    // A rebill whose fulfillment failed: answered, it has what it asked for.
    const isRebill = line.failed && answeredAsRebill(order, product, view) >= 0;
    const isNone = isSeats || isRebill || isMoneyBack(line, view, rules);
    const missing = isNone ? 0 : Math.max(0, quantity - held.length - brought);
    const due = line.failed ? at : at + DELIVERED_WITHIN_MILLISECONDS;
    return [{ order, line: line.line, product, quantity, missing, since: at, due }];
  });
}

/** Writes a row only if units are, or were, missing. */
function setOwed(draft: Draft, line: OwedLine, now: number): void {
  const before = draft.knownOwed(line);
  if (before === undefined && line.missing === 0) return;
  const due = line.missing === 0 || (line.due !== null && line.due <= now) ? null : line.due;
  const next = { ...line, due };
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(next)) return;
  draft.owe(next);
}

/** Sets the next time at which time alone changes a license or raises a flag about it. */
function setDue(
  draft: Draft,
  { license, outcome }: Evaluated,
  { wanted, rules, now }: { wanted: readonly WantedFlag[]; rules: Rules; now: number },
): void {
  const changesOn = outcome.changesOn === undefined ? [] : [startOfDay(outcome.changesOn)];
  const { lastValid } = outcome.entitlement;
  const time = reminderTime({ product: license.product, lastValid }, draft.found.market, rules);
  const reminders = outcome.state === 'active' && time !== undefined ? [time] : [];
  const flags = wanted.flatMap(({ from, license: of }) =>
    from !== undefined && of?.number === license.number ? [from] : [],
  );
  const [due = null] = [...changesOn, ...flags, ...reminders].filter((at) => at > now).sort((a, b) => a - b);
  if (due !== license.due) draft.touch(draft.license(license.number), { due });
}
