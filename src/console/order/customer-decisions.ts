/** Decisions about what the customer of an order has: the codes are mailed again, the links to the pages end. */
import { withdrawLinks } from '../../domain/desk/new-links.ts';
import { resendLicense } from '../../domain/desk/resend.ts';
import type { LicenseStory } from '../../domain/ledger.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import type { OrderName } from '../../domain/values/order.ts';
import { AppError } from '../../errors.ts';
import { groundsOf } from '../decisions/form.ts';
import { notFound, param, type Screen, type Visit } from '../visit.ts';
import { screenOf } from './decisions.ts';
import { orderIn } from './route.ts';

async function newestOf(visit: Visit, { marketplace, order }: OrderName): Promise<LicenseStory> {
  const { licenses } = await orderIn(visit, marketplace, order);
  const inState = (wanted: LicenseState) => licenses.findLast(({ state }) => state === wanted);
  const newest = inState('active') ?? inState('ended') ?? licenses.at(-1);
  if (newest === undefined) throw new AppError('unfit_form', 'This order has no license.');
  return newest;
}

const resend = screenOf({
  word: 'resend',
  question: (order) => `Mail the codes of order ${order} again?`,
  consequences: [
    'The outbox sends the customer the newest codes of the order, to the address that the ledger holds.',
    'No license changes.',
  ],
  button: 'Mail them',
  decide: async (visit, order) => {
    const grounds = groundsOf(visit);
    const { ledger, mailing } = visit.parts;
    if (mailing === undefined) throw new AppError('unfit_form', 'No mail is set.');
    const { id } = await newestOf(visit, order);
    const resent = await resendLicense({ ledger, mailing: await mailing() }, id, grounds, visit.now);
    switch (resent.outcome) {
      case 'announced':
        return 'resent';
      case 'no code':
        throw new AppError('unfit_form', `Nothing was sent: the license is ${resent.state}.`);
      case 'other product':
        throw new AppError(
          'unfit_form',
          `Nothing was sent: the subscription covers ${resent.by.product} now. Mail the codes of order ${resent.by.order}.`,
        );
      case 'no address':
        throw new AppError(
          'unfit_form',
          'Nothing was sent: the ledger has no address. Correct the customer.',
        );
      default:
        throw new AppError('stale_form', 'Its license was replaced meanwhile.');
    }
  },
});

const links = screenOf({
  word: 'links',
  question: (order) => `End all links to the pages of order ${order}?`,
  consequences: [
    'No link that was mailed before opens a page any more; whoever needs one asks for a new one.',
    'Codes and licenses stay as they are.',
  ],
  button: 'End them',
  isGrave: true,
  decide: async (visit, order) => {
    const grounds = groundsOf(visit);
    const { desk, ledger } = visit.parts;
    const { id } = await newestOf(visit, order);
    const what = `ended the links of an order: ${grounds.reason}`;
    await ledger.consoleAccess.note({ at: visit.now, person: grounds.actor, what });
    await withdrawLinks(desk, id, grounds, visit.now);
    return 'links';
  },
});

/** Leads to the page that the buyer has a link to. */
const page: Screen = {
  path: '/orders/:marketplace/:order/page',
  get: async (visit) => {
    const name = { marketplace: param(visit, 'marketplace'), mode: visit.mode, order: param(visit, 'order') };
    const { id } = await newestOf(visit, name);
    const address = await visit.parts.customerPage?.(id);
    if (address === undefined) throw notFound('Customers have no pages here.');
    return { redirect: address };
  },
};

export const customerDecisions: readonly Screen[] = [resend, links, page];
