/** Inspects the ledger of a machine from outside. */
import Database from 'better-sqlite3';
import type { Machine } from '../../kit/machine.ts';

/** The findings of `ledger check`, one per line; empty for a sound ledger. */
export async function findingsOf(
  machine: Machine,
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const ran = machine.spawn('src/cli/mintmark.ts', ['ledger', 'check', '--json'], { env });
  const status = await ran.ended;
  try {
    const { findings }: { findings: readonly unknown[] } = JSON.parse(ran.out);
    return findings.map((finding) => `ledger check: ${JSON.stringify(finding)}`);
  } catch {
    return [`ledger check ended with ${status}: ${ran.err || ran.out}`];
  }
}

/** The ledger's file on a machine. */
export function ledgerOf(machine: Machine): string {
  return machine.path('data', 'ledger.sqlite');
}

/**
 * Answered orders whose code the ledger does not hold. A repeat would not reveal it: the same order mints the same code
 * again.
 */
export function missingFrom(
  ledgerFile: string,
  answered: Iterable<readonly [order: string, text: string]>,
): string[] {
  const ledger = new Database(ledgerFile);
  try {
    // Where even the tables are lost, so are all orders.
    if (ledger.pragma('user_version', { simple: true }) === 0) return [...answered].map(([order]) => order);
    const find = ledger.prepare('SELECT first_code FROM license WHERE order_id = ?').pluck();
    return [...answered].flatMap(([order, text]) => {
      const codes = find.all(order) as string[];
      return codes.length > 0 && codes.every((code) => text.includes(code)) ? [] : [order];
    });
  } finally {
    ledger.close();
  }
}
