/** Licenses as the commands show them. */
import type { LicenseStory } from '../domain/ledger.ts';
import { entitlementOf } from '../keyring/minter.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { printable } from './printable.ts';

export function licenseIdText(id: Uint8Array): string {
  return formatLicenseId(id);
}

/** A license as `--json` prints it: everything but the customer. Times are ISO 8601 in UTC. */
export function licenseJson(story: LicenseStory) {
  const { issued, lastValid, updatesUntil, seats, features } = entitlementOf(story.code);
  const { marketplace, mode, order, line, product, unit, reissue, state, revision, subscription, code } =
    story;
  return {
    id: formatLicenseId(story.id),
    marketplace,
    mode,
    order,
    line,
    product,
    unit,
    reissue,
    state,
    revision,
    issued,
    lastValid,
    updatesUntil,
    seats,
    features,
    subscription,
    handed: story.handed,
    code,
    history: story.history.map(({ at, from, to, cause }) => ({ at: timeText(at), from, to, cause })),
  };
}

/** A license for a person, with the customer. */
export function licenseScreen(story: LicenseStory): string {
  const { issued, lastValid, updatesUntil, seats, features } = entitlementOf(story.code);
  const { customer, answer } = story;
  const lines = [
    `license     ${formatLicenseId(story.id)}  ${story.state}, revision ${story.revision}`,
    `product     ${story.product}, unit ${story.unit}${lineOf(story)} of order ${story.order} (${story.marketplace}, ${story.mode})`,
    `customer    ${[customer.name, customer.email].filter(Boolean).join(', ') || 'unknown'}`,
    `valid       from ${issued} ${lastValid === null ? 'for good' : `to ${lastValid}`}, updates ${updatesUntil === null ? 'for good' : `to ${updatesUntil}`}`,
    `entitles    ${seats === 0 ? 'unlimited seats' : `${seats} seat${seats === 1 ? '' : 's'}`}, features 0b${features.toString(2)}`,
  ];
  if (story.subscription !== null) lines.push(`subscription ${story.subscription}`);
  if (answer) {
    const { at, revision, deliveredAt } = answer;
    const former = revision === story.revision ? '' : ` with revision ${revision}`;
    const delivered = deliveredAt === null ? '' : `, delivered ${timeText(deliveredAt)}`;
    lines.push(`answered    ${timeText(at)}${former}${delivered}`);
  }
  if (story.state === 'active' && story.handed !== story.revision) {
    lines.push(`unmailed    the code of revision ${story.revision} was not delivered: send it yourself`);
  }
  for (const { at, from, to, cause } of story.history) {
    lines.push(`history     ${timeText(at)}  ${from === null ? '' : `${from} -> `}${to}: ${cause}`);
  }
  const former =
    answer && answer.code !== story.code ? `${answer.code}  (revision ${answer.revision})\n` : '';
  return `${lines.map(printable).join('\n')}\n${former}${story.code}\n`;
}

/** The line, unless it repeats the product. */
function lineOf({ line, product }: LicenseStory): string {
  return line === '' || line === product ? '' : ` of ${line}`;
}

export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
