/** Controls the client's process. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { ask } from './ask.ts';
import type { ClientAnswer, ClientTask } from './client.ts';
import type { Stage } from './stage.ts';

type AnswerIn<State> = ClientAnswer & { readonly state: State };

export class ClientProcess {
  readonly #child: ChildProcess;

  constructor(stage: Stage) {
    this.#child = fork(join(import.meta.dirname, 'client.ts'), {
      env: { ...process.env, BENCH_PRIVATE_KEY_FILE: stage.privateKeyFile },
    });
  }

  /** Signs the requests and opens the connections. */
  prepare(task: Omit<ClientTask & { readonly task: 'prepare' }, 'task'>): Promise<AnswerIn<'ready'>> {
    return ask(this.#child, { task: 'prepare', ...task });
  }

  /** Sends the prepared requests; rejects after a wrong reply, which the client prints on standard error. */
  go(): Promise<AnswerIn<'done'>> {
    return ask(this.#child, { task: 'go' });
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
