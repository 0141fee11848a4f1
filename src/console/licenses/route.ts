/** GET /console/MODE/licenses: by state, product and last valid day; and one license with its order. */
import { dayOf, isDay } from '../../domain/values/day.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import { readFilters } from '../filters.ts';
import { shift } from '../overview/figures.ts';
import { STATES } from '../state-tag.ts';
import { param, query, type Screen } from '../visit.ts';
import { licenseIn } from './find.ts';
import { licensePage, licensesPage } from './page.ts';
import { replacementNote } from './replaced.ts';

const A_PAGE = 50;

export const licenses: Screen = {
  path: '/licenses',
  get: async (visit) => {
    const { parts, mode, now } = visit;
    const filters = readFilters(visit, {
      product: (text) => text.length <= 64,
      state: (text) => STATES.some((state) => state === text),
      validFrom: isDay,
      validTo: isDay,
    });
    const { product, state, validFrom, validTo } = filters.given;
    const before = Number(query(visit, 'before'));
    const found = await parts.reader.listLicensePage({
      mode,
      limit: A_PAGE,
      before: Number.isSafeInteger(before) && before > 0 ? before : undefined,
      product,
      state: state as LicenseState | undefined,
      validFrom,
      validTo,
    });
    const last = found.at(-1)?.number;
    const next = found.length >= A_PAGE && last !== undefined && last > 1 ? last : undefined;
    const today = dayOf(now);
    const soon = { validFrom: today, validTo: shift(today, 14), state: 'active' };
    const body = licensesPage(visit, { found, filters, next, soon });
    return { title: 'Licenses', nav: 'licenses', counterpart: 'licenses', body };
  },
};

export const license: Screen = {
  path: '/licenses/:id',
  get: async (visit) => {
    const found = await licenseIn(visit, param(visit, 'id'));
    const { marketplace, mode, order, line, product, unit, reissue, id, code, revision } = found;
    const identity = { marketplace, mode, order, line, product, unit, reissue };
    const known = visit.parts.minter.recognize(code, identity);
    const isGenuine =
      known !== undefined && known.revision === revision && Buffer.compare(known.id, id) === 0;
    return {
      title: `License of order ${order}`,
      nav: 'licenses',
      counterpart: 'licenses',
      body: licensePage(visit, found, { isGenuine, replaced: await replacementNote(visit, found) }),
    };
  },
};
