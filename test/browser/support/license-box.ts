/** The page of examples/browser as a seller makes it his own, opened from the disk, and what a person does on it. */
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import type { PublicKeyEntry } from '../../../src/license-code/keyring.ts';
import { type Owner, temporaryFolder } from '../../kit/service.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/browser/', import.meta.url));
const VERIFIER = fileURLToPath(new URL('../../../dist/verify/mintmark-verify.global.js', import.meta.url));

/** The page as it is in the project. */
export const EXAMPLE_ADDRESS = pathToFileURL(join(EXAMPLE, 'index.html')).href;

export interface Seller {
  readonly product: string;
  readonly name: string;
  readonly keyring: readonly PublicKeyEntry[];
  readonly allowTest?: boolean;
  readonly buildDate?: string;
  readonly features?: readonly string[];
  readonly server?: string;
}

/** A copy of the page with the three changes that its head comment asks for: its address. */
export function writePage(owner: Owner, seller: Seller): string {
  const folder = temporaryFolder(owner);
  cpSync(EXAMPLE, folder, { recursive: true });
  copyFileSync(VERIFIER, join(folder, 'mintmark-verify.global.js'));
  const index = join(folder, 'index.html');
  const html = readFileSync(index, 'utf8');
  const mine = html
    .replace('../../dist/verify/mintmark-verify.global.js', 'mintmark-verify.global.js')
    .replace('connect-src http://127.0.0.1:8787', `connect-src ${seller.server ?? "'none'"}`);
  writeFileSync(index, mine);
  const given = { allowTest: false, features: [], server: '', ...seller };
  writeFileSync(join(folder, 'config.js'), `globalThis.seller = ${JSON.stringify(given)};\n`);
  return pathToFileURL(index).href;
}

const WAIT_MILLISECONDS = 5000;

/** Holds that an element comes to say a text: what is shown follows a pause in typing, or an answer. */
export async function says(t: ExecutionContext, page: Page, selector: string, text: string | RegExp) {
  const until = performance.now() + WAIT_MILLISECONDS;
  const fits = (shown: string) => (typeof text === 'string' ? shown === text : text.test(shown));
  let shown = await textOf(page, selector);
  while (!fits(shown) && performance.now() < until) {
    await page.waitForTimeout(20);
    shown = await textOf(page, selector);
  }
  if (typeof text === 'string') t.is(shown, text, selector);
  else t.regex(shown, text, selector);
}

/** As it is shown, white space drawn together. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).innerText()).replaceAll(/\s+/g, ' ').trim();
}

export async function paste(page: Page, text: string): Promise<void> {
  const box = page.getByLabel('License code');
  await box.fill('');
  await box.focus();
  await page.keyboard.insertText(text);
}

/** The lines of "What your license says". */
export async function detailsOf(page: Page): Promise<Readonly<Record<string, string>>> {
  const [names, values] = [page.locator('#license dt'), page.locator('#license dd')];
  const [left, right] = [await names.allInnerTexts(), await values.allInnerTexts()];
  return Object.fromEntries(left.map((name, i) => [name, right[i] ?? '']));
}
