/** A test order as a marketplace would send it: the console's first day. Signed with the simulator's keys, sent over HTTP. */
import type { Product } from '../domain/values/product.ts';
import { readSimulatorKey, simulatorSecret } from '../keyring/simulator-key.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { Simulator } from '../marketplaces/simulator.ts';

const PATIENCE_MILLISECONDS = 10_000;

export interface TestOrder {
  readonly marketplace: string;
  readonly order: string;
}

/** Undefined: no product is sold at a marketplace with a simulator that delivers. */
export async function makeTestOrder(
  url: string,
  {
    keysDir,
    products,
    now,
  }: { readonly keysDir: string; readonly products: readonly Product[]; readonly now: number },
): Promise<TestOrder | undefined> {
  for (const { name, simulator } of MARKETPLACES) {
    const product = products.find(({ marketplaces }) => marketplaces[name] !== undefined);
    if (product === undefined) continue;
    const played = await simulator.play({
      product: product.id,
      quantity: 1,
      options: optionsOf(simulator),
      now,
      products: async () => products,
      keys: { privateKey: () => readSimulatorKey(keysDir), secret: () => simulatorSecret(keysDir) },
    });
    const last = played.calls.findIndex(({ delivers }) => delivers);
    if (last < 0) continue;
    for (const { path, body, headers } of played.calls.slice(0, last + 1)) {
      const answer = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body !== undefined && { body }),
        ...(headers && { headers }),
        signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
      });
      if (!answer.ok) throw new Error(`The service answered ${answer.status}: ${await answer.text()}`);
    }
    return { marketplace: name, order: played.order };
  }
  return undefined;
}

/** The defaults of the command, and the first choice of what it requires. */
function optionsOf({ options }: Simulator): Readonly<Record<string, string>> {
  return Object.fromEntries(
    options.flatMap(({ flags, default: value, choices }) => {
      const [, name = ''] = /--([a-z-]+)/.exec(flags) ?? [];
      const given = value ?? choices?.[0];
      return given === undefined
        ? []
        : [[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), given]];
    }),
  );
}
