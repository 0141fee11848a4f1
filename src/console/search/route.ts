/** POST /console/MODE/search: a license id or code, an order, part of a name or address, a whole pasted mail. */
import type { LicenseStory } from '../../domain/ledger.ts';
import type { Mode } from '../../domain/values/order.ts';
import { type DamagedCode, damagedCodes } from '../../explain/damaged.ts';
import { lettersOf } from '../../explain/letters.ts';
import { repairedCodes } from '../../explain/repaired.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { createCodeReader } from '../../keyring/code-reader.ts';
import { licenseIdOfCode } from '../../keyring/minter.ts';
import { findCodes } from '../../license-code/find-codes.ts';
import { formatLicenseId, parseLicenseId } from '../../license-code/license-id.ts';
import { replacementNote } from '../licenses/replaced.ts';
import { person } from '../person.ts';
import { stateTag } from '../state-tag.ts';
import { countedThings } from '../text.ts';
import { at, type Screen, type Visit } from '../visit.ts';

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const ADDRESS = /[^\s<>"(),;:]+@[^\s<>"(),;:]+/;
const MOST = 50;
/** The beginning of a code by which its license is known, in characters. */
const SHORTEST_DAMAGED = 40;
const SHORTEST_PART = 2;
/** What stands in the field again: a whole mail does not. */
const LONGEST_SHOWN = 200;

export const search: Screen = {
  path: '/search',
  get: async (visit) => ({ redirect: at(visit, '') }),
  post: async (visit) => {
    const text = (visit.form.get('q') ?? '').trim();
    const all = text === '' ? [] : await find(visit, text);
    const own = all.filter(({ mode }) => mode === visit.mode);
    const others = all.length - own.length;
    const places = [...new Set(own.map((license) => placeOf(visit, license)))];
    const damaged = own.length > 0 ? [] : await damagedIn(visit, text);
    if (damaged.length > 0) return { title: 'Search', body: await damagedPage(visit, damaged) };
    const isOfLicense = own.length === 1 && (UUID.test(text) || findCodes(text).length > 0);
    const [license] = own;
    if (isOfLicense && license !== undefined)
      return { redirect: at(visit, 'licenses', formatLicenseId(license.id)) };
    const [place] = places;
    if (places.length === 1 && place !== undefined && others === 0) return { redirect: place };
    const searched = text.length <= LONGEST_SHOWN ? { searched: text } : {};
    return {
      title: 'Search',
      body: await page(visit, own, others),
      status: own.length === 0 ? 404 : 200,
      ...searched,
    };
  },
};

type Damaged = Pick<DamagedCode, 'license' | 'code' | 'slips'>;

/** Codes with slips of which the ledger knows the license: those that no program reads, and those that a program repairs. */
async function damagedIn({ parts, mode }: Visit, text: string): Promise<readonly Damaged[]> {
  if (text.length < SHORTEST_DAMAGED) return [];
  const { keyring, ledger, reader } = parts;
  const products = await ledger.products();
  const letters = lettersOf(text);
  const readable = findCodes(text);
  const found = await damagedCodes(letters, readable, { keyring, products, ledger: reader });
  const known = [...readable, ...found.map(({ code }) => code)];
  const repaired = await Promise.all(
    repairedCodes(letters, known, createCodeReader(keyring, products)).map(
      async ({ proof: { id, code }, slips }): Promise<readonly Damaged[]> => {
        const licenses = await reader.find({ by: 'license', id });
        return licenses.map((license) => ({ license, code, slips }));
      },
    ),
  );
  return [...found, ...repaired.flat()].filter(({ license }) => license.mode === mode);
}

async function damagedPage(visit: Visit, found: readonly Damaged[]): Promise<Markup> {
  const replaced = await notesOf(
    visit,
    found.map(({ license }) => license),
  );
  return html`<div class="head"><h1>Search</h1></div><div class="stack">${found.map(
    (
      { license, code, slips },
      place,
    ) => html`<section class="card flow" aria-labelledby="d${place}"><div class="head"><h2 id="d${place}">A damaged code</h2>${stateTag(license.state)}</div>
<p>It is the code of <a href="${at(visit, 'licenses', formatLicenseId(license.id))}">unit ${license.unit} of order ${license.order}</a>. ${replaced.get(license)} What is wrong with it:</p>
<ul>${slips.map((slip) => html`<li class="wrap">${slip}</li>`)}</ul>
<p>The code as it was sent:</p><div class="codebox"><code>${code}</code><button class="button small" type="button" data-copy hidden>${icon('copy')}Copy</button></div></section>`,
  )}</div>`;
}

