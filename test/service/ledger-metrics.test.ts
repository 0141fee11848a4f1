/** GET /metrics while the ledger does not answer: a stand-in whose answers the test holds back. */
import test from 'ava';
import { Metrics } from '../../src/metrics.ts';
import { LedgerMetrics, PATIENCE_MILLISECONDS } from '../../src/service/ledger-metrics.ts';

type Counted = ConstructorParameters<typeof LedgerMetrics>[1];

const NEVER = new Promise<never>(() => {});

/** `scrape` has the values of our gauges; `reads` counts the questions. */
function watched() {
  const metrics = new Metrics();
  const state = { flags: 3, until: undefined as Promise<void> | undefined, reads: 0 };
  const answer = async <T>(value: () => T): Promise<T> => {
    state.reads += 1;
    await state.until;
    return value();
  };
  const ledger: Counted = {
    countUndelivered: () => answer(() => ({ undelivered: 1, unmailed: 2 })),
    countFlags: () => answer(() => ({ unclear: state.flags })),
    outbox: {
      count: () =>
        answer(() => [{ channel: 'mail' as const, state: 'waiting' as const, announcements: 4, oldest: 0 }]),
    },
  };
  new LedgerMetrics(metrics, ledger, () => 5000);
  const scrape = async () => {
    const text = await metrics.text();
    const value = (name: string) =>
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1];
    return {
      answers: value('mintmark_ledger_answers'),
      flags: value('mintmark_flags{kind="unclear"}'),
      undelivered: value('mintmark_undelivered_units'),
      unmailed: value('mintmark_unmailed_licenses'),
      waiting: value('mintmark_outbox_announcements{channel="mail",state="waiting"}'),
      oldest: value('mintmark_outbox_oldest_seconds{channel="mail",state="waiting"}'),
      hasProcess: text.includes('process_cpu_seconds_total'),
    };
  };
  return { state, scrape };
}

const SOUND = {
  answers: '1',
  flags: '3',
  undelivered: '1',
  unmailed: '2',
  waiting: '4',
  oldest: '5',
  hasProcess: true,
};

test('a scrape asks the ledger once for each count', async (t) => {
  const { state, scrape } = watched();
  t.deepEqual(await scrape(), SOUND);
  t.is(state.reads, 3);
});

test('while the ledger never answers, a scrape has what was known within three seconds, and says so', async (t) => {
  const { state, scrape } = watched();
  await scrape();
  state.until = NEVER;
  state.flags = 9;
  t.true(PATIENCE_MILLISECONDS < 3000);
  t.deepEqual(await scrape(), { ...SOUND, answers: '0' });
  t.deepEqual(await scrape(), { ...SOUND, answers: '0' });
  t.is(state.reads, 6, 'no further question queues up behind one without an answer');
});

test('a ledger that answers again, or with an error, is told apart from a sound one at once', async (t) => {
  const { state, scrape } = watched();
  let resume = () => {};
  state.until = new Promise((resolve) => {
    resume = resolve;
  });
  t.is((await scrape()).answers, '0');
  resume();
  t.deepEqual(await scrape(), SOUND);
  state.until = Promise.reject(new Error('a fault'));
  state.flags = 9;
  t.deepEqual(await scrape(), { ...SOUND, answers: '0' });
  state.until = undefined;
  t.deepEqual(await scrape(), { ...SOUND, flags: '9' });
});
