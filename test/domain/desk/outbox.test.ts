import test from 'ava';
import { dropAnnouncement, pauseTarget, resumeTarget, sendAgain } from '../../../src/domain/desk/outbox.ts';
import type { AnnouncementStory, OutboxLedger } from '../../../src/domain/ports/outbox-ledger.ts';
import type { AnnouncementState } from '../../../src/domain/values/announcement.ts';
import { GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger } from '../../kit/desk-ledger.ts';

const BECAUSE = 'ada: ticket 17';

/** A desk whose outbox has announcement 7 in a state, and answers an act as given. */
function deskWith(state: AnnouncementState | undefined, answers: Partial<Record<string, unknown>> = {}) {
  const asked: unknown[] = [];
  const announcement = { number: 7, state };
  const act =
    (name: string) =>
    async (...given: unknown[]) => {
      asked.push([name, ...given]);
      return answers[name];
    };
  const outbox = {
    ...{ sendAgain: act('sendAgain'), repeat: act('repeat'), drop: act('drop') },
    ...{ pause: act('pause'), resume: act('resume') },
    show: async (number: number) =>
      number === 7 && state !== undefined
        ? ({ announcement, tries: [] } as unknown as AnnouncementStory)
        : undefined,
  } as unknown as OutboxLedger;
  return { desk: fakeLedger({ outbox }), asked, announcement };
}

test('what was given up waits again, and what was sent is copied, each with the reason', async (t) => {
  const again = deskWith('waiting', { sendAgain: true });
  const { announcement } = again;
  t.deepEqual(await sendAgain(again.desk, 7, GROUNDS, NOW), { outcome: 'again', announcement } as object);
  t.deepEqual(again.asked, [['sendAgain', 7, NOW, BECAUSE]]);
  const copied = deskWith('sent', { sendAgain: false, repeat: 8 });
  t.deepEqual(await sendAgain(copied.desk, 7, GROUNDS, NOW), {
    ...{ outcome: 'copied', announcement: copied.announcement, copy: 8 },
  } as object);
  t.deepEqual(copied.asked, [
    ['sendAgain', 7, NOW, BECAUSE],
    ['repeat', 7, NOW, BECAUSE],
  ]);
});

test('what waits, or was dropped, is not sent again, and what is not there is unknown', async (t) => {
  const { desk } = deskWith('dropped', { sendAgain: false });
  t.deepEqual(await sendAgain(desk, 7, GROUNDS, NOW), { outcome: 'refused', state: 'dropped' });
  t.deepEqual(await sendAgain(deskWith(undefined).desk, 7, GROUNDS, NOW), { outcome: 'unknown' });
});

test('what was not sent is dropped, with the reason', async (t) => {
  const { desk, asked } = deskWith('dropped', { drop: true });
  t.deepEqual(await dropAnnouncement(desk, 7, GROUNDS, NOW), { outcome: 'dropped' });
  t.deepEqual(asked, [['drop', 7, NOW, BECAUSE]]);
  const sent = deskWith('sent', { drop: false });
  t.deepEqual(await dropAnnouncement(sent.desk, 7, GROUNDS, NOW), { outcome: 'refused', state: 'sent' });
  t.deepEqual(await dropAnnouncement(deskWith(undefined).desk, 7, GROUNDS, NOW), { outcome: 'unknown' });
});

test('a target is paused with a reason and goes on without one; a second time changes nothing', async (t) => {
  const crm = { channel: 'webhook', target: 'crm' } as const;
  const first = deskWith(undefined, { pause: true, resume: true });
  t.is(await pauseTarget(first.desk, crm, GROUNDS, NOW), 'paused');
  t.is(await resumeTarget(first.desk, crm, NOW), 'resumed');
  t.deepEqual(first.asked, [
    ['pause', 'webhook', 'crm', NOW, BECAUSE],
    ['resume', 'webhook', 'crm', NOW],
  ]);
  const second = deskWith(undefined, { pause: false, resume: false });
  t.is(await pauseTarget(second.desk, crm, GROUNDS, NOW), 'unchanged');
  t.is(await resumeTarget(second.desk, crm, NOW), 'unchanged');
});
