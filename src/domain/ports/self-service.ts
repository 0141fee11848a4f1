/**
 * What customers do by themselves, as the ledger sees it. Each method is one atomic act. What a customer typed stands
 * beside the table of people, in no announcement, and is deleted when it is done.
 */
import type { Market } from '../changes.ts';
import type { NewAnnouncement } from '../values/announcement.ts';

/** What was typed at the form for a lost code. */
export interface Typed {
  readonly order: string;
  readonly email: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

/** Counts of answered inquiries. The inquiry that is being decided is not included. */
export interface AnsweredCounts {
  readonly ofOrderInDay: number;
  readonly ofAddressInHour: number;
  readonly inHour: number;
}

/** Limits of answers to inquiries. */
export const MOST_OF_ORDER_IN_DAY = 5;
export const MOST_OF_ADDRESS_IN_HOUR = 3;
export const MOST_IN_HOUR = 200;

export type MayAnswer = 'answer' | 'limited' | 'later';

/** `limited`: never, and nobody is told. `later`: all customers together ask too much. */
export function mayAnswer({ ofOrderInDay, ofAddressInHour, inHour }: AnsweredCounts): MayAnswer {
  if (ofOrderInDay >= MOST_OF_ORDER_IN_DAY || ofAddressInHour >= MOST_OF_ADDRESS_IN_HOUR) return 'limited';
  return inHour >= MOST_IN_HOUR ? 'later' : 'answer';
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What was typed is deleted an hour later at the latest; that it was typed, and answered, is known for a day. */
export const TYPED_FOR = HOUR;
export const COUNTED_FOR = DAY;

/** A new address has a day to be confirmed; the former one has 14 days to undo the change. */
export const CONFIRM_WITHIN = DAY;
export const UNDO_WITHIN = 14 * DAY;
/** Changes that may be asked for in 30 days, for one customer of an order. */
export const MOST_CHANGES = 3;
export const CHANGES_COUNTED_FOR = 30 * DAY;

/** The topics of mails about a change of address; they are no topics of a product's text. */
export const CONFIRM_ADDRESS = 'address-confirm';
export const ADDRESS_CHANGED = 'address-changed';
/** To whoever asked about an order without a code to hand out. */
export const ASKED_IN_VAIN = 'asked-in-vain';
/** To the buyer of a gift who asked. */
export const ASKED_BY_BUYER = 'asked-buyer';

export type ChangeState = 'pending' | 'done' | 'undone' | 'over';

/** A change of a customer's address. */
export interface AddressChange extends Market {
  readonly number: number;
  /** 16 bytes: the license on whose page it was asked for. */
  readonly license: Uint8Array;
  readonly order: string;
  readonly state: ChangeState;
  readonly askedAt: number;
  readonly doneAt: number | null;
  /** null: deleted, since it is of no use any more. */
  readonly newAddress: string | null;
  readonly oldAddress: string | null;
}

/** The people of a license. Undefined: not known, or erased. */
export interface LicensePeople {
  readonly holder: string | undefined;
  /** Of a gift. */
  readonly buyer: string | undefined;
}

export type Asked = 'asked' | 'same' | 'too many' | 'unknown';

export interface SelfService {
  /** Writes an inquiry into the outbox, whatever was typed. Looks nothing up. */
  ask(typed: Omit<Typed, 'at'>, now: number): Promise<void>;
  /** What was typed for an inquiry; undefined: it is deleted. */
  typed(announcement: number): Promise<Typed | undefined>;
  /** Writes the mails that answer an inquiry, within the limits. */
  answer(announcement: number, mails: readonly NewAnnouncement[], now: number): Promise<MayAnswer>;
  peopleOf(license: Uint8Array): Promise<LicensePeople>;
  /** How often the links of a license were withdrawn up to a moment; default: up to now, whatever a clock says. */
  generation(license: Uint8Array, at?: number): Promise<number>;
  /** Withdraws all links of licenses. */
  newLinks(licenses: readonly Uint8Array[], now: number): Promise<void>;
  /** To whom units were handed, as the buyer notes it; by license id in hex. */
  handedTo(licenses: readonly Uint8Array[]): Promise<ReadonlyMap<string, string>>;
  /** An empty note deletes it. */
  noteHandedTo(license: Uint8Array, note: string): Promise<void>;
  /** Begins a change of address; an unconfirmed one is over. */
  askAddress(license: Uint8Array, address: string, now: number): Promise<Asked>;
  findChange(number: number): Promise<AddressChange | undefined>;
  /** The newest change that a customer of the license's order asked for and that waits. */
  pendingChange(license: Uint8Array, now: number): Promise<AddressChange | undefined>;
  /** Does the change: the history says so without the address, and the former address is told. False: too late. */
  confirmAddress(number: number, now: number): Promise<boolean>;
  /** Brings the former address back, and withdraws all links made since. False: too late. */
  undoAddress(number: number, now: number): Promise<boolean>;
  /** Deletes what was typed and addresses that are of no use any more. */
  forget(now: number): Promise<void>;
}

/** The body of an announcement about a change of address. */
export function changeBody(number: number): Uint8Array {
  return new TextEncoder().encode(String(number));
}

export function changeIn({ body }: { readonly body: Uint8Array | null }): number {
  return Number(new TextDecoder().decode(body ?? new Uint8Array()));
}

export function mayConfirm({ state, askedAt }: AddressChange, now: number): boolean {
  return state === 'pending' && now < askedAt + CONFIRM_WITHIN;
}

export function mayUndo({ state, doneAt, oldAddress }: AddressChange, now: number): boolean {
  return state === 'done' && oldAddress !== null && doneAt !== null && now < doneAt + UNDO_WITHIN;
}
