/**
 * Receives Mintmark's webhooks and tells Kommo: `npm install && node receiver.mjs` (README.md). A message is verified,
 * kept on disk and answered at once; what it does in Kommo is done after, at Kommo's pace.
 */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { Deals } from './deals.mjs';
import { Later, Refused, Stopped } from './kommo.mjs';
import { readSettings } from './settings.mjs';
import { Store } from './store.mjs';

const ID = /^[\w-]{1,100}$/;
const LARGEST_BODY = 20_000;
/** Milliseconds for which a message is tried. */
const LONGEST = 7 * 24 * 60 * 60 * 1000;
const IDLE = 1_000;

const settings = readSettings();
const store = new Store(settings.folder);
const deals = new Deals(settings, store);
const webhook = new Webhook(settings.secret);
let stopped;
let wake = () => {};

const server = createServer(async (request, response) => {
  try {
    response.writeHead(request.method === 'POST' ? await receive(request) : stopped ? 503 : 200).end();
  } catch (error) {
    console.error(`a message was not kept: ${error.message}`);
    response.writeHead(500).end();
  }
});
server.listen(settings.port, settings.host, () => {
  console.log(`Listening on http://${settings.host}:${server.address().port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
await work();

/** The status. Nothing is parsed before the signature was verified over the bytes. */
async function receive(request) {
  if (Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) > LARGEST_BODY) return 413;
  const body = await buffer(request);
  let message;
  try {
    message = webhook.verify(body, request.headers);
  } catch {
    return 401;
  }
  const id = request.headers['webhook-id'];
  if (!ID.test(id)) return 400;
  if (store.receive(id, message)) wake();
  return 204;
}

/** One message after the other, so that two of one order never make two deals. */
async function work() {
  const due = new Map();
  for (;;) {
    const job = stopped ? undefined : store.jobs().find(({ id }) => (due.get(id) ?? 0) <= Date.now());
    if (job === undefined) {
      await Promise.race([wait(IDLE), new Promise((resolve) => (wake = resolve))]);
      continue;
    }
    try {
      const outcome = await deals.handle(job);
      store.finish(job);
      console.log(`${job.message.type} ${job.id}: ${outcome}`);
    } catch (error) {
      report(job, error, due);
    }
  }
}

/** Nothing is lost silently: what does not work is tried again, or is kept for a person. */
function report(job, error, due) {
  if (error instanceof Stopped) {
    stopped = error;
    console.error(`STOPPED: ${error.message}. Messages are kept; mend it and start again.`);
  } else if (error instanceof Later && Date.now() - job.at < LONGEST) {
    job.tries += 1;
    store.saveJob(job);
    due.set(job.id, Date.now() + Math.min(2 ** job.tries, 600) * 500);
    console.error(`${job.id} is tried again: ${error.message}`);
  } else {
    store.refuse(job, error.message);
    const kind =
      error instanceof Refused || error instanceof Later ? '' : ` (a fault of the receiver: ${error.stack})`;
    console.error(`REFUSED ${job.id}: ${error.message}${kind}. It is in ${settings.folder}/refused.`);
  }
}
