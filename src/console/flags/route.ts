/** /console/MODE/flags/ID: settles a flag; for a path without a product file, delivers or ignores the path. */
import { settleFlags } from '../../domain/desk/flags.ts';
import { deliverPath, ignorePath } from '../../domain/desk/paths.ts';
import type { Flag } from '../../domain/values/flag.ts';
import { AppError } from '../../errors.ts';
import { html, type Markup } from '../../html/markup.ts';
import { decisionForm, groundsOf, requireShown } from '../decisions/form.ts';
import { withSaying } from '../decisions/sayings.ts';
import { whatIsFlagged } from '../flag-text.ts';
import { at, notFound, param, type Screen, type Visit } from '../visit.ts';

export const flag: Screen = {
  path: '/flags/:flag',
  get: async (visit) => {
    const found = await flagIn(visit);
    const isPath = found.kind === 'unknown-product';
    const body = decisionForm({
      question: `${whatIsFlagged(found.kind).slice(0, -1)}: decide`,
      consequences: [
        found.reason,
        isPath
          ? 'With a product, what is owed is issued now. Ignored, the path is not told again.'
          : 'Settling closes the flag with your reason. No license changes: decide about a license on its order’s page.',
      ],
      button: isPath ? 'Decide' : 'Settle',
      isDanger: false,
      action: at(visit, 'flags', String(found.id)),
      leave: leaveOf(visit, found),
      shown: shownOf(found),
      ...(isPath && { fields: pathFields(visit) }),
    });
    return { title: 'Decide', nav: 'overview', body };
  },
  post: async (visit) => {
    const found = await flagIn(visit);
    const grounds = groundsOf(visit);
    requireShown(visit, shownOf(found), 'This flag was settled meanwhile.');
    const { desk } = visit.parts;
    if (found.kind !== 'unknown-product') {
      const settled = await settleFlags(desk, { id: found.id }, grounds, visit.now);
      if (settled.outcome !== 'settled') throw new AppError('stale_form', 'This flag was settled meanwhile.');
      return { redirect: withSaying(leaveOf(visit, found), 'settled') };
    }
    const path = found.product ?? '';
    const product = visit.form.get('product') ?? '';
    if (product === '') {
      await ignorePath(desk, { path, marketplace: found.marketplace }, grounds, visit.now);
      return { redirect: withSaying(leaveOf(visit, found), 'ignored') };
    }
    if (visit.parts.catalog.get(product) === undefined) throw new AppError('unfit_form', 'Choose a product.');
    const { readEvent: read } = visit.parts;
    await deliverPath(
      { ...desk, read },
      { marketplace: found.marketplace, path, product },
      grounds,
      visit.now,
    );
    return { redirect: withSaying(leaveOf(visit, found), 'delivered') };
  },
};

function pathFields({ parts }: Visit): Markup {
  return html`<div><label for="product">It is</label><select id="product" name="product"><option value="">nothing of mine: ignore it</option>${parts.catalog.all().map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</select></div>`;
}

function shownOf({ settledAt }: Flag): string {
  return settledAt === null ? 'open' : 'settled';
}

function leaveOf(visit: Visit, { order, marketplace }: Flag): string {
  return order === null ? at(visit, '') : at(visit, 'orders', marketplace, order);
}

async function flagIn(visit: Visit): Promise<Flag> {
  const id = Number(param(visit, 'flag'));
  const [found] = Number.isSafeInteger(id) ? await visit.parts.ledger.findFlags({ id, limit: 1 }) : [];
  if (found === undefined || found.mode !== visit.mode) throw notFound('There is no such flag in this mode.');
  return found;
}
