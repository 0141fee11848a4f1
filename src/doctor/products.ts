/** Are the product files in order, and do they fit what was sold? */

import { type Catalog, loadCatalog } from '../catalog/catalog.ts';
import { keptTermsOf } from '../catalog/kept-terms.ts';
import type { Ledger } from '../domain/ledger.ts';
import { checkSoldTerms, loadSoldTerms, soldTermsFaults } from '../domain/sold-terms.ts';
import { RUN } from '../service/command.ts';
import type { Config } from '../service/config.ts';
import { counted, type Finding, fault, ok, said, warning } from './finding.ts';

const FILES = 'product files';
const SOLD = 'sold products';

/** The catalog, where it could be read, and what was found. */
export async function examineProducts(
  config: Config,
): Promise<{ readonly catalog: Catalog | undefined; readonly findings: readonly Finding[] }> {
  try {
    const catalog = await loadCatalog(config.productsDir);
    const files = counted(catalog.all().length, 'product file');
    return { catalog, findings: [ok(FILES, `${files} without a fault.`), ...unsold(catalog, config)] };
  } catch (error) {
    const remedy = 'Mend each line: the service does not start before.';
    return { catalog: undefined, findings: [fault(FILES, said(error), remedy)] };
  }
}

/** A live marketplace of which no product file says that it sells there: each of its requests is answered with 404. */
function unsold(catalog: Catalog, { accounts }: Config): readonly Finding[] {
  return accounts
    .filter(({ live }) => live.requests)
    .map(({ marketplace }) => marketplace)
    .filter((name) => catalog.all().every(({ marketplaces }) => marketplaces[name] === undefined))
    .map((name) =>
      fault(
        FILES,
        `No product file has ${name} under marketplaces, so every sale there is refused.`,
        `Write  marketplaces: { ${name}: {} }  into the file of what you sell there.`,
      ),
    );
}

export async function examineSold(ledger: Ledger, catalog: Catalog): Promise<readonly Finding[]> {
  const findings = checkSoldTerms(await loadSoldTerms(ledger), (id) => {
    const product = catalog.get(id);
    return product && keptTermsOf(product);
  });
  const faults = soldTermsFaults(findings).map((line) =>
    fault(SOLD, line, 'Restore the old order and put new features behind it.'),
  );
  const others = findings.flatMap((finding): Finding[] => {
    const sold = counted(finding.licenses, 'sold license');
    if (finding.kind === 'differs') {
      if (finding.differences.some(({ isFault }) => isFault)) return [];
      const keys = finding.differences.map(({ key }) => key).join(', ');
      const so = `${sold} of ${finding.product} live by other terms than its file (${keys}).`;
      const remedy = `That is right for new sales only; to move sold ones:  ${RUN} products apply ${finding.product}`;
      return [{ check: SOLD, level: 'note', so, remedy }];
    }
    const so = `The file of ${finding.product} is gone, and ${sold} of it are on record.`;
    const remedy = `Put ${finding.product}.md back, unless it is sold no more.`;
    return [finding.isKept ? warning(SOLD, so, remedy) : fault(SOLD, so, remedy)];
  });
  const all = [...faults, ...others];
  return all.length > 0 ? all : [ok(SOLD, 'All sold licenses live by the terms of their files.')];
}
