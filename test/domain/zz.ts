import { chargeTable, fieldTable, situationTable } from './life-tables.ts';

console.log(situationTable() + '\n\n' + chargeTable() + '\n\n' + fieldTable());
