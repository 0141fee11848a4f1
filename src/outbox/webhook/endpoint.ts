/** An endpoint: a URL of the seller that receives changes as webhooks. */

import type { WebhookTopic } from '../../domain/values/announcement.ts';
import type { Mode } from '../../domain/values/order.ts';

/** Where the secret of an endpoint is: never in the file itself. */
export type SecretSource = { readonly variable: string } | { readonly file: string };

export interface Endpoint {
  readonly name: string;
  readonly url: URL;
  readonly topics: readonly WebhookTopic[];
  readonly mode: Mode;
  /** Name and address of the customer are added at sending. Only over https. */
  readonly personal: boolean;
  /** Addresses that are not public are allowed. */
  readonly private: boolean;
  /** The newest first: several while a secret changes. */
  readonly secrets: readonly [SecretSource, ...SecretSource[]];
  /** The line of the secrets in the file, from 1. */
  readonly secretLine: number;
}
