/** Leads from a license that was replaced to the license that its customer should have. */
import { replacementsOf } from '../../domain/desk/successor.ts';
import type { LicenseStory } from '../../domain/ledger.ts';
import { html, type Markup } from '../../html/markup.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import { at, type Visit } from '../visit.ts';

/** undefined: nothing replaced the license. */
export async function replacementNote(visit: Visit, license: LicenseStory): Promise<Markup | undefined> {
  if (license.state !== 'revoked' && license.state !== 'ended') return undefined;
  const { catalog, reader } = visit.parts;
  const { reissue, follower } = await replacementsOf(license, reader);
  if (reissue === undefined && follower === undefined) return undefined;
  return html`${reissue && html`Reissued as ${linkTo(visit, reissue)}. `}${follower && html`The subscription covers ${catalog.get(follower.product)?.name ?? follower.product} now: ${linkTo(visit, follower)}.`}`;
}

function linkTo(visit: Visit, { id, unit }: LicenseStory): Markup {
  const text = formatLicenseId(id);
  return html`<a class="mono" href="${at(visit, 'licenses', text)}">${text.slice(0, 8)}…<span class="hidden"> for unit ${unit}</span></a>`;
}
