/** Connections that break at a COMMIT. */
import { cutNaive, cutSales } from '../../postgres/cut-sales.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';

export const postgresCut: Proof = {
  title:
    'PostgreSQL: connections are cut before a COMMIT arrives, after it, in the middle of its answer, or fall silent: each order is issued exactly once',
  unit: 'orders',
  quick: 60,
  full: 1200,
  run: (orders, tools) => cut(orders, tools),
  controls: [
    {
      title: 'a lost COMMIT is taken for one that was not done',
      run: async (tools) => {
        await privateCluster(tools);
        const rows = await cutNaive(tools, 20);
        return { done: 20, violations: rows === 20 ? [] : [`${rows} rows of 20 names`] };
      },
    },
  ],
};

async function cut(orders: number, tools: Tools): Promise<Outcome> {
  await privateCluster(tools);
  // Each silence takes 5 seconds.
  const silent = Math.min(8, orders);
  const found = [
    await cutSales(tools, orders - silent, ['before', 'after', 'half']),
    await cutSales(tools, silent, ['silent', 'before']),
  ];
  const violations = found.flatMap(({ cuts, ...counted }, place) => {
    const count = place === 0 ? orders - silent : silent;
    tools.note(JSON.stringify(cuts));
    return Object.entries(counted).flatMap(([what, number]) =>
      number === count ? [] : [`${what}: ${number} in place of ${count}`],
    );
  });
  if (found.some(({ cuts }) => Object.values(cuts).every((each) => each === 0)))
    violations.push('nothing was cut: nothing was proved');
  return { done: orders, violations };
}
