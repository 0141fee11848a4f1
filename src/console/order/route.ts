/** GET /console/MODE/orders/MARKETPLACE/ORDER: everything that the ledger holds of one order. */
import { eventsOf } from '../../domain/desk/order-events.ts';
import type { OrderStory } from '../../domain/ledger.ts';
import type { AnnouncementStory } from '../../domain/ports/outbox-ledger.ts';
import { AppError } from '../../errors.ts';
import { sayingOf } from '../decisions/sayings.ts';
import { notFound, param, query, type Screen, type Visit } from '../visit.ts';
import { downloadsOf } from './downloads.ts';
import { orderPage } from './page.ts';
import { storyOf } from './story.ts';
import { unknownOrder } from './unknown.ts';

export const order: Screen = {
  path: '/orders/:marketplace/:order',
  get: async (visit) => {
    const { ledger, textsSent } = visit.parts;
    const marketplace = param(visit, 'marketplace');
    const id = param(visit, 'order');
    const shown = await orderIn(visit, marketplace, id).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'unknown_page') return error.message;
      throw error;
    });
    if (typeof shown === 'string') return unknownOrder(visit, id, shown);
    const { licenses, owed, flags } = shown;
    const [events, texts, announcements, downloads] = await Promise.all([
      eventsOf(shown, ledger),
      textsSent(licenses),
      announcementsOf(visit, marketplace, id),
      downloadsOf(licenses, ledger.downloads),
    ]);
    const story = storyOf({ ...shown, events, texts, announcements, downloads });
    const body = orderPage(visit, {
      marketplace,
      order: id,
      licenses,
      owed,
      flags,
      story,
      soldAt: Math.min(...story.map(({ at }) => at), visit.now),
      did: sayingOf(query(visit, 'did')),
    });
    return { title: `Order ${id}`, nav: 'orders', counterpart: 'orders', body };
  },
};

/** The newest are the useful ones. */
const MOST_ANNOUNCEMENTS = 50;

async function announcementsOf(
  { parts, mode }: Visit,
  marketplace: string,
  order: string,
): Promise<readonly AnnouncementStory[]> {
  const { outbox } = parts.ledger;
  const found = await outbox.list({ order, marketplace, mode, limit: MOST_ANNOUNCEMENTS });
  const stories = await Promise.all(found.map(({ number }) => outbox.show(number)));
  return stories.filter((story) => story !== undefined);
}

/** What the ledger holds of an order in this mode. Throws AppError `unknown_page` if that is nothing. */
export async function orderIn(
  { parts, mode }: Pick<Visit, 'parts' | 'mode'>,
  marketplace: string,
  id: string,
): Promise<OrderStory> {
  const all = await parts.ledger.showOrder(id);
  const isIts = (each: { readonly marketplace: string; readonly mode: string }) =>
    each.marketplace === marketplace && each.mode === mode;
  const shown = {
    licenses: all.licenses.filter(isIts),
    owed: all.owed.filter(isIts),
    facts: all.facts.filter(isIts),
    flags: all.flags.filter(isIts),
  };
  if (Object.values(shown).some(({ length }) => length > 0)) return shown;
  const other = Object.values(all)
    .flat()
    .find(({ marketplace: of, mode }) => !isIts({ marketplace: of, mode }));
  const where = other === undefined ? '' : ` It is in ${other.mode} mode, at ${other.marketplace}.`;
  throw notFound(`The ledger has no ${mode} order ${id} of ${marketplace}.${where}`);
}
