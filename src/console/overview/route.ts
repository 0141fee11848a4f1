/** GET /console/MODE/: reads the parts of the overview in parallel. If one fails, the others are still shown. */
import { DOWNLOADS_COUNTED_FOR, MOST_DOWNLOADS } from '../../domain/ports/download.ts';
import type { DownloadedOften } from '../../domain/ports/ledger-reader.ts';
import type { OutboxCount } from '../../domain/ports/outbox-ledger.ts';
import { isHalted } from '../../domain/ports/outbox-target.ts';
import { dayOf } from '../../domain/values/day.ts';
import { ago, grouped } from '../text.ts';
import type { Screen, Visit } from '../visit.ts';
import { lastDayOf, overviewOf } from './figures.ts';
import { type HealthNote, overviewPage, type Part, titleOf } from './page.ts';

const LATEST = 8;
/** More than one screen holds; the lists have all. */
const MOST_NEEDS = 10;
/** Some of them may be of products with a higher limit. */
const MOST_OFTEN = 200;

export const overview: Screen = {
  path: '/',
  get: async (visit) => {
    const { parts, mode, now } = visit;
    const { reader } = parts;
    const today = dayOf(now);
    const [failed, flags, givenUp, held, targets, undone, often, days, latest, health] = await Promise.all([
      part(visit, reader.listEventPage({ mode, which: 'failed', limit: MOST_NEEDS })),
      part(visit, reader.findFlags({ settled: false, limit: 200 })),
      part(visit, reader.listAnnouncements({ mode, state: 'given-up', limit: MOST_NEEDS })),
      part(visit, reader.listAnnouncements({ mode, state: 'held', limit: MOST_NEEDS })),
      part(visit, reader.listTargets()),
      part(visit, visit.jobs.undone()),
      part(visit, downloadedOften(visit)),
      part(visit, reader.figures(mode, lastDayOf(today))),
      part(visit, reader.listOrderPage({ mode, limit: LATEST, now })),
      healthOf(visit),
    ]);
    // Only the first day shows them.
    const findings = latest?.length === 0 ? await part(visit, parts.examine()) : undefined;
    const body = overviewPage(visit, {
      failed,
      flags: flags?.filter((flag) => flag.mode === mode).slice(0, MOST_NEEDS),
      stuck: givenUp && held && [...givenUp, ...held],
      halted: targets?.filter(isHalted),
      undone: undone?.filter((job) => job.mode === null || job.mode === mode),
      often,
      figures: days && overviewOf(days, today),
      latest,
      findings,
      health,
    });
    return { title: 'Overview', nav: 'overview', body };
  },
};

/** Licenses that reached the limit of their product. */
async function downloadedOften({ parts, mode, now }: Visit): Promise<readonly DownloadedOften[]> {
  const limitOf = (product: string) => parts.catalog.get(product)?.downloads.limit ?? MOST_DOWNLOADS;
  const limits = parts.catalog.all().map(({ id }) => limitOf(id));
  const least = Math.min(MOST_DOWNLOADS, ...limits.filter((limit) => limit !== 'unlimited'));
  const since = now - DOWNLOADS_COUNTED_FOR;
  const found = await parts.reader.listDownloadedOften({ mode, since, least, limit: MOST_OFTEN });
  return found
    .filter(({ product, downloads }) => {
      const limit = limitOf(product);
      return limit !== 'unlimited' && downloads >= limit;
    })
    .slice(0, MOST_NEEDS);
}

async function part<T>({ parts, context }: Visit, reading: Promise<T>): Promise<Part<T>> {
  try {
    return await reading;
  } catch (error) {
    parts.log.error(
      { request: context.state.requestId, err: error },
      'a part of the overview cannot be read',
    );
    return undefined;
  }
}

async function healthOf({ parts, mode, now, context }: Visit): Promise<readonly HealthNote[]> {
  const writable = await parts.ledger.probe().then(
    () => true,
    (error: unknown) => {
      parts.log.error({ request: context.state.requestId, err: error }, 'the ledger cannot be written');
      return false;
    },
  );
  const [event] = await parts.reader.listEventPage({ mode, which: 'all', limit: 1 }).catch(() => []);
  const waiting = await parts.reader.countAnnouncements(mode).catch(() => undefined);
  const { shopAt } = parts.upkeep.noted();
  const key = parts.keyring.filter((entry) => entry.mode === mode).at(-1);
  return [
    { isGood: writable, text: writable ? 'ledger writable' : 'the ledger cannot be written' },
    event === undefined
      ? { isGood: false, text: 'no event yet' }
      : {
          isGood: true,
          text: `last event ${ago(event.receivedAt, now)}, ${titleOf({ parts }, event.marketplace)}`,
        },
    outboxNote(waiting),
    shopAt === undefined
      ? { isGood: false, text: 'no backup yet' }
      : { isGood: true, text: `backup ${ago(Date.parse(shopAt), now)}` },
    key === undefined
      ? { isGood: false, text: `no key signs ${mode} orders` }
      : { isGood: true, text: `key ${key.id} signs ${mode} orders` },
  ];
}

function outboxNote(counts: readonly OutboxCount[] | undefined): HealthNote {
  if (counts === undefined) return { isGood: false, text: 'the outbox cannot be read' };
  const all = counts.reduce((sum, { announcements }) => sum + announcements, 0);
  if (all === 0) return { isGood: true, text: 'outbox: nothing waits' };
  return {
    isGood: counts.every(({ state }) => state === 'waiting'),
    text: `outbox: ${grouped(all)} not sent`,
  };
}
