/** A request for a screen, and what a screen answers. */
import type { Readable } from 'node:stream';
import type { Session } from '../domain/ports/console-access.ts';
import type { Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import type { Assets } from '../html/assets.ts';
import type { Markup } from '../html/markup.ts';
import type { Context } from '../http/edge/request.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { ConsoleParts } from './parts.ts';

export interface Visit {
  readonly parts: ConsoleParts;
  readonly assets: Assets;
  readonly jobs: Jobs;
  readonly context: Context;
  readonly mode: Mode;
  readonly session: Session;
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  /** The fields of a form that was posted; empty for GET. */
  readonly form: URLSearchParams;
}

export type NavName =
  | 'overview'
  | 'orders'
  | 'licenses'
  | 'events'
  | 'outbox'
  | 'products'
  | 'downloads'
  | 'go-live'
  | 'upkeep'
  | 'settings';

export type Answer =
  | {
      readonly title: string;
      readonly nav?: NavName | undefined;
      readonly body: Markup;
      readonly status?: number;
      readonly framing?: boolean;
      readonly script?: 'passkey.js';
      /** Stands in the search field. */
      readonly searched?: string;
      /** Where the other mode has a counterpart, below /console/MODE; the overview otherwise. */
      readonly counterpart?: string;
    }
  /** A page that fills in: `body`, then the pieces as they come, then `end`. */
  | {
      readonly title: string;
      readonly nav: NavName;
      readonly counterpart: string;
      readonly body: Markup;
      readonly pieces: AsyncIterable<Markup>;
      readonly end: Markup;
    }
  | { readonly redirect: string }
  | { readonly file: string | Readable; readonly name: string; readonly type: string }
  | { readonly framed: string; readonly styleDigest: string };

export interface Screen {
  /** Below /console/:mode, as the router takes it. */
  readonly path: string;
  readonly get?: (visit: Visit) => Promise<Answer>;
  readonly post?: (visit: Visit) => Promise<Answer>;
  /** Whether a request needs a passkey or a link within the last 15 minutes. */
  readonly isGrave?: (visit: Visit) => boolean;
}

/** A parameter of the path. */
export function param({ context }: Visit, name: string): string {
  return String((context['params'] as Record<string, string> | undefined)?.[name] ?? '');
}

/** One field of the query; undefined: missing or empty. */
export function query({ context }: Visit, name: string): string | undefined {
  const value = new URLSearchParams(context.querystring).get(name)?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** An address of the console in the visit's mode. */
export function at({ mode }: Pick<Visit, 'mode'>, ...path: readonly string[]): string {
  return ['/console', mode, ...path.map(encodeURIComponent)].join('/');
}

export function notFound(what: string): AppError {
  return new AppError('unknown_page', what);
}
