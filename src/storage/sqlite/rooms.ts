/** The parts of a ledger on SQLite, over one connection. */
import type { OrderStory } from '../../domain/ledger-views.ts';
import type { ServiceRules } from '../../domain/rules.ts';
import { Sealer } from '../record/sealer.ts';
import { Acts } from './acts.ts';
import type { Connection } from './connection.ts';
import { Customers } from './customers.ts';
import { DueFinder } from './due.ts';
import { Events } from './events.ts';
import { Flags } from './flags.ts';
import { Forgetter } from './forgetting.ts';
import { StoryLoader } from './load.ts';
import { Messages } from './messages.ts';
import { OrderLister } from './order-list.ts';
import { OrderReader } from './orders.ts';
import { Pen } from './pens.ts';
import { People } from './people.ts';
import { RevocationLists } from './revocation-lists.ts';
import { Saver } from './save.ts';
import { SoldTerms } from './sold-terms.ts';
import { StoryFinder } from './stories.ts';
import { TermsTable } from './terms-table.ts';

export interface RoomOptions {
  readonly idSecret: Uint8Array;
  readonly rules: ServiceRules | undefined;
  /** Runs an act in a durable transaction. */
  readonly write: <T>(act: () => T) => Promise<T>;
}

export type Rooms = ReturnType<typeof createRooms>;

export function createRooms(connection: Connection, { idSecret, rules, write }: RoomOptions) {
  const sealer = new Sealer(idSecret);
  const pen = new Pen(connection, sealer);
  const sealed = { sealer, pen };
  const customers = new Customers(connection, sealed);
  const flags = new Flags(connection, sealed);
  const events = new Events(connection, sealed);
  const people = new People(connection, customers);
  const orders = new OrderReader(connection);
  const loader = new StoryLoader(connection);
  const soldTerms = new SoldTerms(connection);
  const saver = new Saver(connection, { ...sealed, customers, flags, soldTerms });
  const terms = new TermsTable(connection);
  const lister = new OrderLister(connection);
  const stories = new StoryFinder(connection, people);
  const decided = rules && { ...rules, findTerms: (digest: string) => terms.find(digest) };
  return {
    ...sealed,
    events,
    flags,
    people,
    orders,
    terms,
    soldTerms,
    lister,
    stories,
    acts: new Acts({ loader, saver, events, people, flags, rules: decided }),
    due: new DueFinder(connection),
    forgetter: new Forgetter(connection, { events, people, customers, write }),
    lists: new RevocationLists(connection, sealer),
    messages: new Messages(connection),
    /** All that is known of an order, in whatever marketplace and mode. */
    showOrder(order: string): OrderStory {
      const found = lister.marketsOf(order).map((market) => {
        const found = loader.loadOrder(order, market);
        const owed = found.owed.map((line) => ({ ...line, ...found.market }));
        const licenses = stories.byNumbers(found.licenses.map(({ number }) => number));
        return { licenses, owed, facts: found.facts, flags: found.flags };
      });
      return {
        licenses: found.flatMap(({ licenses }) => licenses),
        owed: found.flatMap(({ owed }) => owed),
        facts: found.flatMap(({ facts }) => facts),
        flags: found.flatMap(({ flags }) => flags),
      };
    },
  };
}
