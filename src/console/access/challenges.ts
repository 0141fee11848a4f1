/** Challenges of passkeys: kept for 5 minutes, good once, in the memory of this process. */
import { randomUUID } from 'node:crypto';

const MILLISECONDS = 5 * 60_000;
/** Beyond it the oldest is dropped: a stranger can only make others begin again. */
const MOST = 1_000;

export class Challenges {
  readonly #open = new Map<
    string,
    { readonly challenge: string; readonly for: string; readonly until: number }
  >();

  /** `purpose`: what it may be used for. Returns the ticket by which it is found. */
  keep(challenge: string, purpose: string, now: number): string {
    const ticket = randomUUID();
    this.#open.set(ticket, { challenge, for: purpose, until: now + MILLISECONDS });
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MOST) break;
      this.#open.delete(oldest);
    }
    return ticket;
  }

  take(ticket: string, purpose: string, now: number): string | undefined {
    const found = this.#open.get(ticket);
    this.#open.delete(ticket);
    return found !== undefined && found.for === purpose && now <= found.until ? found.challenge : undefined;
  }
}
