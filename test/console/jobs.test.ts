import test from 'ava';
import { type Job, Jobs, type Work } from '../../src/console/jobs/jobs.ts';
import { job, jobs as list } from '../../src/console/jobs/route.ts';
import type { Visit } from '../../src/console/visit.ts';

/** A job that ends when it is told, and what its page is. */
function begun(what = 'Count the sheep') {
  const jobs = new Jobs(() => 0);
  let report: Parameters<Work>[0] = () => {};
  let end: (text: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const number = jobs.begin(what, 'Ada', (told) => {
    report = told;
    return new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
  });
  const see = async (screen = job) => {
    const headers: Record<string, string> = {};
    const set = (name: string, value: string) => {
      headers[name] = value;
    };
    const context = { set, params: { job: String(number) } };
    const answer = await screen.get?.({ jobs, context, now: 60_000, mode: 'live' } as unknown as Visit);
    if (answer === undefined || !('body' in answer)) throw new Error('no page');
    return { text: String(answer.body), reloads: headers['Refresh'] };
  };
  return {
    jobs,
    number,
    see,
    report: (done: number, all?: number) => report(all === undefined ? { done } : { done, all }),
    end,
    fail,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a job’s page shows how far it is and loads itself again without a script, until the job has ended', async (t) => {
  const { see, report, end } = begun();
  t.regex((await see()).text, /<progress aria-label="Count the sheep"><\/progress>/, 'not known how much');
  report(250, 1000);
  const running = await see();
  t.regex(running.text, /250 of 1,000 done[\s\S]*max="1000" value="250"/);
  t.is(running.reloads, '2');
  t.regex(
    (await see(list)).text,
    /Count the sheep[\s\S]*Ada: it runs, 250 of 1,000 done/,
    'left and found again',
  );
  end('All are here.');
  await settled();
  const over = await see();
  t.is(over.reloads, undefined);
  t.regex(over.text, /notice good[\s\S]*All are here\./);
  t.notRegex(over.text, /<progress/);
});

test('a job that fails says why, and others go on', async (t) => {
  const { jobs, see, fail } = begun();
  const other = jobs.begin('Other', 'Ada', () => new Promise(() => {}));
  fail(new Error('no disk'));
  await settled();
  t.regex((await see()).text, /<p class="notice" role="status">[\s\S]*no disk/);
  t.is(jobs.find(other)?.outcome, undefined);
});

test('the same work is not begun twice while it runs; the oldest of 50 is forgotten', async (t) => {
  const { jobs, number, end } = begun('Check');
  const never: Work = () => new Promise(() => {});
  t.is(jobs.begin('Check', 'Grace', never), number);
  end('Done.');
  await settled();
  t.not(jobs.begin('Check', 'Grace', never), number);
  for (let place = 0; place < 50; place++) jobs.begin(`work ${place}`, 'Ada', never);
  t.is(jobs.find(number), undefined);
  t.is(jobs.all().length, 50);
  t.true(
    jobs.all().every((each: Job, place, all) => place === 0 || each.number < (all[place - 1]?.number ?? 0)),
  );
});
