/** The ledger of a machine, looked at from outside. */
import Database from 'better-sqlite3';
import type { Machine } from '../../kit/machine.ts';

/** What `ledger check` finds, a line each; none for a ledger in order. */
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
 * The orders, of those answered with these texts, that the ledger does not hold with the code of the text. A repeat would
 * not show it: the same order mints the same code again.
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
