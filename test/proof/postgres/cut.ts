/** Connections that break at a COMMIT. */
import { cutSales } from '../../postgres/cut-sales.ts';
import { forgetCommits } from '../../postgres/unlocked.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';

export const postgresCut: Proof = {
  title:
    'PostgreSQL: connections are cut before a COMMIT arrives, after it, in the middle of its answer, or fall silent: each order is issued exactly once, and each inquiry is written once',
  unit: 'orders',
  quick: 60,
  full: 1200,
  run: (orders, tools) => cut(orders, tools),
  controls: [
    {
      title: 'a lost COMMIT is repeated without asking whether it was done',
      run: async (tools) => {
        const { done, violations } = await cut(20, tools, forgetCommits);
        // Such a group ends late, too: that is not what is tried.
        return { done, violations: violations.filter((line) => line.startsWith('inquiries:')) };
      },
    },
  ],
};

async function cut(
  orders: number,
  tools: Tools,
  prepare?: (url: string) => Promise<unknown>,
): Promise<Outcome> {
  await privateCluster(tools);
  // Each silence takes 5 seconds.
  const silent = prepare === undefined ? Math.min(8, orders) : 0;
  const found = [
    await cutSales(tools, orders - silent, ['before', 'after', 'half'], prepare),
    await cutSales(tools, silent, ['silent', 'before'], prepare),
  ];
  const violations = found.flatMap(({ cuts, ...counted }, place) => {
    const count = place === 0 ? orders - silent : silent;
    tools.note(JSON.stringify(cuts));
    return Object.entries(counted).flatMap(([what, number]) =>
      number === count ? [] : [`${what}: ${number} in place of ${count}`],
    );
  });
  if (found.some(({ answered, cuts }) => answered > 0 && Object.values(cuts).every((each) => each === 0)))
    violations.push('nothing was cut: nothing was proved');
  return { done: orders, violations };
}
