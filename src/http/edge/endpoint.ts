/** An endpoint in one piece: its path, what it takes, what it answers, its handler. The OpenAPI document is made from it. */
import type { z } from 'zod';
import type { ProblemCode } from '../../errors.ts';
import type { Statuses } from './problem.ts';
import type { Context } from './request.ts';

type ByMediaType = Readonly<Record<string, z.ZodType>>;

export const ANSWER_HEADERS = {
  ETag: 'Strong; send it as If-None-Match to learn whether anything changed',
  'Cache-Control': 'How long the answer may be kept',
} as const;

export interface Answer {
  readonly description: string;
  /** By the exact Content-Type of the answer. */
  readonly content?: ByMediaType;
  /** Headers that are always there. */
  readonly headers?: readonly (keyof typeof ANSWER_HEADERS)[];
}

/** What one method of an endpoint takes and answers. */
export interface Operation {
  readonly tag: 'for programs' | 'for marketplaces' | 'for operators';
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: ByMediaType;
  readonly answers: Readonly<Record<number, Answer>>;
  /** In addition to those that every endpoint may answer with. */
  readonly problems: readonly ProblemCode[];
}

interface Route {
  /** As the router takes it: `/v1/revocations/:product`. */
  readonly path: string;
  /** The parameters in the path. */
  readonly parameters?: z.ZodObject;
  readonly statuses?: Statuses;
  /** True where GET changes something: HEAD is refused then. */
  readonly mintsOnGet?: true;
  /** Called for the described methods only. */
  readonly handle: (context: Context) => void | Promise<void>;
}

/** At least one method is described, so that no endpoint is missing from the OpenAPI document. */
export type Endpoint = Route &
  (
    | { readonly get: Operation; readonly post?: Operation }
    | { readonly get?: never; readonly post: Operation }
  );

/** The methods that an endpoint answers. */
export function methodsOf({ get, post, mintsOnGet }: Endpoint): readonly string[] {
  return [...(get ? ['GET'] : []), ...(get && !mintsOnGet ? ['HEAD'] : []), ...(post ? ['POST'] : [])];
}
