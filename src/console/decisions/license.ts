/** /console/MODE/licenses/ID/ACT: GET tells what will happen, POST decides, by the functions of the command line. */
import {
  decideLicense,
  type LicenseDecision,
  type Refused,
  reissueLicense,
} from '../../domain/desk/license.ts';
import type { LicenseStory } from '../../domain/ledger.ts';
import { isDay } from '../../domain/values/day.ts';
import { AppError } from '../../errors.ts';
import { html } from '../../html/markup.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import { licenseIn } from '../licenses/find.ts';
import { at, notFound, param, type Screen, type Visit } from '../visit.ts';
import { ACTS, type Act, consequencesOf, isGraveAct, labelOf, MAILED_BY } from './acts.ts';
import { decisionForm, groundsOf, requireShown } from './form.ts';
import { isMailed } from './mailed.ts';
import { withSaying } from './sayings.ts';

export const licenseDecision: Screen = {
  path: '/licenses/:id/:act',
  isGrave: (visit) => isGraveAct(param(visit, 'act')),
  get: async (visit) => {
    const act = actOf(visit);
    const license = await licenseIn(visit, param(visit, 'id'));
    const { lastValid } = visit.parts.minter.entitlementOf(license.code);
    const label = labelOf(act);
    const needsDay = act === 'renew' || act === 'extend';
    const body = decisionForm({
      question: `${label} unit ${license.unit} of order ${license.order}?`,
      consequences: consequencesOf(act, {
        lastValid,
        isMailed: await isMailed(visit, license, MAILED_BY[act]),
      }),
      button: label,
      isDanger: act === 'revoke' || act === 'suspend' || act === 'reissue',
      action: at(visit, 'licenses', param(visit, 'id'), act),
      leave: at(visit, 'orders', license.marketplace, license.order),
      shown: shownOf(license),
      ...(needsDay && {
        fields: html`<div><label for="until">Last day, inclusive (UTC)</label><input id="until" name="until" type="date" required value="${lastValid ?? ''}"></div>`,
      }),
    });
    return { title: `${label}?`, nav: 'licenses', body };
  },
  post: async (visit) => {
    const act = actOf(visit);
    const { parts, now } = visit;
    const grounds = groundsOf(visit);
    const license = await licenseIn(visit, param(visit, 'id'));
    requireShown(
      visit,
      shownOf(license),
      `It is ${license.state} meanwhile, at revision ${license.revision}.`,
    );
    const order = at(visit, 'orders', license.marketplace, license.order);
    if (isGraveAct(act)) {
      const what = `${act} of license ${formatLicenseId(license.id)}`;
      await parts.ledger.consoleAccess.note({ at: now, person: grounds.actor, what });
    }
    if (act === 'reissue') {
      const reissued = await reissueLicense(parts.desk, license.id, grounds, now);
      if (reissued.outcome !== 'reissued') throw refusal(reissued);
      return { redirect: withSaying(order, 'reissue') };
    }
    const decided = await decideLicense(parts.desk, license.id, decisionOf(act, visit), grounds, now);
    switch (decided.outcome) {
      case 'changed':
        return { redirect: withSaying(order, act) };
      case 'unchanged':
        return { redirect: withSaying(order, 'unchanged') };
      default:
        throw refusal(decided);
    }
  },
};

function actOf(visit: Visit): Act {
  const act = ACTS.find((each) => each === param(visit, 'act'));
  if (act === undefined) throw notFound('There is no such decision.');
  return act;
}

function shownOf({ state, revision, reissue }: LicenseStory): string {
  return `${state}.${revision}.${reissue}`;
}

function decisionOf(act: Exclude<Act, 'reissue'>, { form }: Visit): LicenseDecision {
  if (act !== 'renew' && act !== 'extend') return { act };
  const day = form.get('until') ?? '';
  if (!isDay(day)) throw new AppError('unfit_form', 'Give the last day as YYYY-MM-DD.');
  return act === 'renew' ? { act, until: day } : { act, updatesUntil: day };
}

function refusal(refused: Refused): AppError {
  switch (refused.outcome) {
    case 'unknown':
      return notFound('The ledger has no such license.');
    case 'replaced':
      return new AppError('stale_form', 'This license was reissued meanwhile: decide about its replacement.');
    case 'perpetual':
      return new AppError('stale_form', 'This license is perpetual: it has no last valid day to move.');
    case 'unfit day':
      return new AppError(
        'unfit_form',
        `Give a day from ${refused.from}, when the license was issued, to ${refused.to}.`,
      );
    case 'unlimited updates':
      return new AppError('stale_form', 'This license includes all versions: a last day would exclude some.');
  }
}
