/** What customers do by themselves, on SQLite: the port's acts. */
import { normalizeAddress } from '../../domain/address.ts';
import { type NewAnnouncement, TO_CUSTOMER } from '../../domain/announcement.ts';
import { MANUAL } from '../../domain/order.ts';
import {
  ADDRESS_CHANGED,
  CONFIRM_ADDRESS,
  changeBody,
  type LicensePeople,
  MOST_CHANGES,
  mayAnswer,
  mayConfirm,
  mayUndo,
  type SelfService,
} from '../../domain/self-service.ts';
import { type AddressChangeRow, addressChangeOf } from '../record/address-change-row.ts';
import { uuidV7 } from '../record/uuid-v7.ts';
import type { Access } from './access.ts';
import type { Acts } from './acts.ts';
import type { AddressChanges } from './address-changes.ts';
import type { Inquiries } from './inquiries.ts';
import type { LicensePapers, PaperRow } from './license-papers.ts';
import type { OutboxTable } from './outbox-table.ts';

interface Parts {
  readonly inquiries: Inquiries;
  readonly changes: AddressChanges;
  readonly papers: LicensePapers;
  readonly outbox: OutboxTable;
  readonly acts: Pick<Acts, 'changeAddress'>;
}

const NOTHING = { product: null, license: null, sequence: 0, revision: 0, text: null, body: null } as const;

export function selfService(parts: Parts, access: Access): SelfService {
  const { inquiries, changes, papers, outbox, acts } = parts;

  return {
    ask: (typed, now) =>
      access.write(() => {
        const inquiry = { channel: 'inquiry', target: 'customer', topic: 'asked', order: '' } as const;
        const about = { marketplace: MANUAL, mode: 'live', key: uuidV7(now) } as const;
        const added = outbox.add({ ...NOTHING, ...inquiry, ...about }, null, now);
        if (added === undefined) throw new TypeError('an inquiry is known already');
        inquiries.add(added.number, typed, now);
      }),
    typed: (announcement) => access.read(() => inquiries.get(announcement)),
    answer: (announcement, mails, now) =>
      access.write(() => {
        const counts = inquiries.answeredBefore(announcement, now);
        if (counts === undefined) return 'limited';
        if (inquiries.isAnswered(announcement)) return 'answer';
        const may = mayAnswer(counts);
        if (may !== 'answer') return may;
        for (const mail of mails) outbox.add(mail, papers.customerOf(mail.license), now);
        inquiries.noteAnswered(announcement, now);
        return may;
      }),
    peopleOf: (license) => access.read(() => peopleIn(papers.get(license))),
    generation: (license, at) => access.read(() => papers.generation(license, at)),
    newLinks: (licenses, now) =>
      access.write(() => {
        for (const license of licenses) papers.raise(license, now);
      }),
    handedTo: (licenses) => access.read(() => papers.notes(licenses)),
    noteHandedTo: (license, note) => access.write(() => papers.note(license, note)),
    askAddress: (license, address, now) =>
      access.write(() => {
        const row = papers.get(license);
        if (row?.customer == null || row.email === null) return 'unknown';
        if (normalizeAddress(row.email) === normalizeAddress(address)) return 'same';
        if (changes.countOf(row.customer, now) >= MOST_CHANGES) return 'too many';
        const { customer, order_id, marketplace, mode } = row;
        const ask = { license: Buffer.from(license), customer, order_id, marketplace, mode };
        const number = changes.add({ ...ask, new_address: address }, now);
        outbox.add(mailAbout(CONFIRM_ADDRESS, { ...ask, number }), customer, now);
        return 'asked';
      }),
    findChange: (number) => access.read(() => changes.find(number)),
    pendingChange: (license, now) =>
      access.read(() => {
        const customer = papers.customerOf(license);
        const row = customer === null ? undefined : changes.pendingOf(customer);
        const change = row && addressChangeOf(row);
        return change !== undefined && mayConfirm(change, now) ? change : undefined;
      }),
    confirmAddress: (number, now) =>
      access.write(() => {
        const row = changes.get(number);
        if (row === undefined || row.new_address === null || !mayConfirm(addressChangeOf(row), now))
          return false;
        const old_address = papers.get(row.license)?.email ?? null;
        if (!acts.changeAddress(row, row.new_address, 'the customer gave another address', now)) return false;
        changes.replace({ ...row, state: 'done', done_at: now, old_address });
        outbox.add(mailAbout(ADDRESS_CHANGED, row), row.customer, now);
        return true;
      }),
    undoAddress: (number, now) =>
      access.write(() => {
        const row = changes.get(number);
        if (row === undefined || row.old_address === null || !mayUndo(addressChangeOf(row), now))
          return false;
        const cause = 'the former address undid the change of address';
        if (!acts.changeAddress(row, row.old_address, cause, now)) return false;
        changes.replace({ ...row, state: 'undone', new_address: null, old_address: null });
        for (const license of papers.licensesOf(row.customer)) papers.raise(license, now);
        return true;
      }),
    forget: async (now) => {
      // Mostly there is nothing, and nothing is written.
      if (!(await access.read(() => inquiries.hasOld(now) || changes.hasOld(now)))) return;
      await access.write(() => {
        inquiries.forgetOld(now);
        changes.forgetOld(now);
      });
    },
  };
}

function peopleIn(row: PaperRow | undefined): LicensePeople {
  return { holder: row?.email ?? undefined, buyer: row?.buyer_email ?? undefined };
}

function mailAbout(
  topic: string,
  {
    number,
    license,
    order_id: order,
    marketplace,
    mode,
  }: Pick<AddressChangeRow, 'number' | 'license' | 'order_id' | 'marketplace' | 'mode'>,
): NewAnnouncement {
  const to = { channel: 'mail', target: TO_CUSTOMER, topic, marketplace, mode, order } as const;
  return { ...NOTHING, ...to, license, key: `address:${number}`, body: changeBody(number) };
}
