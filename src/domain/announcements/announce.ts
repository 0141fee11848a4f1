/**
 * Decides what a change announces, and to whom: pure, from the changes and from what is switched on. Mails are one for
 * each order, product and act, at the first license; webhooks are one for each change.
 */

import type { Changes, Decided, Found, LicenseChange } from '../changes.ts';
import { licenseIdText } from '../facts/license-subject.ts';
import { type Standing, standingOf } from '../life/standing.ts';
import type { Rules } from '../rules.ts';
import {
  type LicenseTold,
  type MailTopic,
  type Outgoing,
  TO_CUSTOMER,
  type WebhookTopic,
} from '../values/announcement.ts';
import type { Marketplace, Mode } from '../values/order.ts';
import { isAddressed, newlyAddressed } from './addressed.ts';
import type { Announcing } from './announcing.ts';
import { languageIn } from './language.ts';
import { customerTopics } from './mail-topics.ts';

type Announced = Pick<Rules, 'announce' | 'minter'>;

/**
 * Whether the customer of a sale is fetched after its event: `awaited`, nobody can be mailed yet; `completed`, now they
 * can. Absent: the event names its customer, or nobody does.
 */
export type Addressing = 'awaited' | 'completed';

/** Adds to decided changes what they announce. Nobody to tell: the same object. `now` in milliseconds since 1970-01-01. */
export function withAnnouncements<T>(
  found: Found,
  decided: Decided<T>,
  rules: Announced,
  now: number,
  addressing?: Addressing,
): Decided<T> {
  const { announce } = rules;
  if (announce === undefined) return decided;
  const { changes, result } = decided;
  const outgoing = [
    ...mails(found, changes, { ...rules, announce }, now, addressing),
    ...licenseWebhooks(found, changes, { ...rules, announce }),
    ...flagWebhooks(found, changes, announce),
  ];
  return outgoing.length === 0 ? decided : { changes: { ...changes, outgoing }, result };
}

type On = Announced & { readonly announce: Announcing };

function mails(
  found: Found,
  changes: Changes,
  rules: On,
  now: number,
  addressing: Addressing | undefined,
): readonly Outgoing[] {
  const byMail = new Map<string, Outgoing>();
  const facts = [...found.facts, ...changes.facts];
  const occasions = customerTopics(found, changes, rules, now).filter(
    ({ license }) => addressing !== 'awaited' || isAddressed(license.number, found, changes),
  );
  const addressed = addressing === 'completed' ? newlyAddressed(found, changes) : [];
  for (const { license, topic, key = '', unlessWaiting } of [...occasions, ...addressed]) {
    const mailed = mailTo(topic, license, { ...found, facts }, rules.announce, key);
    if (mailed === undefined) continue;
    const name = JSON.stringify([mailed.order, mailed.product, topic]);
    if (!byMail.has(name)) byMail.set(name, unlessWaiting ? { ...mailed, unlessWaiting } : mailed);
  }
  return [...byMail.values()];
}

function mailTo(
  topic: MailTopic,
  {
    number,
    id,
    order,
    product,
    revision,
  }: Pick<Standing, 'number' | 'id' | 'order' | 'product' | 'revision'>,
  { market, facts }: Pick<Found, 'market' | 'facts'>,
  announce: Announcing,
  key: string,
): Outgoing | undefined {
  const mail = announce.mail(topic, { product, ...market, language: languageIn(facts) });
  if (mail === undefined) return undefined;
  const { text } = mail;
  const about = { order, product, license: id, number, revision, text };
  return { channel: 'mail', target: TO_CUSTOMER, topic, ...about, of: 'newest', told: null, key };
}

/**
 * Mails the codes of a customer again to the corrected address, also those that the order's subscription brought about;
 * what has ended only where nothing is active. Each correction by a person counts.
 */
export function correctedMails(
  found: Found,
  order: string,
  { announce }: Announced,
  now: number,
): readonly Outgoing[] {
  if (announce === undefined) return [];
  const customers = new Set(
    found.licenses.filter((license) => license.order === order).map(({ customer }) => customer),
  );
  const theirs = found.licenses.filter(
    (license) => license.order === order || (license.customer !== null && customers.has(license.customer)),
  );
  const active = theirs.filter(({ state }) => state === 'active');
  const mailed = active.length > 0 ? active : theirs.filter(({ state }) => state === 'ended');
  const byName = new Map<string, Outgoing>();
  for (const license of mailed) {
    const name = JSON.stringify([license.order, license.product]);
    const mail = byName.has(name) ? undefined : mailTo('corrected', license, found, announce, `at:${now}`);
    if (mail !== undefined) byName.set(name, mail);
  }
  return [...byName.values()];
}

