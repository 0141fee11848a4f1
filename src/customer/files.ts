/** The files of a license page: a license, its QR code, and a table of an order's codes. */
import { licenseIdText } from '../domain/facts/license-subject.ts';
import { csv } from '../message/csv.ts';
import { licenseFileText } from '../message/license-file.ts';
import { qrSvg } from '../message/qr-svg.ts';
import { onPage } from './acts.ts';
import { showsCode, storiesOf, unitsOf } from './license-view.ts';
import { type Answer, type CustomerVisit, gone } from './visit.ts';

/** `3.license` and `3.svg`: of the third unit. */
export function unitFile(visit: CustomerVisit): Promise<Answer> {
  const [, number, kind] = /^([1-9]\d{0,5})\.(license|svg)$/.exec(visit.file) ?? [];
  if (number === undefined) throw gone();
  return onPage(
    visit,
    async ({ view, unit }) => {
      if (unit === undefined || !showsCode(unit.state)) throw gone();
      const { code } = unit.license;
      if (kind === 'svg') return { file: qrSvg(code), type: 'image/svg+xml', name: undefined };
      const order = view.isBuyers ? view.order : undefined;
      const file = licenseFileText({ code, product: view.product.name, order });
      return { file, type: 'text/plain; charset=utf-8', name: `${view.product.id}-${number}.license` };
    },
    Number(number),
  );
}

/** All codes of the order and product, for the buyer. */
export function codesFile(visit: CustomerVisit): Promise<Answer> {
  return onPage(
    visit,
    async ({ view, license }) => {
      if (!view.isBuyers) throw gone();
      const { selfService } = visit.parts.ledger;
      const units = unitsOf((await storiesOf(license, visit.parts)).all);
      const notes = await selfService.handedTo(units.map(({ id }) => id));
      const rows = units.map((unit, place) => [
        place + 1,
        licenseIdText(unit.id),
        unit.state,
        showsCode(unit.state) ? visit.parts.minter.entitlementOf(unit.code).lastValid : null,
        notes.get(Buffer.from(unit.id).toString('hex')),
        showsCode(unit.state) ? unit.code : null,
      ]);
      const file = csv(['number', 'license', 'state', 'last_valid_day', 'handed_to', 'code'], rows);
      return { file, type: 'text/csv; charset=utf-8', name: `${view.product.id}-codes.csv` };
    },
    1,
  );
}
