/** Checks the customers' changes of address: every row by its seal. They are not counted: a lost one changes no license. */
import { type AddressChangeRow, sealAddressChange } from '../../record/address-change-row.ts';
import type { Finding } from '../../record/check/finding.ts';
import type { Sealer } from '../../record/sealer.ts';
import type { Connection } from '../file/connection.ts';

export function* checkAddressChanges(connection: Connection, sealer: Sealer): Generator<Finding> {
  const rows = connection.prepare<[], AddressChangeRow>('SELECT * FROM address_change');
  for (const row of rows.iterate()) {
    if (!row.seal?.equals(sealAddressChange(sealer, row)))
      yield { where: `change of address ${row.number}`, fault: 'was edited' };
  }
}
