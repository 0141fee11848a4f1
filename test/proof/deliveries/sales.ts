/** Made-up sales of all kinds of the marketplaces. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSimulatorKey, simulatorSecret } from '../../../src/keyring/simulator-key.ts';
import { productFile } from '../../kit/products.ts';
import type { Tools } from '../proof.ts';
import { partialReturns, story } from './fastspring-sales.ts';
import { paddleOrder, paddleSubscription, paddleUnits } from './paddle-sales.ts';
import type { Sale, Signing } from './sale.ts';

const PRODUCTS = {
  app: 'term: P1Y',
  team: 'term: perpetual\nquantity: seats\nseats: 5',
  single: 'term: P1Y\nmultibuy: separate',
  plan: 'term: P1M\ngrace: P14D',
};

export function signingOf(keysFolder: string): Signing {
  return { paddle: readSimulatorKey(keysFolder), fastSpring: simulatorSecret(keysFolder) };
}

/** Writes the product files; returns their folder. */
export function putProducts(folder: string): string {
  const path = join(folder, 'products');
  mkdirSync(path);
  for (const [id, rules] of Object.entries(PRODUCTS)) {
    const text = `name: ${id}\n${rules}\nmarketplaces: { paddle-classic: {}, fastspring: {} }`;
    writeFileSync(join(path, `${id}.md`), productFile(text));
  }
  return path;
}

export function makeSale(number: number, signing: Signing, tools: Tools): Sale {
  const kinds = [paddleOrder, paddleUnits, paddleSubscription, story, story, partialReturns];
  const make = kinds[number % kinds.length] ?? paddleOrder;
  return make(number, signing, tools);
}
