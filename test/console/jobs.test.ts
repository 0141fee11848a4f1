import test, { type ExecutionContext } from 'ava';
import { Jobs, type Work } from '../../src/console/jobs/jobs.ts';
import { job, jobs as list } from '../../src/console/jobs/route.ts';
import type { Visit } from '../../src/console/visit.ts';
import { openLedger } from '../kit/ledger-file.ts';

const begin = (what: string) =>
  ({ kind: 'erase', what, mode: 'live', person: 'Ada', from: 'orders/fastspring/EXA%2F1/erase' }) as const;

/** Jobs of a process over a ledger; `isAlone`: it alone serves the console. */
function openJobs(t: ExecutionContext, { isAlone = true, opened = openLedger(t) } = {}) {
  const clock = { now: 0 };
  const log = { warn: () => {} };
  const jobs = new Jobs({ kept: opened.ledger.jobs, isAlone, now: () => clock.now, log });
  const see = async (number: number, { screen = job, mode = 'live' } = {}) => {
    const headers: Record<string, string> = {};
    const set = (name: string, value: string) => {
      headers[name] = value;
    };
    const context = { set, params: { job: String(number) } };
    const answer = await screen.get?.({ jobs, context, now: 60_000, mode } as unknown as Visit);
    if (answer === undefined || !('body' in answer)) throw new Error('no page');
    return { text: String(answer.body), reloads: headers['Refresh'] };
  };
  return { jobs, clock, opened, see };
}

/** Work that ends when it is told. */
function slowWork() {
  let report: Parameters<Work>[0] = () => {};
  let end: (text: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const work: Work = (told) => {
    report = told;
    return new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
  };
  return {
    work,
    report: (done: number, all?: number) => report(all === undefined ? { done } : { done, all }),
    end: (text: string) => end(text),
    fail: (error: Error) => fail(error),
  };
}

const never: Work = () => new Promise(() => {});

/** Until the ledger has the end of a job. */
async function kept({ opened }: ReturnType<typeof openJobs>, number: number): Promise<void> {
  while ((await opened.ledger.jobs.find(number))?.outcome === undefined)
    await new Promise((resolve) => setImmediate(resolve));
}

test('a job’s page shows how far it is and loads itself again without a script, until the job has ended', async (t) => {
  const all = openJobs(t);
  const { work, report, end } = slowWork();
  const number = await all.jobs.begin(begin('Count the sheep'), work);
  t.regex(
    (await all.see(number)).text,
    /<progress aria-label="Count the sheep"><\/progress>/,
    'of unknown many',
  );
  report(250, 1000);
  const running = await all.see(number);
  t.regex(running.text, /250 of 1,000 done[\s\S]*max="1000" value="250"/);
  t.is(running.reloads, '2');
  const listed = (await all.see(number, { screen: list })).text;
  t.regex(listed, /Count the sheep[\s\S]*Ada: it runs, 250 of 1,000 done/, 'left and found again');
  end('All are here.');
  await kept(all, number);
  const over = await all.see(number);
  t.is(over.reloads, undefined);
  t.regex(over.text, /notice good[\s\S]*All are here\./);
  t.notRegex(over.text, /<progress/);
});

test('a job that fails says why, and others go on', async (t) => {
  const all = openJobs(t);
  const { work, fail } = slowWork();
  const number = await all.jobs.begin(begin('Count'), work);
  const other = await all.jobs.begin(begin('Other'), never);
  fail(new Error('no disk'));
  await kept(all, number);
  t.regex((await all.see(number)).text, /<p class="notice" role="status">[\s\S]*no disk/);
  t.is((await all.jobs.find(other))?.state, 'runs');
});

test('the same work is not begun twice while it runs', async (t) => {
  const all = openJobs(t);
  const { work, end } = slowWork();
  const number = await all.jobs.begin(begin('Check'), work);
  t.is(await all.jobs.begin(begin('Check'), never), number);
  end('Done.');
  await kept(all, number);
  t.not(await all.jobs.begin(begin('Check'), never), number);
});

test('a job of one mode is not shown in the other', async (t) => {
  const { jobs, see } = openJobs(t);
  const number = await jobs.begin(begin('Erase it'), never);
  await t.throwsAsync(see(number, { mode: 'test' }), { message: /one of live mode/ });
  t.notRegex((await see(number, { screen: list, mode: 'test' })).text, /Erase it/);
  t.regex((await see(number, { screen: list })).text, /Erase it/);
});

test('after the process ended its job is found as interrupted, with what to do, until it is begun again', async (t) => {
  const before = openJobs(t);
  const number = await before.jobs.begin(begin('Erase it'), never);
  t.deepEqual(await before.jobs.undone(), [], 'it runs');
  const { jobs, see } = openJobs(t, before);
  const page = await see(number);
  t.regex(
    page.text,
    /It was interrupted[\s\S]*Erase again[\s\S]*href="\/console\/live\/orders\/fastspring\/EXA%2F1\/erase"/,
  );
  t.is(page.reloads, undefined);
  t.regex((await see(number, { screen: list })).text, /Ada: it was interrupted/);
  t.deepEqual(
    (await jobs.undone()).map((each) => each.number),
    [number],
  );
  t.not(await jobs.begin(begin('Erase it'), never), number);
  t.deepEqual(await jobs.undone(), []);
});

test('beside other instances a job that is told of runs, and can be followed from each of them', async (t) => {
  const one = openJobs(t, { isAlone: false });
  const number = await one.jobs.begin(begin('Erase it'), never);
  const other = openJobs(t, { isAlone: false, opened: one.opened });
  t.is((await other.jobs.find(number))?.state, 'runs');
  other.clock.now += 61_000;
  t.is((await other.jobs.find(number))?.state, 'interrupted', 'nothing was told for a minute');
});