function licenseWebhooks(found: Found, changes: Changes, rules: On): readonly Outgoing[] {
  const { mode } = found.market;
  const issued = changes.licenses.flatMap((license, place) => {
    const topic = license.reissue > 0 ? 'license.reissued' : 'license.issued';
    const endpoints = rules.announce.endpoints(topic, mode);
    if (endpoints.length === 0) return [];
    const { minted, order, product, state, at, cause } = license;
    const about = { number: -1 - place, order, product, ...minted };
    return tell(endpoints, topic, { ...about, state, cause }, { found, rules, of: 'issue', at });
  });
  const changed = changes.changes.flatMap((change, place) => {
    const topic = topicOf(change);
    const endpoints = topic === undefined ? [] : rules.announce.endpoints(topic, mode);
    if (topic === undefined || endpoints.length === 0) return [];
    const license = standingOf(found, changes, change.number);
    const { state, revision, at, cause } = change;
    const code = codeAt(changes, place, license);
    return tell(
      endpoints,
      topic,
      { ...license, state, revision, code, cause },
      { found, rules, of: place, at },
    );
  });
  return [...issued, ...changed];
}

/** The code after the change at a place. */
function codeAt({ changes, licenses }: Changes, place: number, license: Standing): string {
  const { number } = license;
  const before = changes.slice(0, place + 1).filter((change) => change.number === number);
  const newest = before.findLast(({ code }) => code !== undefined)?.code;
  return newest ?? license.codeBefore ?? licenses[-1 - number]?.minted.code ?? license.code;
}

/** A license that is paid again after its end counts as renewed. */
function topicOf({ before, state, code }: LicenseChange): WebhookTopic | undefined {
  if (state === before) return code === undefined ? undefined : 'license.renewed';
  if (state !== 'active') return `license.${state}`;
  return before === 'ended' && code !== undefined ? 'license.renewed' : 'license.reinstated';
}

function tell(
  endpoints: readonly string[],
  topic: WebhookTopic,
  license: Pick<Standing, 'number' | 'id' | 'order' | 'product' | 'unit' | 'revision' | 'code' | 'state'> & {
    readonly cause: string;
  },
  { found, rules, of, at }: { found: Found; rules: On; of: Outgoing['of']; at: number },
): readonly Outgoing[] {
  const { number, id, order, product, unit, revision, state, cause } = license;
  const { lastValid, updatesUntil } = rules.minter.entitlementOf(license.code);
  const { marketplace } = found.market;
  const data: LicenseTold = {
    license: licenseIdText(id),
    revision,
    state,
    lastValidDay: lastValid,
    updatesUntil,
    product,
    marketplace,
    order,
    unit,
    cause,
  };
  const about = { order, product, license: id, number, revision, text: null };
  return endpoints.map((target) => ({
    channel: 'webhook',
    target,
    topic,
    ...about,
    of,
    told: { at, data },
    key: '',
  }));
}

function flagWebhooks({ market }: Found, { raised }: Changes, announce: Announcing): readonly Outgoing[] {
  if (raised.length === 0) return [];
  const endpoints = announce.endpoints('order.flagged', market.mode);
  return raised.flatMap(({ key, kind, reason, order, product, at }) =>
    endpoints.map((target) => ({
      ...aboutNoLicense('order.flagged', target, `flag:${key}`),
      order: order ?? '',
      product,
      told: { at, data: { kind, reason, product, marketplace: market.marketplace, order } },
    })),
  );
}

/** An event that could not be applied. */
export function failedEventWebhooks(
  event: {
    readonly id: string;
    readonly type: string;
    readonly marketplace: Marketplace;
    readonly mode: Mode;
  },
  fault: string,
  { announce }: Announced,
  now: number,
): readonly Outgoing[] {
  const { id, type, marketplace, mode } = event;
  return (announce?.endpoints('event.failed', mode) ?? []).map((target) => ({
    ...aboutNoLicense('event.failed', target, `event:${id}`),
    told: { at: now, data: { event: id, type, fault, marketplace } },
  }));
}

function aboutNoLicense(topic: WebhookTopic, target: string, key: string) {
  const about = { order: '', product: null, license: null, number: null, revision: 0, text: null };
  return { channel: 'webhook', target, topic, ...about, of: 'newest', key } as const;
}
