/** What customers do by themselves: the port's acts, and the port on SQLite. */
import { ADDRESS_NOTES } from '../../domain/announcements/corrected.ts';
import {
  ADDRESS_CHANGED,
  type AddressChange,
  type Asked,
  CONFIRM_ADDRESS,
  changeBody,
  type LicensePeople,
  type MayAnswer,
  MOST_CHANGES,
  mayAnswer,
  mayConfirm,
  mayUndo,
  type SelfService,
  type Typed,
} from '../../domain/ports/self-service.ts';
import { normalizeAddress } from '../../domain/values/address.ts';
import { type NewAnnouncement, TO_CUSTOMER } from '../../domain/values/announcement.ts';
import { MANUAL } from '../../domain/values/order.ts';
import { type AddressChangeRow, addressChangeOf } from '../record/address-change-row.ts';
import { uuidV7 } from '../record/uuid-v7.ts';
import type { Access } from './access.ts';
import type { Acts } from './acts.ts';
import type { AddressChanges } from './address-changes.ts';
import type { Inquiries } from './inquiries.ts';
import type { LicensePapers } from './license-papers.ts';
import type { OutboxTable } from './outbox/outbox-table.ts';

export interface SelfServiceTables {
  readonly inquiries: Inquiries;
  readonly changes: AddressChanges;
  readonly papers: LicensePapers;
  readonly outbox: OutboxTable;
  readonly acts: Pick<Acts, 'changeAddress'>;
}

const NOTHING = { product: null, license: null, sequence: 0, revision: 0, text: null, body: null } as const;

/** The port's acts. Writes need a transaction. */
export class SelfServiceActs {
  readonly #inquiries: Inquiries;
  readonly #changes: AddressChanges;
  readonly #papers: LicensePapers;
  readonly #outbox: OutboxTable;
  readonly #acts: Pick<Acts, 'changeAddress'>;

  constructor({ inquiries, changes, papers, outbox, acts }: SelfServiceTables) {
    this.#inquiries = inquiries;
    this.#changes = changes;
    this.#papers = papers;
    this.#outbox = outbox;
    this.#acts = acts;
  }

  ask(typed: Omit<Typed, 'at'>, now: number): void {
    const inquiry = { channel: 'inquiry', target: 'customer', topic: 'asked', order: '' } as const;
    const about = { marketplace: MANUAL, mode: 'live', key: uuidV7(now) } as const;
    const added = this.#outbox.add({ ...NOTHING, ...inquiry, ...about }, null, now);
    if (added === undefined) throw new TypeError('an inquiry is known already');
    this.#inquiries.add(added.number, typed, now);
  }

  typed(announcement: number): Typed | undefined {
    return this.#inquiries.get(announcement);
  }

