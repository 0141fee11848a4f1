/** Which endpoints are told of what, and about whom. */
import type { Telling } from '../../domain/announcements/announcing.ts';
import type { Ledger } from '../../domain/ledger.ts';
import type { Announcement, WebhookTopic } from '../../domain/values/announcement.ts';
import type { Customer, Mode } from '../../domain/values/order.ts';
import type { Endpoint } from './endpoint.ts';

/** undefined: there is no endpoint. */
export function tellingOf(endpoints: readonly Endpoint[]): Telling | undefined {
  if (endpoints.length === 0) return undefined;
  const names = new Map<string, readonly string[]>();
  const keyOf = (topic: WebhookTopic, mode: Mode) => `${mode} ${topic}`;
  for (const { name, topics, mode } of endpoints) {
    for (const topic of topics)
      names.set(keyOf(topic, mode), [...(names.get(keyOf(topic, mode)) ?? []), name]);
  }
  return { endpoints: (topic, mode) => names.get(keyOf(topic, mode)) ?? [] };
}

/** The customer of the announced license or order, as the ledger has it now; undefined: erased, or never known. */
export async function customerOf(
  ledger: Pick<Ledger, 'find'>,
  { license, order, marketplace, mode }: Announcement,
): Promise<Customer | undefined> {
  if (license === null && order === '') return undefined;
  const found = await ledger.find(license === null ? { by: 'order', order } : { by: 'license', id: license });
  const story = found.find((each) => each.marketplace === marketplace && each.mode === mode);
  const { name, email } = story?.customer ?? {};
  return name === undefined && email === undefined ? undefined : { name, email };
}
