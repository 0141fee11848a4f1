/** From a product's text and the facts of an order to the Markdown reply. */
import type { Template } from 'liquidjs';
import type { Entitlement } from '../domain/license.ts';
import type { Customer } from '../domain/order.ts';
import type { Message } from '../domain/product.ts';
import { AppError } from '../errors.ts';
import { escapeMarkdown } from './escape.ts';
import { explainLiquidError, liquid } from './liquid.ts';

/** The facts of one reply. */
export interface MessageValues {
  /** Unit by unit. */
  readonly codes: readonly string[];
  readonly license: Omit<Entitlement, 'issued'>;
  readonly order: {
    readonly id: string;
    /** Units bought. */
    readonly quantity: number;
    /** Mode test: the code will not be accepted by a build for customers. */
    readonly test: boolean;
  };
  readonly customer: Customer;
}

export interface MessageTemplate {
  readonly message: Message;
  /**
   * The reply: lines end with \n, the last one too; the same values give the same bytes on any machine at any time.
   * Throws AppError `internal` when the text cannot be rendered.
   */
  render(values: MessageValues): string;
}

/** Throws AppError `bad_configuration` when the body is not the Liquid that a text may use. */
export function compileMessage(message: Message): MessageTemplate {
  const template = parseBody(message);
  return {
    message,
    render: (values) => {
      try {
        return tidy(String(liquid.renderSync(template, scopeOf(message, values))));
      } catch (error) {
        const { line, reason } = explainLiquidError(error);
        const detail = `text of product ${message.productId}, line ${line} of its body: ${reason}`;
        throw new AppError('internal', 'The reply could not be written.', { detail, cause: error });
      }
    },
  };
}

function parseBody(message: Message): Template[] {
  try {
    return liquid.parse(message.body);
  } catch (error) {
    const { line, reason } = explainLiquidError(error);
    const text = `The text of product ${message.productId} is faulty: line ${line} of its body: ${reason}`;
    throw new AppError('bad_configuration', text, { cause: error });
  }
}

/** What a text may name, as Liquid sees it: snake_case, nil for what is not there. */
function scopeOf(message: Message, { codes, license, order, customer }: MessageValues) {
  return {
    codes,
    license: {
      last_valid_day: license.lastValid,
      seats: license.seats,
      features: message.features.filter((_, bit) => license.features & (1 << bit)),
      updates_until: license.updatesUntil,
      trial: license.trial,
    },
    order: { id: order.id, quantity: order.quantity, test: order.test },
    customer: { name: known(customer.name), email: known(customer.email) },
    product: { id: message.productId, name: message.productName },
  };
}

/** The names above, for those who check a text before it is used. `list` members have no names of their own. */
export const VARIABLES: Readonly<Record<string, 'list' | readonly string[]>> = {
  codes: 'list',
  license: ['last_valid_day', 'seats', 'features', 'updates_until', 'trial'],
  order: ['id', 'quantity', 'test'],
  customer: ['name', 'email'],
  product: ['id', 'name'],
};

/** A name of nothing but blanks greets nobody. */
function known(value: string | undefined): string | null {
  return value === undefined || escapeMarkdown(value) === '' ? null : value;
}

/** The tags of a template leave lines of blanks: any number of them becomes one empty line. */
function tidy(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return `${lines
    .replace(/\n(?:[ \t]*\n)+/g, '\n\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()}\n`;
}
