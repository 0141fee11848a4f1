/** Licenses as the commands show them. */
import { HANDED_BEFORE } from '../domain/changes.ts';
import type { LicenseStory } from '../domain/ledger.ts';
import { counted } from '../domain/values/counted.ts';
import { entitlementOf } from '../keyring/minter.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { isAhead } from '../service/sent-text.ts';
import { type FeatureNames, featuresText } from './feature-names.ts';
import { printable } from './printable.ts';

/** A license as `--json` prints it: everything but the customer. Times are ISO 8601 in UTC. */
export function licenseJson(license: LicenseStory) {
  const { issued, lastValid, updatesUntil, seats, features } = entitlementOf(license.code);
  const { marketplace, mode, order, line, product, unit, reissue, state, revision, subscription, code } =
    license;
  return {
    id: formatLicenseId(license.id),
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
    handed: license.handed === HANDED_BEFORE ? null : license.handed,
    code,
    history: license.history.map(({ at, from, to, cause }) => ({ at: timeText(at), from, to, cause })),
  };
}

/** A license for a person, with the customer. */
export function licenseScreen(license: LicenseStory, namesOf: FeatureNames): string {
  const { issued, lastValid, updatesUntil, seats, features } = entitlementOf(license.code);
  const { customer, answer } = license;
  const lines = [
    `license     ${formatLicenseId(license.id)}  ${license.state}, revision ${license.revision}`,
    `product     ${license.product}, unit ${license.unit}${lineOf(license)} of order ${license.order} (${license.marketplace}, ${license.mode})`,
    `customer    ${[customer.name, customer.email].filter(Boolean).join(', ') || 'unknown'}`,
    `valid       from ${issued} ${lastValid === null ? 'for good' : `to ${lastValid}`}, updates ${updatesUntil === null ? 'for good' : `to ${updatesUntil}`}`,
    `entitles    ${seats === 0 ? 'unlimited seats' : counted(seats, 'seat')}, ${featuresText(features, namesOf(license))}`,
  ];
  if (license.subscription !== null) lines.push(`subscription ${license.subscription}`);
  if (answer && !isAhead(license)) {
    const { at, revision, deliveredAt } = answer;
    const former = revision === license.revision ? '' : ` with revision ${revision}`;
    const delivered = deliveredAt === null ? '' : `, delivered ${timeText(deliveredAt)}`;
    lines.push(`answered    ${timeText(at)}${former}${delivered}`);
  }
  for (const { at, revision, request } of license.rebills) {
    const former = revision === license.revision ? '' : ` with revision ${revision}`;
    lines.push(`answered    ${timeText(at)}${former}, under order ${request}`);
  }
  if (license.state === 'active' && license.handed !== license.revision) {
    lines.push(
      `unmailed    the code of revision ${license.revision} was not delivered yet: see  outbox list, or send it yourself`,
    );
  }
  let before: number | undefined;
  for (const { at, from, to, revision, cause } of license.history) {
    const kept = revision === before ? 'unchanged' : `revision ${revision}`;
    const change = from === null ? to : from === to ? `${to}, ${kept}` : `${from} -> ${to}`;
    lines.push(`history     ${timeText(at)}  ${change}: ${cause}`);
    before = revision;
  }
  const former =
    answer && answer.code !== license.code ? `${answer.code}  (revision ${answer.revision})\n` : '';
  return `${lines.map(printable).join('\n')}\n${former}${license.code}\n`;
}

/** The line, unless it repeats the product. */
function lineOf({ line, product }: LicenseStory): string {
  return line === '' || line === product ? '' : ` of ${line}`;
}

export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
