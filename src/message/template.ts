/** Renders a product's text and an order's values into the Markdown reply. */
import type { Template } from 'liquidjs';
import type { MailTopic } from '../domain/values/announcement.ts';
import type { Entitlement } from '../domain/values/license.ts';
import type { Customer } from '../domain/values/order.ts';
import type { Message } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import { Autolink } from './autolink.ts';
import { escapeMarkdown } from './escape.ts';
import { featuresIn } from './features-in.ts';
import { around, explainLiquidError, liquid } from './liquid.ts';
import { canHaveSlots, fill, holdsOnly, type Skeleton, slot, toSkeleton } from './skeleton.ts';

/** The values of one reply. */
export interface MessageValues {
  /** Unit by unit. */
  readonly codes: readonly string[];
  readonly license: Omit<Entitlement, 'issued'> & {
    /** The address of the license page; absent: pages are off. */
    readonly page?: string | undefined;
    /** The stable address of the newest download; absent: downloads are off. */
    readonly latest?: string | undefined;
  };
  readonly order: {
    readonly id: string;
    /** Units bought. */
    readonly quantity: number;
    /** Mode test: a build for customers does not accept the code. */
    readonly test: boolean;
  };
  readonly customer: Customer;
  /** The occasion; default: sold. */
  readonly reason?: MailTopic;
}

export interface Rendered {
  readonly text: string;
  /** True: it is proven that a reader of the text finds no code but the order's. */
  readonly holdsOnlyCodes: boolean;
}

export interface MessageTemplate {
  readonly message: Message;
  /**
   * The reply: each line ends with \n; the same values give the same bytes on any machine at any time.
   * Throws AppError `internal` when the text cannot be rendered.
   */
  render(values: MessageValues): string;
  /** The same with what is known of its codes. */
  renderProven(values: MessageValues): Rendered;
}

/** The number of cached skeletons, one per kind of order, of a few hundred bytes each. */
const MOST_KINDS = 64;
const MOST_SLOTTED_CODES = 16;

/** The slot of the first code: after order id, name and e-mail address. */
const FIRST_CODE = 3;

/** Throws AppError `bad_configuration` when the body uses Liquid that a text cannot use. */
export function compileMessage(message: Message): MessageTemplate {
  const template = parseBody(message);
  const whole = (values: MessageValues) => renderWhole(template, message, values);
  const skeletons =
    /[\ue000\ue001]/.test(JSON.stringify(message)) || !canHaveSlots(template, message.body)
      ? null
      : new Map<string, Skeleton>();
  // Most texts never name the address, which takes longest to escape.
  const namesAddress = message.body.includes('email');
  const unproven = (values: MessageValues) => ({ text: whole(values), holdsOnlyCodes: false });
  return {
    message,
    render(values) {
      return this.renderProven(values).text;
    },
    renderProven: (values) => {
      const { codes, order, customer } = values;
      const { page, latest } = values.license;
      const isWhole = codes.length > MOST_SLOTTED_CODES || page !== undefined || latest !== undefined;
      if (skeletons === null || isWhole) return unproven(values);
      const address = namesAddress ? customer.email : undefined;
      const open = [order.id, customer.name ?? '', address ?? '', ...codes].map(escapeMarkdown);
      // An empty value can leave an empty line, which only a full rendering removes.
      if (open.some((value, index) => value === '' && index !== 1 && index !== 2)) return unproven(values);
      const [, name, email] = open;
      const kind = kindOf(values, name !== '', email !== '');
      let skeleton = skeletons.get(kind);
      if (skeleton === undefined) {
        const slotted = {
          ...values,
          codes: codes.map((_, unit) => slot(unit + FIRST_CODE)),
          order: { ...order, id: slot(0) },
          customer: { name: name ? slot(1) : undefined, email: email ? slot(2) : undefined },
        };
        skeleton = toSkeleton(whole(slotted));
        if (skeletons.size >= MOST_KINDS) skeletons.clear();
        skeletons.set(kind, skeleton);
      }
      return { text: fill(skeleton, open), holdsOnlyCodes: holdsOnly(codes, skeleton, open, FIRST_CODE) };
    },
  };
}

/** All values on which a skeleton depends. */
function kindOf(
  { codes, license, order, reason = 'sold' }: MessageValues,
  name: boolean,
  email: boolean,
): string {
  const { lastValid, updatesUntil, seats, features, trial } = license;
  return `${codes.length} ${lastValid} ${updatesUntil} ${seats} ${features} ${trial} ${order.quantity} ${order.test} ${reason} ${name} ${email}`;
}

function renderWhole(template: Template[], message: Message, values: MessageValues): string {
  try {
    return tidy(String(liquid.renderSync(template, scopeOf(message, values), around(message.language))));
  } catch (error) {
    const { line, reason } = explainLiquidError(error);
    const detail = `text of product ${message.productId}, line ${line} of its body: ${reason}`;
    throw new AppError('internal', 'The reply could not be written.', { detail, cause: error });
  }
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

/** The values that a text can use, as Liquid sees them: snake_case, nil for an absent value. */
export function scopeOf(message: Message, { codes, license, order, customer, reason }: MessageValues) {
  return {
    codes,
    license: {
      last_valid_day: license.lastValid,
      seats: license.seats,
      features: featuresIn(license.features, message.features),
      updates_until: license.updatesUntil,
      trial: license.trial,
      page: license.page === undefined ? null : new Autolink(license.page),
    },
    download: { latest: license.latest === undefined ? null : new Autolink(license.latest) },
    order: { id: order.id, quantity: order.quantity, test: order.test },
    customer: { name: known(customer.name), email: known(customer.email) },
    product: { id: message.productId, name: message.productName },
    mail: {
      reason: reason ?? 'sold',
      renew_url: message.renewUrl === undefined ? null : new Autolink(message.renewUrl),
    },
  };
}

/** The names above, for the checks of a text. Members of a `list` have no names. */
export const VARIABLES: Readonly<Record<string, 'list' | readonly string[]>> = {
  codes: 'list',
  license: ['last_valid_day', 'seats', 'features', 'updates_until', 'trial', 'page'],
  download: ['latest'],
  order: ['id', 'quantity', 'test'],
  customer: ['name', 'email'],
  product: ['id', 'name'],
  mail: ['reason', 'renew_url'],
};

/** A name of blanks only counts as absent. */
function known(value: string | undefined): string | null {
  return value === undefined || escapeMarkdown(value) === '' ? null : value;
}

/** The tags of a template leave blank lines: any number of them becomes one empty line. */
function tidy(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return `${lines
    .replace(/\n(?:[ \t]*\n)+/g, '\n\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()}\n`;
}
