/**
 * The check at the start: renders a product's text for every kind of order, with values of a malicious customer, and
 * gives each reply the full check. Faults have their line.
 */
import type { Message } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import { findEmptySentences, type LicenseKinds, reasonsOf } from './find-empty.ts';
import { explainLiquidError, type LiquidFault, liquid } from './liquid.ts';
import { findNoticeFault, findReplyFault, isEvidentlySafe, type ReplyFault } from './proof.ts';
import { SAMPLE_LATEST, SAMPLE_PAGE, UNITS } from './samples.ts';
import { compileMessage, type MessageTemplate, type MessageValues } from './template.ts';
import { findUnknownVariables, valuesIn } from './used-values.ts';

const READ_BY_MARKED = 32;

/**
 * Faults of a text, each with its line in the body, from 1; empty for a usable text. `kinds` are the licenses that
 * the product can have; without them, sentences with a missing value are not found.
 */
export function checkTemplate(message: Message, kinds?: LicenseKinds): LiquidFault[] {
  let template: MessageTemplate;
  try {
    template = compileMessage(message);
  } catch (error) {
    return [explainLiquidError(causeOf(error))];
  }
  const parsed = liquid.parse(message.body);
  const unknown = findUnknownVariables(parsed);
  if (unknown.length > 0) return unknown;
  // Faults of several replies in the same place are one fault.
  const faults = new Map<number, LiquidFault>();
  const used = valuesIn(parsed);
  const empty = kinds === undefined ? [] : findEmptySentences(message, kinds, used);
  const notices = kinds?.withdrawn === true ? withdrawnFaults(template, used) : [];
  for (const fault of [...replyFaults(template, used), ...notices, ...empty])
    if (!faults.has(fault.line)) faults.set(fault.line, fault);
  return [...faults.values()].sort((a, b) => a.line - b.line);
}

function* replyFaults(template: MessageTemplate, used: ReadonlySet<string>): Generator<LiquidFault> {
  const { message } = template;
  const checked = new Set<string>();
  for (const values of hostileOrders(message, used)) {
    let reply: string;
    try {
      reply = template.render(values);
    } catch (error) {
      yield explainLiquidError(causeOf(error));
      continue;
    }
    // A text can work for one code and fail for two.
    const kind = `${values.codes.length} ${reply}`;
    if (checked.has(kind)) continue;
    checked.add(kind);
    // Marked parses the first replies whatever the quick proof says; all replies would add a second to the start.
    if (checked.size > READ_BY_MARKED && isEvidentlySafe(reply, values.codes)) continue;
    const fault = findReplyFault(reply, values.codes);
    if (fault) yield { line: lineOf(fault, message.body), reason: fault.reason };
  }
}

/** The text of a mail that says that a license was withdrawn: it has no code, and words of its own. */
function* withdrawnFaults(template: MessageTemplate, used: ReadonlySet<string>): Generator<LiquidFault> {
  const { message } = template;
  for (const values of hostileOrders(message, used)) {
    if (values.reason !== 'sold') continue;
    try {
      const notice = template.render({ ...values, codes: [], reason: 'withdrawn' });
      const fault = findNoticeFault(notice);
      if (notice === template.render({ ...values, codes: [] })) yield { line: 1, reason: NO_WITHDRAWN_WORDS };
      else if (fault) yield { line: lineOf(fault, message.body), reason: fault.reason };
    } catch (error) {
      yield explainLiquidError(causeOf(error));
    }
  }
}

const NO_WITHDRAWN_WORDS =
  'mail.withdrawn is on, and the text has no words for it: put {% if mail.reason == "withdrawn" %} … {% else %} … {% endif %} around them';

const HOSTILE_NAME =
  '<b>x</b> [free](http://evil.example) ![x](y) ``` ~~~ | a | &lt;i&gt;\n\n# x\n---\n- x\n[a]: http://evil.example "\u202e';
const CUSTOMERS = [
  { name: undefined, email: undefined },
  { name: 'Zoë O’Brien', email: 'zoe@example.com' },
  { name: HOSTILE_NAME, email: undefined },
  { name: '> - 1. <!-- <script>', email: `${HOSTILE_NAME}@example.com` },
];

/**
 * Every combination of values that the text can distinguish: a fault can hide in a branch within a branch. The first
 * replies differ most.
 */
function* hostileOrders({ features, body }: Message, used: ReadonlySet<string>): Generator<MessageValues> {
  const isUsed = (...names: readonly string[]) => names.some((name) => used.has(name));
  const customers = isUsed('customer.name', 'customer.email') ? CUSTOMERS : CUSTOMERS.slice(0, 1);
  const tests = isUsed('order.test', 'order.id') ? [false, true] : [false];
  const reasons = reasonsOf(used, body);
  for (const license of hostileLicenses(features.length, used))
    for (const [quantity, codes] of UNITS)
      for (const customer of customers)
        for (const test of tests)
          for (const reason of reasons)
            yield {
              codes,
              license,
              order: { id: test ? '621267-5045403' : '<i>[1](x)\n', quantity, test },
              customer,
              reason,
            };
}

function* hostileLicenses(features: number, used: ReadonlySet<string>): Generator<MessageValues['license']> {
  const kindsOf = <T>(name: string, kinds: readonly [T, ...T[]]) =>
    used.has(`license.${name}`) ? kinds : [kinds[0]];
  for (const lastValid of kindsOf('last_valid_day', [null, '2027-11-24']))
    for (const updatesUntil of kindsOf('updates_until', [null, '2027-11-24']))
      for (const seats of kindsOf('seats', [0, 1, 25]))
        for (const granted of features === 0 ? [0] : kindsOf('features', [0, 2 ** features - 1]))
          for (const trial of kindsOf('trial', [false, true]))
            for (const page of kindsOf('page', [undefined, SAMPLE_PAGE]))
              for (const latest of used.has('download.latest') ? [undefined, SAMPLE_LATEST] : [undefined])
                yield { lastValid, updatesUntil, seats, features: granted, trial, page, latest };
}

/** The line of the text that causes a fault: HTML is found by its excerpt, all other faults concern the codes. */
function lineOf(fault: ReplyFault, body: string): number {
  for (let length = fault.excerpt?.length ?? 0; length > 0; length--) {
    const position = body.indexOf(fault.excerpt?.slice(0, length) ?? '');
    if (position >= 0) return body.slice(0, position).split('\n').length;
  }
  return lineOfCodes(body.split('\n'));
}

/** The line that prints a code: by the variable of a loop over `codes`, or `codes` itself; else the first line. */
function lineOfCodes(lines: readonly string[]): number {
  const loop = lines.findIndex((line) => /\bfor\s+\w+\s+in\s+codes\b/.test(line));
  const variable = /\bfor\s+(\w+)\s+in\s+codes\b/.exec(lines[loop] ?? '')?.[1] ?? 'codes';
  const prints = new RegExp(`(?:\\{\\{-?|\\becho)\\s*${variable}\\b`);
  const direct = lines.findIndex((line) => prints.test(line));
  return Math.max(direct >= 0 ? direct : loop, 0) + 1;
}

function causeOf(error: unknown): unknown {
  return error instanceof AppError ? error.cause : error;
}
