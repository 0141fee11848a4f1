/** A machine that lacks a resource: requests are refused then and answered later, and no acknowledged order is lost. */
import { constants } from 'node:os';
import type { Outcome, Proof, Tools } from './proof.ts';
import { LANES, refusesWrites } from './resources/shortages.ts';

export const resources: Proof = {
  title:
    'disk full, ledger read-only, 64 files, little memory, SIGSTOP 10 s, a second process: no wrong 200, 503 and recovery, nothing answered is lost',
  unit: 'shortages',
  quick: 1,
  full: 10,
  async run(rounds, tools) {
    const violations: string[] = [];
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        LANES.map(async (lane) => {
          for (const [name, run] of lane) {
            const faults = await run(tools);
            violations.push(...faults.map((fault) => `round ${round}, ${name}: ${fault}`));
          }
        }),
      );
    }
    return { done: rounds * LANES.flat().length, violations };
  },
  controls: [
    {
      title: 'a commit whose error is ignored',
      run: async (tools: Tools): Promise<Outcome> => ({
        done: 1,
        violations: await refusesWrites(tools, constants.errno.EROFS, true),
      }),
    },
  ],
};