/** What replaced each license. */
async function notesOf(
  visit: Visit,
  licenses: readonly LicenseStory[],
): Promise<ReadonlyMap<LicenseStory, Markup | undefined>> {
  const noted = licenses.map(async (license) => [license, await replacementNote(visit, license)] as const);
  return new Map(await Promise.all(noted));
}

function placeOf(visit: Visit, { marketplace, order }: LicenseStory): string {
  return at(visit, 'orders', marketplace, order);
}

/** In both modes: a hit of the other one is told. The first kind of search that finds something wins. */
async function find({ parts, mode }: Visit, text: string): Promise<readonly LicenseStory[]> {
  const { reader } = parts;
  const [code] = findCodes(text);
  if (code !== undefined) return reader.find({ by: 'license', id: licenseIdOfCode(code) });
  const [id] = UUID.exec(text) ?? [];
  if (id !== undefined) return reader.find({ by: 'license', id: parseLicenseId(id) });
  const [address] = ADDRESS.exec(text) ?? [];
  if (address !== undefined) {
    const found = await reader.find({ by: 'email', email: address });
    if (found.length > 0) return found;
  }
  const word = text.replace(/^#/, '');
  if (word.length > 200) return [];
  const exact = await reader.find({ by: 'order', order: word });
  if (exact.length > 0) return exact;
  const bySubscription = await reader.find({ by: 'subscription', subscription: word });
  if (bySubscription.length > 0) return bySubscription;
  const named = await parts.ledger.showOrder(word, { byAnyName: true });
  if (named.licenses.length > 0) return named.licenses;
  const beginning = await beginningWith(reader, mode, word);
  if (beginning.length > 0) return beginning;
  return [...word].length < SHORTEST_PART ? [] : reader.find({ by: 'person', part: word });
}

async function beginningWith(
  reader: Visit['parts']['reader'],
  mode: Mode,
  beginning: string,
): Promise<readonly LicenseStory[]> {
  const other: Mode = mode === 'live' ? 'test' : 'live';
  const own = await reader.findOrdersBeginning(mode, beginning, MOST);
  const orders = own.length > 0 ? own : await reader.findOrdersBeginning(other, beginning, MOST);
  const found = await Promise.all(orders.map((order) => reader.find({ by: 'order', order })));
  return found.flat();
}

async function page(visit: Visit, found: readonly LicenseStory[], others: number): Promise<Markup> {
  const replaced = await notesOf(visit, found);
  const other = visit.mode === 'live' ? 'test' : 'live';
  return html`<div class="head"><h1>Search</h1></div><div class="stack"><section class="card" aria-labelledby="found"><h2 id="found">${countedThings(found.length, 'license')} found</h2>
${found.length > 0 && html`<div class="scroll" tabindex="0" role="group" aria-label="What was found, as a table"><table><thead><tr><th scope="col">order</th><th scope="col">product</th><th scope="col">customer</th><th scope="col">license</th></tr></thead><tbody>${found.map((license) => html`<tr><td><a href="${placeOf(visit, license)}">${license.order}</a></td><td>${visit.parts.catalog.get(license.product)?.name ?? license.product}</td><td class="wrap">${person(license.customer)}</td><td>${stateTag(license.state)} ${replaced.get(license)}</td></tr>`)}</tbody></table></div>`}
${found.length === 0 && html`<p class="soft">An order is found by its number or its beginning; a customer by a part of the name or by the address; a license by its id or by a code, also within a whole pasted mail.</p>`}
${others > 0 && html`<p>${countedThings(others, 'license')} in ${other} mode: search there: <a href="/console/${other}/">${other}</a></p>`}</section></div>`;
}
