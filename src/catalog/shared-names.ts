/** Finds a marketplace's product that two product files name: a sale can belong to one file only. */
import type { Product } from '../domain/values/product.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { MarketplaceDefinition } from '../marketplaces/marketplace.ts';
import { namesAt } from '../marketplaces/product-keys.ts';
import type { Fault } from './fault.ts';

export interface ReadFile {
  readonly file: string;
  readonly text: string;
  readonly product: Product;
}

export interface FileFault extends Fault {
  readonly file: string;
}

/** Faults of the later files, in the order of the files. */
export function findSharedNames(files: readonly ReadFile[]): FileFault[] {
  const owners = new Map<string, ReadFile>();
  const faults: FileFault[] = [];
  for (const read of files) {
    for (const [marketplace, name] of namesOf(read.product)) {
      const key = `${marketplace.name} ${marketplace.productKeys.fold(name)}`;
      const owner = owners.get(key) ?? read;
      owners.set(key, owner);
      if (owner === read) continue;
      faults.push({
        file: read.file,
        line: lineOf(read.text, marketplace.name, name),
        message: `${marketplace.name} sells ${JSON.stringify(name)} as the product of ${owner.file} already: name it in one of the two files only`,
      });
    }
  }
  return faults;
}

function namesOf(product: Product): (readonly [MarketplaceDefinition, string])[] {
  return MARKETPLACES.flatMap((marketplace) =>
    namesAt(marketplace, product).map((name) => [marketplace, name] as const),
  );
}

/** The line of the name below its marketplace; without one, the line of the marketplace. */
function lineOf(text: string, marketplace: string, name: string): number {
  const lines = text.split(/\r\n?|\n/);
  const start = lines.findIndex((line) => new RegExp(`\\b${marketplace}["']?\\s*:`).test(line));
  const own = lines.findIndex((line, index) => index >= start && line.includes(name));
  return Math.max(own >= 0 ? own : start, 0) + 1;
}
