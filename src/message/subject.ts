/** The subject of a mail: one line of plain text. */
import { cut } from '../domain/values/cut.ts';
import type { Message } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { languageOf } from './languages.ts';
import { around, createPlainLiquid, explainLiquidError, oneLine } from './liquid.ts';
import { UNITS } from './samples.ts';
import { type MessageValues, scopeOf } from './template.ts';
import { findUnknownVariables } from './used-values.ts';

const LONGEST_SUBJECT = 200;

let made: ReturnType<typeof createPlainLiquid> | undefined;

/** Made at the first mail. */
function engine() {
  made ??= createPlainLiquid();
  return made;
}

/** The same values always give the same subject. Throws AppError `internal` when it cannot be rendered. */
export function writeSubject(message: Message, values: MessageValues): string {
  try {
    const subject = render(message, { ...values, codes: [] });
    return cut(subject === '' ? oneLine(message.productName) : subject, LONGEST_SUBJECT);
  } catch (error) {
    const { reason } = explainLiquidError(error);
    const detail = `subject of product ${message.productId}: ${reason}`;
    throw new AppError('internal', 'The subject could not be written.', { detail, cause: error });
  }
}

/** The fault of a subject, in words for its author; undefined for a usable subject. */
export function checkSubject(message: Message): string | undefined {
  try {
    const parsed = engine().parse(message.subject ?? '');
    const [unknown] = findUnknownVariables(parsed);
    if (unknown !== undefined) return unknown.reason;
    if ('codes' in engine().analyzeSync(parsed, { partials: false }).globals)
      return 'a code has no place in a subject, which is shown in lists and in notifications: leave codes out';
    for (const [quantity] of UNITS)
      for (const test of [false, true]) {
        const order = { id: '621267-5045403', quantity, test };
        const subject = render(message, { ...SAMPLE, order });
        if (subject === '') return 'is empty for some orders: write something that every mail has';
        if (findCodes(subject).length > 0) return 'looks like a license code: write other words';
      }
    return undefined;
  } catch (error) {
    return explainLiquidError(error).reason;
  }
}

const SAMPLE: Omit<MessageValues, 'order'> = {
  codes: [],
  license: { lastValid: null, updatesUntil: null, seats: 0, features: 0, trial: false },
  customer: { name: undefined, email: undefined },
};

function render(message: Message, values: MessageValues): string {
  const text = message.subject ?? languageOf(message.language).subject;
  const rendered: unknown = engine().parseAndRenderSync(
    text,
    scopeOf(message, values),
    around(message.language),
  );
  return oneLine(String(rendered));
}
