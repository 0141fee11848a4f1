/** All screens, in the order in which their paths are tried. */
import { licenseDecision } from './decisions/license.ts';
import { downloads, tryDownload } from './downloads/route.ts';
import { event, events, payload, replay, settle } from './events/route.ts';
import { flag } from './flags/route.ts';
import { goLive } from './go-live/route.ts';
import { job, jobs } from './jobs/route.ts';
import { license, licenses } from './licenses/route.ts';
import { customerDecisions } from './order/customer-decisions.ts';
import { orderDecisions } from './order/decisions.ts';
import { order } from './order/route.ts';
import { orders } from './orders/route.ts';
import { channel, drop, sendAnnouncement } from './outbox/decisions.ts';
import { announcement, outbox } from './outbox/route.ts';
import { overview } from './overview/route.ts';
import { apply } from './products/apply.ts';
import { mail, product, products } from './products/route.ts';
import { search } from './search/route.ts';
import { endSession, looks, removePasskey, settings } from './settings/route.ts';
import { tryOrder } from './try/route.ts';
import { compromised } from './upkeep/compromised.ts';
import { upkeepScreens } from './upkeep/route.ts';
import { notFound, type Screen } from './visit.ts';

/** Every other address, so that its page has the frame. */
const nothing: Screen = {
  path: '/*rest',
  get: async () => {
    throw notFound('There is nothing at this address.');
  },
};

export const SCREENS: readonly Screen[] = [
  overview,
  orders,
  order,
  ...orderDecisions,
  ...customerDecisions,
  licenses,
  license,
  licenseDecision,
  events,
  event,
  payload,
  replay,
  settle,
  flag,
  outbox,
  announcement,
  sendAnnouncement,
  drop,
  channel,
  products,
  product,
  mail,
  apply,
  downloads,
  tryDownload,
  jobs,
  job,
  goLive,
  ...upkeepScreens,
  compromised,
  settings,
  looks,
  endSession,
  removePasskey,
  search,
  tryOrder,
  nothing,
];
