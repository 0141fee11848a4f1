/** GET /console/MODE/outbox and one announcement of it. */
import type { AnnouncementStory } from '../../domain/ports/outbox-ledger.ts';
import { ANNOUNCEMENT_STATES } from '../../domain/values/announcement.ts';
import { sayingOf } from '../decisions/sayings.ts';
import { notFound, param, query, type Screen, type Visit } from '../visit.ts';
import { announcementPage, outboxPage } from './page.ts';

const A_PAGE = 50;

export const outbox: Screen = {
  path: '/outbox',
  get: async (visit) => {
    const { parts, mode } = visit;
    const { reader } = parts;
    const state = ANNOUNCEMENT_STATES.find((each) => each === query(visit, 'state'));
    const before = Number(query(visit, 'before'));
    const [found, counts, targets] = await Promise.all([
      reader.listAnnouncements({
        mode,
        limit: A_PAGE,
        ...(state && { state }),
        ...(before > 0 && { before }),
      }),
      reader.countAnnouncements(mode),
      reader.listTargets(),
    ]);
    const last = found.at(-1)?.number;
    const next = found.length >= A_PAGE ? last : undefined;
    const did = sayingOf(query(visit, 'did'));
    const body = outboxPage(visit, { state, found, next, counts, targets, did });
    return { title: 'Outbox', nav: 'outbox', counterpart: 'outbox', body };
  },
};

export const announcement: Screen = {
  path: '/outbox/:number',
  get: async (visit) => {
    const story = await announcementIn(visit);
    const mail = await visit.parts.composeMail(story.announcement);
    const body = announcementPage(visit, story, { mail, did: sayingOf(query(visit, 'did')) });
    return { title: `Outbox ${story.announcement.number}`, nav: 'outbox', counterpart: 'outbox', body };
  },
};

/** Throws AppError `unknown_page` if this mode has no such announcement. */
export async function announcementIn(visit: Visit): Promise<AnnouncementStory> {
  const number = Number(param(visit, 'number'));
  const story = Number.isSafeInteger(number) ? await visit.parts.ledger.outbox.show(number) : undefined;
  if (story === undefined || story.announcement.mode !== visit.mode)
    throw notFound(`There is no announcement ${param(visit, 'number')} in this mode.`);
  return story;
}
