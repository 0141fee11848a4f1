/** Compares the final ledger of a service with the truth, and one order of delivery with another. */
import type { Request } from './call.ts';
import type { Answered, Played, Standing } from './play.ts';
import type { Paid, Span, Truth } from './truth.ts';

/** A perpetual ended license (`ended: fallback`) counts as kept. */
export function isLive({ state, lastValid }: Standing): boolean {
  return state === 'active' || state === 'suspended' || (state === 'ended' && lastValid === null);
}

/** Flags that no act of a shop justifies, once all events arrived. */
const FALSE_ALARMS: ReadonlySet<string> = new Set([
  'odd-reference',
  'mode',
  'too-many-units',
  'differs',
  'surplus',
  'unconfirmed-order',
  'assumed-unconfirmed',
]);

/** One line for each difference. */
export function differences(truth: Truth, played: Played, isAsSent: boolean): string[] {
  const { licenses, answers, flags, found, faults } = played;
  const live = licenses.filter(isLive);
  const claimed = new Map(
    truth.paid.map((paid) => [paid, live.filter((license) => isOf(license, paid, truth))]),
  );
  const known = new Set([...claimed.values()].flat());
  const missing = truth.flags.filter(
    ({ kind, about }) =>
      !flags.some((flag) => flag.kind === kind && about.some((name) => flag.text.includes(name))),
  );
  return [
    ...faults,
    ...[...claimed].flatMap(([paid, own]) => differencesOf(paid, own)),
    ...live.filter((license) => !known.has(license)).map((license) => `nobody paid for ${write(license)}`),
    ...missing.map(({ kind, about }) => `no flag ${kind} about ${about[0]}`),
    ...flags
      .filter((flag) => FALSE_ALARMS.has(flag.kind) && !isRefusal(flag, truth, answers))
      .map(({ kind, text }) => `a flag for nothing: ${kind} ${text}`),
    ...truth.people
      .filter(({ email, order }) => !found.get(email)?.has(order))
      .map(({ email, order }) => `${order} is not found by ${email}`),
    ...answers.flatMap((answer, place) =>
      faultOf(answer, licenses, truth, {
        isAsSent,
        isLast: isLast(answer, answers.slice(place + 1)),
        isFlagged: isFlagged(answer, flags),
      }),
    ),
    ...changedAnswers(played),
  ];
}

/** More units were asked for than a charge was told for that no event ties to its request, and it was refused to the end. */
function isRefusal(
  { kind, text }: Played['flags'][number],
  { unnamed }: Truth,
  answers: readonly Answered[],
): boolean {
  const last = (order: string) => answers.findLast(({ request }) => request.fields['reference'] === order);
  const isOpen = (order: string) => text.includes(order) && last(order)?.status !== 200;
  return kind === 'too-many-units' && unnamed.some(isOpen);
}

/** By product and subscription or order; also by line, where an order has several lines of one product. */
export function isOf(license: Standing, paid: Paid, { paid: all }: Truth): boolean {
  const isOfProduct = ({ product, subscription, orders }: Paid) =>
    license.product === product && license.subscription === subscription && orders.includes(license.order);
  const hasLeft = all.some((one) => one.isLeft && isOfProduct(one));
  const isKept = license.state !== 'active' && license.lastValid === null;
  const isSame = (one: Paid) => isOfProduct(one) && (!hasLeft || isKept === (one.isLeft === true));
  return isSame(paid) && (all.filter(isSame).length === 1 || license.line === paid.line);
}

