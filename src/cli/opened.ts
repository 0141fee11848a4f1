/** Opens what a command works on, and closes it again. */
import { keptTermsOf } from '../catalog/kept-terms.ts';
import type { Desk } from '../domain/desk/operator.ts';
import type { Ledger } from '../domain/ledger.ts';
import { type Opened, openLedger, openParts } from '../service/open.ts';
import { type CliContext, clocksOf } from './context.ts';

/** For commands that decide about no license: they read, settle flags, erase. */
export async function withLedger<T>(context: CliContext, act: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openLedger(context.config());
  try {
    return await act(ledger);
  } finally {
    await ledger.close();
  }
}

/** For commands that decide: opens product files and keys too. */
export async function withDesk<T>(
  context: CliContext,
  act: (desk: Desk, opened: Opened) => Promise<T>,
): Promise<T> {
  const parts = await openParts(context.config(), { modesNeeded: [], ...clocksOf(context) });
  try {
    return await act(deskOf(parts), parts);
  } finally {
    await parts.ledger.close();
  }
}

function deskOf({ ledger, minter, catalog }: Opened): Desk {
  const currentTerms = (id: string) => {
    const product = catalog.get(id);
    return product && keptTermsOf(product);
  };
  return { ledger, rules: { minter, currentTerms } };
}
