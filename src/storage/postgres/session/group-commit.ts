/** The lanes of an instance: acts that wait at the same time share a transaction of whichever lane is free. */
import type { PoolLoad } from '../../../domain/ports/shared-database.ts';
import { AppError } from '../../../errors.ts';
import type { Components } from '../../sqlite/components.ts';
import type { Need } from '../needs.ts';
import { Runs } from './done-acts.ts';
import { LARGEST_GROUP, PATIENCE_MILLISECONDS, type WriteLane } from './lane.ts';
import { isLostTo } from './ledger-error.ts';
import type { Act } from './run-group.ts';

/** More waiting acts than this would be answered too late: they are rejected at once. */
const LONGEST_QUEUE = 2000;

/** How long an act that nobody waits for lets others come. */
const LATER_MILLISECONDS = 20;

export class GroupCommit {
  readonly #idle: WriteLane[];
  readonly #lanes: readonly WriteLane[];
  readonly #patience: number;
  readonly #running = new Set<Promise<void>>();
  #waiting: Act[] = [];
  /** The last refusal because the server answered nothing, and when. */
  #silence: { readonly reason: unknown; readonly at: number } | undefined;
  #isScheduled = false;
  #isClosed = false;
  #later: NodeJS.Timeout | undefined;

  constructor(lanes: readonly WriteLane[], patience = PATIENCE_MILLISECONDS) {
    this.#lanes = lanes;
    this.#idle = [...lanes];
    this.#patience = patience;
  }

  get load(): PoolLoad {
    return {
      use: 'write',
      connections: this.#lanes.filter(({ isOpen }) => isOpen).length,
      busy: this.#running.size,
      waiting: this.#waiting.length,
    };
  }

  /**
   * Runs a synchronous act; resolves to its result once it is committed. The act may run several times, and is done once.
   * `isLater`: nobody waits for it, so that it begins no group of its own before some milliseconds have passed.
   */
  run<T>(need: Need, run: (components: Components) => T, isLater = false): Promise<T> {
    if (this.#isClosed) return Promise.reject(new AppError('ledger_unavailable', 'The ledger is closed.'));
    if (this.#waiting.length >= LONGEST_QUEUE) {
      return Promise.reject(
        new AppError('ledger_unavailable', 'The ledger cannot keep up; try again later.'),
      );
    }
    return new Promise<T>((resolve, reject) => {
      const deadline = performance.now() + this.#patience;
      const refuse = (reason: unknown) => {
        if (isLostTo(reason)) this.#silence = { reason, at: performance.now() };
        reject(reason);
      };
      const runs = need.knownBy === undefined ? new Runs() : undefined;
      this.#waiting.push({ need, run, resolve, reject: refuse, deadline, runs });
      if (isLater) this.#later ??= setTimeout(() => this.#schedule(), LATER_MILLISECONDS);
      else this.#schedule();
    });
  }

  /** Finishes what waits. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    while (this.#waiting.length > 0 || this.#running.size > 0) {
      this.#turn();
      if (this.#running.size > 0) await Promise.race(this.#running);
    }
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #schedule(): void {
    if (this.#isScheduled || this.#idle.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  #turn(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    while (this.#waiting.length > 0) {
      const lane = this.#idle.shift();
      if (lane === undefined) return;
      const group = this.#nextGroup();
      if (group.length === 0) {
        this.#idle.push(lane);
        return;
      }
      const running = lane.run(group).finally(() => {
        this.#running.delete(running);
        this.#idle.push(lane);
        this.#turn();
      });
      this.#running.add(running);
    }
  }

  /** Without those who waited until their deadline for a server that answered nothing: its next silence would be too long. */
  #nextGroup(): readonly Act[] {
    const now = performance.now();
    const { reason, at } = this.#silence ?? { reason: undefined, at: Number.NEGATIVE_INFINITY };
    const isLate = ({ deadline }: Act) => deadline <= now && deadline - this.#patience <= at;
    const late = this.#waiting.filter(isLate);
    const others = late.length === 0 ? this.#waiting : this.#waiting.filter((act) => !isLate(act));
    this.#waiting = others.slice(LARGEST_GROUP);
    for (const { reject } of late) reject(reason);
    return others.slice(0, LARGEST_GROUP);
  }
}
