/** What customers do by themselves, on PostgreSQL: what each act of the port needs. */
import type { SelfService } from '../../domain/ports/self-service.ts';
import type { NewAnnouncement } from '../../domain/values/announcement.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { countedSince, oldBefore } from '../sqlite/inquiries.ts';
import type { SelfServiceActs } from '../sqlite/self-service.ts';
import {
  ADDRESS_LOCK,
  answeredWith,
  changeOf,
  changesOfCustomer,
  changesOfHolder,
  INQUIRY_LOCK,
  inquiryOf,
  inquiryToRead,
  linksOf,
  linksOfCustomer,
  newestChange,
  noteOf,
  oldInquiries,
  oldToRead,
  openChanges,
} from './customer-loads.ts';
import { customerOf, licensesById, licensesOfCustomer } from './loads.ts';
import { type Load, type Need, nameIn } from './needs.ts';
import { TARGETS, writtenAs } from './outbox-loads.ts';
import type { GroupCommit } from './session/group-commit.ts';
import type { ReadLane } from './session/read-lane.ts';
import type { SharedClock } from './session/shared-clock.ts';

/** Old inquiries forgotten in one act. */
const PAGE = 500;

const hex = (id: Uint8Array) => Buffer.from(id).toString('hex');

/** The rows of changes of addresses that are open: some days' worth. */
export const ALL_OPEN: Load = openChanges({ most: 1_000_000 });

/** The rows have the times of the shared clock: limits and terms are counted over what all instances wrote. */
export function selfServicePort(commits: GroupCommit, reads: ReadLane, clock: SharedClock): SelfService {
  const write = <T>(need: Need, act: (acts: SelfServiceActs) => T) =>
    commits.run(need, ({ selfService }) => act(selfService));
  const read = <T>(loads: readonly Load[], query: (acts: SelfServiceActs) => T) =>
    reads.read({ loads }, ({ selfService }) => query(selfService));

  /** A change of address is about its order, its customer and all the customer's licenses. */
  async function change(number: number, act: (acts: SelfServiceActs) => boolean): Promise<boolean> {
    const [row] = await reads.search(
      'SELECT customer, order_id, marketplace, mode FROM address_change WHERE number = $1',
      [number],
    );
    if (row === undefined) return false;
    const customer = Number(row['customer']);
    const market = { marketplace: row['marketplace'] as Marketplace, mode: row['mode'] as Mode };
    return write(
      {
        names: [nameIn(market, orderSubject(String(row['order_id'])))],
        locks: [ADDRESS_LOCK],
        loads: [
          TARGETS,
          changeOf({ number }),
          changesOfCustomer({ customer }),
          customerOf({ number: customer }),
          ...licensesOfCustomer({ customer }),
          linksOfCustomer({ customer }),
        ],
      },
      act,
    );
  }

  return {
    ask: (typed, now) => write({ loads: [TARGETS] }, (acts) => acts.ask(typed, clock.at(now))),
    typed: (number) => read([inquiryToRead({ number })], (acts) => acts.typed(number)),
    answer(number, mails, now) {
      const at = clock.at(now);
      const need = {
        locks: [INQUIRY_LOCK],
        loads: [
          TARGETS,
          inquiryOf({ number }),
          answeredWith({ number, ...countedSince(at) }),
          ...mails.flatMap(mailLoads),
        ],
      };
      return write(need, (acts) => acts.answer(number, mails, at));
    },
    peopleOf: (license) => read(licensesById({ id: hex(license) }), (acts) => acts.peopleOf(license)),
    generation: (license, at) =>
      read([linksOf({ id: hex(license) })], (acts) => acts.generation(license, at)),
    newLinks: (licenses, now) =>
      write({ loads: licenses.map((id) => linksOf({ id: hex(id) })) }, (acts) =>
        acts.newLinks(licenses, clock.at(now)),
      ),
    handedTo: (licenses) =>
      read(
        licenses.map((id) => noteOf({ id: hex(id) })),
        (acts) => acts.handedTo(licenses),
      ),
    noteHandedTo: (license, note) =>
      write({ loads: [noteOf({ id: hex(license) })] }, (acts) => acts.noteHandedTo(license, note)),
    askAddress: (license, address, now) =>
      write(
        {
          locks: [ADDRESS_LOCK],
          loads: [
            TARGETS,
            newestChange({ most: 1 }),
            changesOfHolder({ id: hex(license) }),
            ...licensesById({ id: hex(license) }),
          ],
        },
        (acts) => acts.askAddress(license, address, clock.at(now)),
      ),
    findChange: (number) => read([changeOf({ number })], (acts) => acts.findChange(number)),
    pendingChange: (license, now) =>
      read([changesOfHolder({ id: hex(license) }), ...licensesById({ id: hex(license) })], (acts) =>
        acts.pendingChange(license, clock.at(now)),
      ),
    confirmAddress: (number, now) => change(number, (acts) => acts.confirmAddress(number, clock.at(now))),
    undoAddress: (number, now) => change(number, (acts) => acts.undoAddress(number, clock.at(now))),
    async forget(now) {
      const at = clock.at(now);
      const old = { ...oldBefore(at), most: PAGE };
      const need = { locks: [ADDRESS_LOCK, INQUIRY_LOCK], loads: [oldInquiries(old), ALL_OPEN] };
      // Mostly there is nothing, and nothing is written.
      while (await read([oldToRead(old), ALL_OPEN], (acts) => acts.hasOld(at)))
        await write(need, (acts) => acts.forgetOld(at));
    },
  };
}

/** Whether a mail was written, and whose license it is about. */
function mailLoads({
  license,
  order,
  topic,
  channel,
  target,
  key,
  marketplace,
  mode,
}: NewAnnouncement): readonly Load[] {
  return [
    writtenAs({ order, topic, channel, target, key, marketplace, mode }),
    ...(license === null ? [] : licensesById({ id: hex(license) })),
  ];
}
