/** Checks the product files, alone and against sold licenses. */

import { type Catalog, loadCatalog } from '../catalog/catalog.ts';
import { keptTermsOf } from '../catalog/kept-terms.ts';
import type { Ledger } from '../domain/ledger.ts';
import { checkSoldTerms, loadSoldTerms, soldTermsFaults } from '../domain/life/sold-terms.ts';
import { counted } from '../domain/values/counted.ts';
import { RUN } from '../service/command.ts';
import type { Config } from '../service/config.ts';
import { type Finding, fault, ok, said, warning } from './finding.ts';

const FILES = 'product files';
const SOLD = 'sold products';

/** The catalog where it is readable, and the findings. */
export async function examineProducts(
  config: Config,
): Promise<{ readonly catalog: Catalog | undefined; readonly findings: readonly Finding[] }> {
  try {
    const catalog = await loadCatalog(config.productsDir);
    const files = counted(catalog.all().length, 'product file');
    return { catalog, findings: [ok(FILES, `${files} without a fault.`), ...unsold(catalog, config)] };
  } catch (error) {
    const remedy = 'Correct each line: the service does not start before.';
    return { catalog: undefined, findings: [fault(FILES, said(error), remedy)] };
  }
}

/** Finds live marketplaces that no product file names: each request of theirs is answered with 404. */
function unsold(catalog: Catalog, { accounts }: Config): readonly Finding[] {
  return accounts
    .filter(({ live }) => live.requests)
    .map(({ marketplace }) => marketplace)
    .filter((name) => catalog.all().every(({ marketplaces }) => marketplaces[name] === undefined))
    .map((name) =>
      fault(
        FILES,
        `No product file has ${name} under marketplaces, so every sale there is refused.`,
        `Write  marketplaces: { ${name}: {} }  into the file of each product that you sell there.`,
      ),
    );
}

export async function examineSold(
  ledger: Pick<Ledger, 'countTerms' | 'findTerms'>,
  catalog: Catalog,
): Promise<readonly Finding[]> {
  const findings = checkSoldTerms(await loadSoldTerms(ledger), (id) => {
    const product = catalog.get(id);
    return product && keptTermsOf(product);
  });
  const faults = soldTermsFaults(findings).map((line) =>
    fault(SOLD, line, 'Restore the old order, and append new features.'),
  );
  const others = findings.flatMap((finding): Finding[] => {
    const sold = counted(finding.licenses, 'sold license');
    if (finding.kind === 'differs') {
      if (finding.differences.some(({ isFault }) => isFault)) return [];
      const keys = finding.differences.map(({ key }) => key).join(', ');
      const so = `${sold} of ${finding.product} have other terms than its file (${keys}).`;
      const remedy = `New sales get the terms of the file; to move sold licenses:  ${RUN} products apply ${finding.product}`;
      return [{ check: SOLD, level: 'note', so, remedy }];
    }
    const so = `The file of ${finding.product} is gone, but the ledger has ${sold} of it.`;
    const remedy = `Put ${finding.product}.md back, unless you no longer sell it or another file names its paths now.`;
    return [finding.isKept ? warning(SOLD, so, remedy) : fault(SOLD, so, remedy)];
  });
  const all = [...faults, ...others];
  return all.length > 0 ? all : [ok(SOLD, 'All sold licenses have the terms of their files.')];
}
