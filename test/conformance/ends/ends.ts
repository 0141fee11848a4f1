/**
 * The expected end of each sequence of ../shared/faults/seq, from the table there: written here, since the files have
 * none. The clock stands on 2026-11-20, so `@now+365d` is 2027-11-20, with 14 days of grace 2027-12-04, and
 * `@now+730d`, over a leap year, 2028-11-19.
 */

export interface End {
  /** The lines of an order's licenses, sorted (test/faults/seen.ts: told). */
  readonly told?: Readonly<Record<string, readonly (string | RegExp)[]>>;
  /** The texts of the sequence's `find` steps, in order. */
  readonly finds?: readonly RegExp[];
  /** Statuses by the number of the step, from 0; an absent call has 200. */
  readonly statuses?: Readonly<Record<number, number>>;
  /** A pattern for a step's answer, by its number. */
  readonly says?: Readonly<Record<number, RegExp>>;
  /** Kinds of flags that an order must have. */
  readonly flags?: Readonly<Record<string, readonly string[]>>;
  /** Feature bits of each license of an order. */
  readonly features?: Readonly<Record<string, readonly number[]>>;
  /** The paths in the license requests, in order, where a file lists several. */
  readonly paths?: readonly string[];
}

const EDITOR = 'editor: active for good, updates to 2027-11-20';

export const ENDS: Readonly<Record<string, End>> = {
  '01-renewal-refunded': {
    told: { C01: ['studio: active to 2027-12-04'] },
    finds: [/active to 2028-12-03/, /active to 2027-12-04/],
  },
  '03-paddle-partial': {
    told: { 'C03-1': [EDITOR], 'C03-5': Array(5).fill(EDITOR), 'C03-9-1': ['studio: active to 2027-12-04'] },
    flags: { 'C03-1': ['partial-refund'], 'C03-5': ['partial-refund'], 'C03-9-1': ['partial-refund'] },
  },
  '04-two-variations': {
    told: { C04: [EDITOR, EDITOR], C04b: [EDITOR, EDITOR, EDITOR] },
    paths: ['editor-personal', 'editor-commercial', 'editor-personal', 'editor-commercial'],
  },
  '06-free': {
    told: { C06: ['editor: revoked for good, updates to 2027-11-20'], C06p: [EDITOR] },
    finds: [/active/, /revoked/],
  },
  '07-test-then-live': { told: { C07: [EDITOR, `${EDITOR}, test`] } },
  '08-emoji-name': { told: { C08: [EDITOR], C08p: [EDITOR], C08e: [EDITOR] }, statuses: { 6: 0 } },
  '09-rtl-name': { told: { C09: [EDITOR], C09f: [EDITOR] }, statuses: { 2: 0 } },
  '10-paid-late': { told: { C10: ['studio: active to 2027-11-27'] }, statuses: { 2: 0 } },
  '11-trial': {
    told: { C11: ['studio: active to 2028-01-03'], C11b: [/^studio: \w+ to 2026-11-25$/] },
    finds: [/active to 2027-01-03/, /active to 2028-01-03/, /to 2026-11-25/],
  },
  // There is no charge for the new plan, so nothing of the old plan ends; a request is answered.
  '12-plan-swap': { told: { C12: [/^studio: active to 2027-12-04$/] }, says: { 9: /^[0-9A-Z]{160}$/m } },
  '13-tier-by-variation': {
    features: { C13: [3], C13b: [3] },
    flags: { C13: ['differs'] },
    paths: ['tiers-pro-yearly', 'tiers-basic-yearly'],
  },
  '14-pause-scheduled': {
    told: { C14: [/^studio: active to 2027-06-/], 'C14-p': [/^studio: active to 2027-06-/] },
  },
  '15-dispute-twice': { finds: [/suspended/, /active/, /suspended/] },
  '16-chargeback-of-rebill': { told: { C16: [/^studio: suspended/] } },
  '17-reseller': {
    told: { C17t: ['team: active for good, 50 seats'] },
    statuses: { 4: 0, 7: 0, 8: 400 },
  },
  '18-amount-back': { told: { C18: [EDITOR] }, flags: { C18: ['partial-refund'] } },
  '19-quantity-reset': { finds: [/^(studio: active.*\n?){3}$/, /^(studio: active.*\n?){3}$/] },
  '20-wrong-email': { finds: [/^editor: active[^\n]*$/, /^$/], says: { 4: /correct/ } },
  '21-file-edited': {
    told: { C21: ['editor: revoked for good, updates to 2027-11-20'] },
    finds: [/revoked/, /revoked/, /revoked/],
  },
  '22-maintenance': {
    told: { C22: [EDITOR], C22m: [EDITOR] },
    statuses: { 7: 1 },
    says: { 7: /extend/ },
    paths: ['editor-personal', 'editor-maintenance'],
  },
  '24-giveaway': { told: { 'bundle-2026': Array(100).fill(EDITOR) } },
  '26-lapsed': {
    told: { C26: ['studio: active to 2027-10-30'] },
    finds: [/suspended to 2026-10-30/, /active to 2027-10-30/],
  },
  '27-replaced-order': {
    told: { C27: ['editor: revoked for good, updates to 2027-11-20'], C27n: ['team: active for good'] },
    finds: [/editor: revoked[^\n]*\nteam: active/],
  },
  '40-uncancel-resume': {
    told: { C40: ['studio: active to 2027-12-04'] },
    finds: [/active to 2027-11-19/, /active to 2027-12-04/, /suspended/, /active to 2027-12-04/],
  },
  '41-renewed-never-mailed': { told: { C41: ['studio: active to 2028-12-03'] } },
  '42-completed-twice': { told: { C42: [EDITOR, EDITOR] }, finds: [/^(editor: active.*\n?){2}$/] },
};
