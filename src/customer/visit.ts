/** A request for a customer's page, and what a page answers. */
import { AppError } from '../errors.ts';
import { LARGEST_FORM, readBody } from '../http/edge/body.ts';
import type { Context } from '../http/edge/request.ts';
import type { Pen } from './frame.ts';
import type { CustomerParts } from './parts.ts';

const FORM = 'application/x-www-form-urlencoded';

export interface CustomerVisit {
  readonly parts: CustomerParts;
  readonly context: Context;
  readonly pen: Pen;
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  readonly token: string;
  readonly file: string;
  /** Empty for GET. */
  readonly form: URLSearchParams;
}

export type Answer =
  | { readonly page: string; readonly status?: number }
  | { readonly file: string; readonly type: string; readonly name: string | undefined }
  | { readonly redirect: string };

/** What a page says after a form was sent. */
export const SAID = [
  { key: 'hand.saved', kind: 'good' },
  { key: 'hand.too_long', kind: 'bad' },
  { key: 'address.asked', kind: 'good' },
  { key: 'address.unfit', kind: 'bad' },
  { key: 'address.same', kind: 'bad' },
  { key: 'address.too_many', kind: 'bad' },
  { key: 'leak.done', kind: 'good' },
  { key: 'leak.no', kind: 'bad' },
  { key: 'leak.unsure', kind: 'bad' },
] as const;

export type SaidKey = (typeof SAID)[number]['key'];

/** Every address that leads nowhere is the same page. */
export function gone(): AppError {
  return new AppError('unknown_page', 'There is nothing at this address.');
}

export async function formOf(context: Context): Promise<URLSearchParams> {
  if (context.method !== 'POST') return new URLSearchParams();
  return new URLSearchParams((await readBody(context.req, FORM, LARGEST_FORM)).toString('utf8'));
}

/** Back to the license page, which says what became of it. */
export function backTo({ token }: Pick<CustomerVisit, 'token'>, said: SaidKey): Answer {
  return { redirect: `/license/${token}?said=${said}` };
}
