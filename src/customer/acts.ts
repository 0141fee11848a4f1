/** What a customer does on a license page. Each is a POST by a link that is good. */

import { reissueLicense } from '../domain/desk/license.ts';
import { isAddress } from '../domain/values/address.ts';
import { CUSTOMER_ACTOR, type LicenseView, type UnitView, viewLicense } from './license-view.ts';
import { follow } from './links.ts';
import { type Answer, backTo, type CustomerVisit, gone } from './visit.ts';
import { changedPage, oldPage, wordPage } from './word-page.ts';

const LONGEST_NOTE = 80;

/** POST at a link about a change of address: does it. */
export async function answerChange({ parts, pen, now, token }: CustomerVisit): Promise<Answer> {
  const followed = await follow(token, now, parts);
  if (followed.outcome === 'old') return { page: oldPage(pen), status: 410 };
  if (followed.outcome !== 'change') throw gone();
  const { purpose, change } = followed;
  const { selfService } = parts.ledger;
  const isDone =
    purpose === 'confirm'
      ? await selfService.confirmAddress(change.number, now)
      : await selfService.undoAddress(change.number, now);
  return isDone ? { page: changedPage(pen, purpose) } : { page: wordPage(pen, 'over'), status: 410 };
}

export function askAddress(visit: CustomerVisit): Promise<Answer> {
  return onPage(visit, async ({ view, license }) => {
    if (view.address === undefined) throw gone();
    const address = visit.form.get('email')?.trim() ?? '';
    if (!isAddress(address)) return backTo(visit, 'address.unfit');
    const asked = await visit.parts.ledger.selfService.askAddress(license, address, visit.now);
    switch (asked) {
      case 'asked':
        return backTo(visit, 'address.asked');
      case 'same':
        return backTo(visit, 'address.same');
      case 'too many':
        return backTo(visit, 'address.too_many');
      case 'unknown':
        throw gone();
    }
  });
}

export function noteHanded(visit: CustomerVisit): Promise<Answer> {
  return onPage(visit, async ({ unit }) => {
    if (unit?.handedTo === undefined) throw gone();
    const note = (visit.form.get('note') ?? '').replaceAll(/\p{Cc}+/gu, ' ').trim();
    if ([...note].length > LONGEST_NOTE) return backTo(visit, 'hand.too_long');
    await visit.parts.ledger.selfService.noteHandedTo(unit.license.id, note);
    return backTo(visit, 'hand.saved');
  });
}

/** A new code after a leak, as often as the product file allows. */
export function reissueUnit(visit: CustomerVisit): Promise<Answer> {
  return onPage(visit, async ({ unit }) => {
    if (unit === undefined) throw gone();
    if (visit.form.get('sure') !== 'yes') return backTo(visit, 'leak.unsure');
    if (unit.reissuesLeft === 0) return backTo(visit, 'leak.no');
    const grounds = { actor: CUSTOMER_ACTOR, reason: 'the code is known to somebody else' };
    const { desk, ledger } = visit.parts;
    const reissued = await reissueLicense(desk, unit.license.id, grounds, visit.now);
    if (reissued.outcome !== 'reissued') return backTo(visit, 'leak.no');
    // The note stays with the unit.
    if (unit.handedTo) await ledger.selfService.noteHandedTo(reissued.license.id, unit.handedTo);
    return backTo(visit, 'leak.done');
  });
}

interface OnPage {
  readonly view: LicenseView;
  readonly license: Uint8Array;
  /** The unit that the form or file names. */
  readonly unit: UnitView | undefined;
}

/** Acts only with a link that shows the page now. `number`: the unit, from 1. */
export async function onPage(
  visit: CustomerVisit,
  act: (page: OnPage) => Promise<Answer>,
  number = Number(visit.form.get('unit') ?? 0),
): Promise<Answer> {
  const { parts, now, token, pen } = visit;
  const followed = await follow(token, now, parts);
  if (followed.outcome === 'old') return { page: oldPage(pen), status: 410 };
  if (followed.outcome !== 'page') throw gone();
  const { link, purpose } = followed;
  const view = await viewLicense(link, { isBuyers: purpose === 'buyer', from: number, now }, parts);
  if (view === undefined) throw gone();
  const unit = view.units.find((each) => each.number === number);
  return act({ view, license: link.license, unit });
}
