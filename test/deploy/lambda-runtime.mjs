/** Stands in for Lambda's runtime: an event on each line of standard input, its result on a line of file 3, with the CPU time so far. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const { handler } = await import(process.argv[2] ?? '');
for await (const line of createInterface({ input: process.stdin })) {
  const result = await handler(JSON.parse(line), {});
  const { user, system } = process.cpuUsage();
  writeSync(3, `${JSON.stringify({ result, cpu: (user + system) / 1000 })}\n`);
}
