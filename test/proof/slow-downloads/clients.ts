/** Slow downloads: a process of its own, so that they cost whoever measures nothing. Prints `open N` once all have begun. */
import { get, type IncomingMessage } from 'node:http';

/**
 * Bytes at a time, and milliseconds between: 400 kB a second. A kernel asks for more once a third of its buffer is sent, which
 * is up to 4 MB: much slower clients would ask for nothing in a round.
 */
const PIECE = 40 * 1024;
const EVERY = 100;

const urls = process.argv.slice(2);

const open = await Promise.all(urls.map(begin));
const begun = open.filter(({ statusCode }) => statusCode === 200);
process.stdout.write(`open ${begun.length}\n`);

function begin(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.pause();
      answer.on('error', () => {});
      setInterval(() => answer.read(PIECE) ?? answer.read(), EVERY);
      resolve(answer);
    }).on('error', reject);
  });
}
