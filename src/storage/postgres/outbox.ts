/** The ledger's port of the outbox, on PostgreSQL. Its times are by the database's clock, whatever the caller's clock says. */
import type { Market } from '../../domain/changes.ts';
import type { OutboxCount, OutboxLedger } from '../../domain/ports/outbox-ledger.ts';
import { paused } from '../../domain/ports/outbox-target.ts';
import type { ChannelName } from '../../domain/values/announcement.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import type { Components } from '../sqlite/components.ts';
import { inPages, PAGE } from '../sqlite/outbox/outbox.ts';
import { overdueInquiries } from './customer-loads.ts';
import { licensesById } from './loads.ts';
import { type Need, nameIn } from './needs.ts';
import { listAnnouncements } from './outbox-list.ts';
import {
  announcement,
  dueAt,
  LEASED,
  needOf,
  OUTBOX_LOCK,
  overdueAt,
  overdueOf,
  sameAs,
  soonestAt,
  TARGETS,
  triesOf,
  writtenAs,
} from './outbox-loads.ts';
import type { GroupCommit } from './session/group-commit.ts';
import type { ReadLane } from './session/read-lane.ts';
import { READ_TIME, type SharedClock } from './session/shared-clock.ts';

export function outboxPort(commits: GroupCommit, reads: ReadLane, clock: SharedClock): OutboxLedger {
  const write = <T>(need: Need, act: (outbox: Components['outbox']) => T) =>
    commits.run(need, ({ outbox }) => act(outbox));
  const read = <T>(loads: Need['loads'], query: (outbox: Components['outbox']) => T) =>
    reads.read(loads === undefined ? {} : { loads }, ({ outbox }) => query(outbox));
  const locked = (...loads: NonNullable<Need['loads']>): Need => ({ locks: [OUTBOX_LOCK], loads });
  const makeDue = (channel: ChannelName, target: string, now: number) => {
    // One moment for all pages: what a page made due is not overdue in the next one.
    const at = clock.at(now);
    const overdue = overdueOf({ before: at, most: PAGE, channel, target });
    return inPages(() =>
      write(locked(TARGETS, overdue), ({ queue }) => queue.makeDue(channel, target, at, PAGE)),
    );
  };
  return {
    announce: (announcements, now) =>
      write(
        {
          loads: [
            TARGETS,
            ...announcements.map(({ order, topic, channel, target, key, marketplace, mode }) =>
              writtenAs({ order, topic, channel, target, key, marketplace, mode }),
            ),
            ...announcements.flatMap(({ license }) =>
              license === null ? [] : licensesById({ id: Buffer.from(license).toString('hex') }),
            ),
          ],
        },
        (outbox) => outbox.announce(announcements, now),
      ),
    claim: (query) =>
      write(
        locked(TARGETS, LEASED, dueAt({ now: clock.toStatement(query.now), most: query.most })),
        ({ queue }) => {
          const now = clock.at(query.now);
          return queue.claim({ ...query, now, lease: now + query.lease - query.now });
        },
      ),
    async note(tried) {
      const { number } = tried;
      const names = await namesOf(reads, number);
      const need = needOf(number, triesOf({ number }));
      const back = await write({ ...need, names }, ({ queue }) => {
        const at = clock.at(tried.at);
        return queue.note({ ...tried, at, next: tried.next && at + tried.next - tried.at });
      });
      if (back !== undefined) await makeDue(back.channel, back.target, tried.at);
    },
    release: (claimed) =>
      write(locked(...claimed.flatMap(({ number }) => needOf(number).loads ?? [])), ({ queue }) =>
        queue.release(claimed),
      ),
    nextDue: (channels, now) =>
      read([READ_TIME, TARGETS, LEASED, soonestAt({ now: clock.toStatement(now) })], ({ queue }) => {
        const at = clock.at(now);
        const next = queue.nextDue(channels, at);
        return next && now + next - at;
      }),
    hold: (moment) => {
      const before = clock.shared(moment);
      return inPages(() =>
        write(locked(TARGETS, overdueAt({ before, most: PAGE }), overdueInquiries({ before })), ({ queue }) =>
          queue.hold(before, PAGE),
        ),
      );
    },
    sendAgain: (number, now, reason) =>
      write(needOf(number), ({ desk }) => desk.sendAgain(number, clock.at(now), reason)),
    repeat: (number, now, reason) =>
      write(needOf(number, sameAs({ number })), ({ desk }) => desk.repeat(number, clock.at(now), reason)),
    drop: (number, now, reason) =>
      write(needOf(number), ({ desk }) => desk.drop(number, clock.at(now), reason)),
    list: (query) => listAnnouncements(reads, query),
    show: (number) => read([announcement({ number }), triesOf({ number })], ({ desk }) => desk.show(number)),
    pause: (channel, target, now, reason) =>
      write(locked(TARGETS), ({ targets }) =>
        targets.change(channel, target, (of) => paused(of, clock.at(now), reason)),
      ),
    async resume(channel, target, now) {
      if (!(await read([TARGETS], ({ queue }) => queue.isHalted(channel, target)))) return false;
      await makeDue(channel, target, now);
      return write(locked(TARGETS), ({ queue }) => queue.resume(channel, target));
    },
    targets: () => read([TARGETS], ({ targets }) => targets.all()),
    async count() {
      const rows = await reads.rows(`
        SELECT channel, state, count(*) AS announcements, min(at) AS oldest FROM outbox
        WHERE state IN ('waiting', 'held', 'given-up') GROUP BY channel, state ORDER BY channel, state`);
      return rows as unknown as readonly OutboxCount[];
    },
    forget: (before) => forget(commits, reads, clock.shared(before)),
  };
}

/** The name of the announcement's order: a sent mail changes its licenses. */
async function namesOf(reads: ReadLane, number: number): Promise<readonly string[]> {
  const rows = await reads.search(
    `SELECT order_id, marketplace, mode FROM outbox WHERE number = $1 AND order_id <> ''`,
    [number],
  );
  return (rows as unknown as readonly (Market & { readonly order_id: string })[]).map((row) =>
    nameIn(row, orderSubject(row.order_id)),
  );
}

async function forget(commits: GroupCommit, reads: ReadLane, before: number): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const rows = await reads.rows(
      `SELECT number FROM outbox o
      WHERE done_at < $1 AND (body IS NOT NULL AND state <> 'given-up'
        OR EXISTS (SELECT FROM outbox_try WHERE announcement = o.number AND answer IS NOT NULL))
      LIMIT ${PAGE}`,
      [before],
    );
    const numbers = rows.map(({ number }) => Number(number));
    if (numbers.length === 0) return forgotten;
    const loads = numbers.flatMap((number) => [...(needOf(number).loads ?? []), triesOf({ number })]);
    forgotten += await commits.run({ locks: [OUTBOX_LOCK], loads }, ({ outbox }) =>
      outbox.desk.forget(numbers),
    );
  }
}