function differencesOf(paid: Paid, own: readonly Standing[]): string[] {
  const { what, counts, states, lastValid, updates, seats, features } = paid;
  const isWrong = (license: Standing) =>
    !states.some((state) => state === license.state) ||
    !isIn(license.lastValid, lastValid) ||
    !isIn(license.updates, updates) ||
    license.seats !== seats ||
    (features !== undefined && license.features !== features);
  const right = `${states.join(' or ')}, to ${writeSpan(lastValid)}, updates to ${writeSpan(updates)}, ${seats} seats, features ${features ?? 'any'}`;
  return [
    ...(counts.includes(own.length)
      ? []
      : [`${own.length} live licenses, not ${counts.join(' or ')}: ${what}`]),
    ...own.filter(isWrong).map((license) => `should be ${right}: ${what}, ${write(license)}`),
  ];
}

function isIn(day: string | null, span: Span): boolean {
  return span === null ? day === null : day !== null && day >= span.from && day <= span.to;
}

function isFlagged({ request: { fields } }: Answered, flags: Played['flags']): boolean {
  const { reference } = fields;
  return reference !== undefined && flags.some(({ text }) => text.includes(reference));
}

function isLast({ request }: Answered, later: readonly Answered[]): boolean {
  return !later.some((other) => other.request === request);
}

/** A waiting customer gets a code per unit; every mailed code is in the ledger, and live if it is paid. */
function faultOf(
  { request, status, text, licenses: mailed }: Answered,
  held: readonly Standing[],
  truth: Truth,
  when: { readonly isAsSent: boolean; readonly isLast: boolean; readonly isFlagged: boolean },
): string[] {
  const { name, item, must } = request;
  const paid = truth.paid.find(({ untouched }) => untouched.includes(item));
  const isPaid = paid !== undefined;
  if (status !== 200)
    return isDue(request, paid, when) ? [`${status} for ${name}: ${text.slice(0, 300)}`] : [];
  const states = mailed.map((id) => held.find((license) => license.id === id));
  const isSeats = item.ware.rules.quantity === 'seats';
  const [least, most] = isSeats ? [1, 1] : [item.named, item.quantity].sort((a, b) => a - b);
  const count = new Set(mailed).size;
  // Of units that are not paid for at the time the codes are left out, and it is flagged (docs/life.md).
  const isFew = must === 'never' && when.isFlagged;
  const isCount = least !== undefined && most !== undefined && (isFew || count >= least) && count <= most;
  return [
    ...(states.includes(undefined) ? [`a code was mailed whose license is not in the ledger: ${name}`] : []),
    ...(isPaid && !isCount ? [`${count} licenses are mailed for ${most} units: ${name}`] : []),
    ...states
      .filter((license) => isPaid && license !== undefined && !isLive(license))
      .map((license) => `mailed, paid and dead: ${name}, ${license && write(license)}`),
  ];
}

/** In between, money can have gone back and come again, or a charge can be unreported. */
function isDue(
  { must }: Request,
  paid: Paid | undefined,
  { isAsSent, isLast }: { readonly isAsSent: boolean; readonly isLast: boolean },
): boolean {
  if (paid === undefined || must === 'never') return false;
  return isLast || (paid.isClean && (must === 'always' || isAsSent));
}

/** The same request always gets the same text, until a license in it is revoked. */
export function changedAnswers({ answers, licenses }: Played): string[] {
  const texts = new Map<string, string>();
  const revoked = new Set(licenses.filter(({ state }) => state === 'revoked').map(({ id }) => id));
  return answers.flatMap(({ request: { name }, status, text, licenses: mailed }) => {
    if (status !== 200 || mailed.some((id) => revoked.has(id))) return [];
    const before = texts.get(name) ?? text;
    texts.set(name, before);
    return before === text ? [] : [`another answer than before: ${name}`];
  });
}

function writeSpan(span: Span): string {
  return span === null ? 'ever' : span.from === span.to ? span.to : `${span.from}..${span.to}`;
}

export function write({
  order,
  product,
  unit,
  state,
  lastValid,
  updates,
  seats,
  features,
}: Standing): string {
  return `${product} ${unit} of ${order} is ${state} to ${lastValid ?? 'ever'}, updates to ${updates ?? 'ever'}, ${seats} seats, features ${features}`;
}
