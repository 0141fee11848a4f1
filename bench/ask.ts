/** Asks the bench's own processes, over the channel that Node.js opens to a forked child. */
import type { ChildProcess } from 'node:child_process';

/** Resolves to the child's answer; rejects when the child ends instead. One question at a time. */
export function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: Answer) => {
      child.off('exit', onExit);
      resolve(answer);
    };
    const onExit = (code: number | null) => {
      child.off('message', onMessage);
      reject(new Error(`${child.spawnargs.at(-1)} ended with status ${code}`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
    child.send(question);
  });
}
