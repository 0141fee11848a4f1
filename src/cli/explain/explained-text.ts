/** Prints the result of `explain`. */
import type { LicenseStory } from '../../domain/ledger.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import type { Verdict } from '../../license-code/verdict.ts';
import { RUN } from '../../service/command.ts';
import { licenseJson } from '../license-text.ts';
import { printable } from '../printable.ts';
import type { Standing } from './standing.ts';

export interface Explained {
  /** The code as it was sent. */
  readonly code: string;
  readonly revision: number;
  readonly verdict: Verdict['verdict'] | 'genuine';
  /** Alterations that a reader undoes, and slips that it cannot undo. */
  readonly fixes: readonly string[];
  readonly slips: readonly string[];
  /** undefined: the ledger has no such license. */
  readonly standing: Standing | undefined;
}

export function explainedScreen(
  codes: readonly Explained[],
  customers: readonly LicenseStory[],
  whole: string | undefined,
): string {
  if (codes.length === 0) return nothingText(customers, whole);
  const blocks = codes.map(
    (code, index) => `${codes.length > 1 ? `Code ${index + 1}\n` : ''}${codeText(code)}`,
  );
  const pasted =
    whole === undefined
      ? ''
      : `\nA program that reads the whole text says: ${whole}. The line with the code alone is enough.\n`;
  return `${blocks.join('\n')}${pasted}`;
}

function codeText({ code, revision, verdict, fixes, slips, standing }: Explained): string {
  const paste = [...fixes, ...slips].join('; ') || 'as it was sent';
  if (standing === undefined) {
    return lines([
      `license     ${UNKNOWN[verdict] ?? 'no license of this service'}`,
      `pasted      ${paste}`,
      `code        ${code}`,
    ]);
  }
  const { license, why, send } = standing;
  const { id, product, unit, order, marketplace, mode, customer } = license;
  const person = [customer.name, customer.email].filter(Boolean).join(', ') || 'unknown';
  return lines([
    `license     ${formatLicenseId(id)}`,
    `product     ${product}, unit ${unit} of order ${order} (${marketplace}, ${mode})`,
    `customer    ${person}`,
    ...why.map((sentence, index) => `${index === 0 ? 'state ' : '      '}      ${sentence}`),
    `pasted      ${ageText(license, revision)}`,
    `            ${slips.length === 0 ? '' : verdict === 'genuine' ? 'a program repairs it: ' : 'cannot be read: '}${paste}`,
    send === null
      ? 'send        nothing: no code of this license unlocks anything now'
      : send === code && slips.length === 0
        ? 'send        the same code again, on a line of its own:'
        : 'send        this code, on a line of its own:',
    ...(send === null ? [] : [send]),
  ]);
}

/** Why a readable code has no license in this ledger. */
const UNKNOWN: Partial<Record<Explained['verdict'], string>> = {
  genuine: 'genuine, but not in the ledger: was the ledger restored from a backup?',
  'wrong-product': 'of a product that was never sold here',
  'unknown-key': 'signed with a key that is not in this keyring',
  forged: 'not genuine: no key of this keyring signed it',
};

function ageText(license: LicenseStory, revision: number): string {
  if (revision === license.revision) return `the newest code, revision ${revision}`;
  return revision < license.revision
    ? `an older code: revision ${revision}, and the newest is ${license.revision}`
    : `a newer code than the ledger knows: revision ${revision}, and the ledger has ${license.revision}`;
}

function nothingText(customers: readonly LicenseStory[], whole: string | undefined): string {
  const said = `There is no license code in this text${whole === undefined ? '' : `; a program says: ${whole}`}.\n`;
  if (customers.length === 0) {
    return `${said}Ask for the order number or the e-mail address, then  ${RUN} ledger find TEXT\n`;
  }
  const found = customers.map(
    ({ id, product, order, state }) => `  ${formatLicenseId(id)}  ${product}, order ${order}, ${state}`,
  );
  return `${said}Licenses of the orders and addresses in it:\n${lines(found)}`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${printable(text)}\n`).join('');
}

export function explainedJson(codes: readonly Explained[], customers: readonly LicenseStory[]) {
  return {
    codes: codes.map(({ standing, ...code }) => ({
      ...code,
      license: standing === undefined ? null : licenseJson(standing.license),
      successor: standing?.successor === undefined ? null : formatLicenseId(standing.successor.id),
      why: standing?.why ?? [],
      send: standing?.send ?? null,
    })),
    customers: customers.map(licenseJson),
  };
}