  answer(announcement: number, mails: readonly NewAnnouncement[], now: number): MayAnswer {
    const counts = this.#inquiries.answeredBefore(announcement, now);
    if (counts === undefined) return 'limited';
    if (this.#inquiries.isAnswered(announcement)) return 'answer';
    const may = mayAnswer(counts);
    if (may !== 'answer') return may;
    for (const mail of mails) this.#outbox.add(mail, this.#papers.customerOf(mail.license), now);
    this.#inquiries.noteAnswered(announcement, now);
    return may;
  }

  peopleOf(license: Uint8Array): LicensePeople {
    const row = this.#papers.get(license);
    return { holder: row?.email ?? undefined, buyer: row?.buyer_email ?? undefined };
  }

  generation(license: Uint8Array, at: number | undefined): number {
    return this.#papers.generation(license, at);
  }

  newLinks(licenses: readonly Uint8Array[], now: number): void {
    for (const license of licenses) this.#papers.raise(license, now);
  }

  handedTo(licenses: readonly Uint8Array[]): ReadonlyMap<string, string> {
    return this.#papers.notes(licenses);
  }

  noteHandedTo(license: Uint8Array, note: string): void {
    this.#papers.note(license, note);
  }

  askAddress(license: Uint8Array, address: string, now: number): Asked {
    const row = this.#papers.get(license);
    if (row?.customer == null || row.email === null) return 'unknown';
    if (normalizeAddress(row.email) === normalizeAddress(address)) return 'same';
    if (this.#changes.countOf(row.customer, now) >= MOST_CHANGES) return 'too many';
    const { customer, order_id, marketplace, mode } = row;
    const ask = { license: Buffer.from(license), customer, order_id, marketplace, mode };
    const number = this.#changes.add({ ...ask, new_address: address }, now);
    this.#outbox.add(mailAbout(CONFIRM_ADDRESS, { ...ask, number }), customer, now);
    return 'asked';
  }

  findChange(number: number): AddressChange | undefined {
    return this.#changes.find(number);
  }

  pendingChange(license: Uint8Array, now: number): AddressChange | undefined {
    const customer = this.#papers.customerOf(license);
    const row = customer === null ? undefined : this.#changes.pendingOf(customer);
    const change = row && addressChangeOf(row);
    return change !== undefined && mayConfirm(change, now) ? change : undefined;
  }

  confirmAddress(number: number, now: number): boolean {
    const row = this.#changes.get(number);
    if (row === undefined || row.new_address === null || !mayConfirm(addressChangeOf(row), now)) return false;
    const old_address = this.#papers.get(row.license)?.email ?? null;
    if (!this.#acts.changeAddress(row, row.new_address, ADDRESS_NOTES.changed, now)) return false;
    this.#changes.replace({ ...row, state: 'done', done_at: now, old_address });
    this.#outbox.add(mailAbout(ADDRESS_CHANGED, row), row.customer, now);
    return true;
  }

  undoAddress(number: number, now: number): boolean {
    const row = this.#changes.get(number);
    if (row === undefined || row.old_address === null || !mayUndo(addressChangeOf(row), now)) return false;
    if (!this.#acts.changeAddress(row, row.old_address, ADDRESS_NOTES.undone, now)) return false;
    this.#changes.replace({ ...row, state: 'undone', new_address: null, old_address: null });
    this.#changes.endLater(row);
    this.newLinks(this.#papers.licensesOf(row.customer), now);
    return true;
  }

  hasOld(now: number): boolean {
    return this.#inquiries.hasOld(now) || this.#changes.hasOld(now);
  }

  forgetOld(now: number): void {
    this.#inquiries.forgetOld(now);
    this.#changes.forgetOld(now);
  }

  /** What erased customers, and everybody with an address, gave by themselves. */
  forgetOf(customers: readonly number[], address: string | undefined): void {
    this.#changes.forgetOf(customers, address);
    this.#papers.forgetOf(customers);
    if (address !== undefined) this.#inquiries.forgetOf(address);
  }
}

export function selfService(acts: SelfServiceActs, access: Access): SelfService {
  return {
    ask: (typed, now) => access.write(() => acts.ask(typed, now)),
    typed: (announcement) => access.read(() => acts.typed(announcement)),
    answer: (announcement, mails, now) => access.write(() => acts.answer(announcement, mails, now)),
    peopleOf: (license) => access.read(() => acts.peopleOf(license)),
    generation: (license, at) => access.read(() => acts.generation(license, at)),
    newLinks: (licenses, now) => access.write(() => acts.newLinks(licenses, now)),
    handedTo: (licenses) => access.read(() => acts.handedTo(licenses)),
    noteHandedTo: (license, note) => access.write(() => acts.noteHandedTo(license, note)),
    askAddress: (license, address, now) => access.write(() => acts.askAddress(license, address, now)),
    findChange: (number) => access.read(() => acts.findChange(number)),
    pendingChange: (license, now) => access.read(() => acts.pendingChange(license, now)),
    confirmAddress: (number, now) => access.write(() => acts.confirmAddress(number, now)),
    undoAddress: (number, now) => access.write(() => acts.undoAddress(number, now)),
    forget: async (now) => {
      // Mostly there is nothing, and nothing is written.
      if (await access.read(() => acts.hasOld(now))) await access.write(() => acts.forgetOld(now));
    },
  };
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
