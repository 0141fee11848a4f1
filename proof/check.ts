/** The ledger of a machine, looked at from outside. */
import Database from 'better-sqlite3';
import type { Machine } from '../test/support/machine.ts';

/** What `ledger check` finds, a line each; none for a ledger in order. */
export async function findingsOf(machine: Machine): Promise<string[]> {
  const ran = await machine.cli('ledger', 'check', '--json');
  const status = await ran.ended;
  try {
    const { findings }: { findings: readonly unknown[] } = JSON.parse(ran.out);
    return findings.map((finding) => `ledger check: ${JSON.stringify(finding)}`);
  } catch {
    return [`ledger check ended with ${status}: ${ran.err || ran.out}`];
  }
}

/**
 * The orders among these that the ledger does not hold. A repeat would not show it: the same order mints the same code
 * again.
 */
export function missingFrom(machine: Machine, orders: Iterable<string>): string[] {
  const ledger = new Database(machine.path('data', 'ledger.sqlite'), { readonly: true });
  try {
    const held = new Set(ledger.prepare('SELECT order_id FROM license').pluck().all());
    return [...orders].filter((order) => !held.has(order));
  } finally {
    ledger.close();
  }
}
