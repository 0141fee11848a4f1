import test, { type ExecutionContext } from 'ava';
import type { NotedTry } from '../../src/domain/ports/outbox-ledger.ts';
import { openLedger } from '../../src/service/open.ts';
import { type Cli, cliOf } from '../kit/cli.ts';
import { ping } from '../kit/outbox.ts';
import { NOW } from '../kit/sale.ts';
import { type Home, makeHome, startHome } from '../kit/service.ts';

const REASON = ['--reason', 'ticket 17', '--actor', 'ada'];

/** Announcement 1 waits, 2 was sent, 3 was given up, 4 is held. */
async function prepared(t: ExecutionContext): Promise<{ home: Home; cli: Cli }> {
  const home = makeHome(t);
  await (await startHome(t, home)).stop();
  const ledger = await openLedger(home.config);
  try {
    const { outbox } = ledger;
    await outbox.announce([ping('late', 'shop')], NOW - 30 * 3_600_000);
    await outbox.announce([ping('a'), ping('b'), ping('c')], NOW - 1000);
    const lease = NOW + 1000;
    const claimed = await outbox.claim({ channels: ['webhook'], now: NOW, lease, most: 8 });
    for (const { number, target } of claimed) {
      const head = { number, lease, at: NOW, counts: true } as const;
      const outcomes: Record<number, NotedTry> = {
        3: { ...head, outcome: 'sent', answer: '204', target: 'works' },
        4: { ...head, outcome: 'refused', answer: '404 Not Found', target: 'works' },
      };
      const noted = outcomes[number];
      if (noted === undefined) await outbox.release([{ number, lease }]);
      else await outbox.note(noted);
      if (target === 'shop') await outbox.hold(NOW - 24 * 3_600_000);
    }
  } finally {
    await ledger.close();
  }
  return { home, cli: cliOf(home) };
}

const states = async (cli: Cli): Promise<readonly string[]> => {
  const { out, err, status } = await cli(['outbox', 'list', '--json']);
  if (status !== 0) throw new Error(err);
  const { announcements } = JSON.parse(out) as { announcements: { number: number; state: string }[] };
  return announcements.map(({ number, state }) => `${number} ${state}`).reverse();
};

test('list prints the newest first with state, tries and reason, filtered by state', async (t) => {
  const { cli } = await prepared(t);
  t.deepEqual(await states(cli), ['1 held', '2 waiting', '3 sent', '4 given-up']);
  const { out } = await cli(['outbox', 'list', '--state', 'given-up']);
  t.regex(out, /^4 {2}\S+ {2}live {2}webhook to crm: ping, given-up after 1 try, 404 Not Found\n$/);
  const json = JSON.parse((await cli(['outbox', 'list', '--state', 'sent', '--json'])).out);
  t.like(json.announcements[0], { number: 3, channel: 'webhook', topic: 'ping', tries: 1, reason: null });
  t.is(json.targets.length, 2);
  const bad = await cli(['outbox', 'list', '--state', 'lost']);
  t.is(bad.status, 1);
});

test('show prints each try with its answer and the body', async (t) => {
  const { cli } = await prepared(t);
  const { out } = await cli(['outbox', 'show', '4']);
  t.regex(out, /try 1 {2}\S+ {2}refused: 404 Not Found/);
  t.true(out.includes('{"n":"c"}'));
  const { tries, announcement } = JSON.parse((await cli(['outbox', 'show', '4', '--json'])).out);
  t.like(tries[0], { try: 1, round: 1, outcome: 'refused', answer: '404 Not Found' });
  t.regex(announcement.id, /^[0-9a-f-]{36}$/);
  t.is((await cli(['outbox', 'show', '99'])).status, 1);
});

test('send: given up and held wait again, sent gets a copy, waiting is refused', async (t) => {
  const { cli } = await prepared(t);
  for (const number of ['1', '4']) {
    const { out, status } = await cli(['outbox', 'send', number, ...REASON]);
    t.is(status, 0);
    t.is(out, `Announcement ${number} waits again.\n`);
  }
  const copied = await cli(['outbox', 'send', '3', ...REASON]);
  t.is(copied.out, 'Announcement 3 waits again as a copy: 5.\n');
  const refused = await cli(['outbox', 'send', '2', ...REASON]);
  t.is(refused.err, 'Announcement 2 waits already.\n');
  t.is(refused.status, 1);
  t.is((await cli(['outbox', 'send', '99', ...REASON])).err, 'There is no announcement 99.\n');
  t.deepEqual(await states(cli), ['1 waiting', '2 waiting', '3 sent', '4 waiting', '5 waiting']);
  t.is((await cli(['outbox', 'send', '4'])).status, 1, 'a decision needs a reason');
});

test('drop: what is not sent is never sent, with a reason', async (t) => {
  const { cli } = await prepared(t);
  t.is((await cli(['outbox', 'drop', '4', ...REASON])).out, 'Announcement 4 is dropped.\n');
  t.is((await cli(['outbox', 'drop', '4', ...REASON])).err, 'Announcement 4 was dropped, and stays so.\n');
  t.is((await cli(['outbox', 'drop', '3', ...REASON])).err, 'Announcement 3 was sent.\n');
  t.regex((await cli(['outbox', 'list'])).out, /^4 .* dropped after 1 try, ada: ticket 17$/m);
});

test('pause and resume: a channel or one target, seen in the list', async (t) => {
  const { cli } = await prepared(t);
  t.is((await cli(['outbox', 'pause', 'webhook', 'crm', ...REASON])).out, 'Paused: webhook to crm.\n');
  t.is((await cli(['outbox', 'pause', 'mail', ...REASON])).out, 'Paused: the channel mail.\n');
  t.is((await cli(['outbox', 'pause', 'mail', ...REASON])).status, 1);
  const { out } = await cli(['outbox', 'list']);
  t.regex(out, /^webhook to crm is paused since \S+ \(ada: ticket 17\)$/m);
  t.is((await cli(['outbox', 'resume', 'webhook', 'crm'])).out, 'It goes on: webhook to crm.\n');
  t.is((await cli(['outbox', 'resume', 'webhook', 'crm'])).status, 1);
  t.is((await cli(['outbox', 'pause', 'pigeon', ...REASON])).status, 1);
});

test('a target that is not there is not paused: the names that are there are told', async (t) => {
  const { cli } = await prepared(t);
  const typo = await cli(['outbox', 'pause', 'webhook', 'crn', ...REASON]);
  t.is(typo.status, 1);
  t.is(typo.err, 'The channel webhook has no target crn. There are: crm, shop; did you mean crm?\n');
  t.regex(
    (await cli(['outbox', 'pause', 'mail', 'everybody', ...REASON])).err,
    /There are: customer, seller\.$/m,
  );
  t.is((await cli(['outbox', 'pause', 'mail', 'seller', ...REASON])).out, 'Paused: mail to seller.\n');
  t.notRegex((await cli(['outbox', 'list'])).out, /crn|everybody/);
});

test('run --once ends; it needs --once, and is refused where the outbox is off', async (t) => {
  const { home, cli } = await prepared(t);
  t.is((await cli(['outbox', 'run', '--once'])).out, 'Nothing was due.\n');
  t.is((await cli(['outbox', 'run'])).status, 1);
  const off = await cli(['outbox', 'run', '--once'], { config: () => ({ ...home.config, outbox: 'off' }) });
  t.regex(off.err, /OUTBOX=off/);
});

test('the doctor reports what was given up, is held, is late, and which target gets nothing', async (t) => {
  const { home, cli } = await prepared(t);
  await cli(['outbox', 'pause', 'webhook', 'crm', ...REASON]);
  home.clock.now = NOW + 2 * 3_600_000;
  const { findings } = JSON.parse((await cli(['doctor', '--json'])).out);
  const said = findings.filter(({ check }: { check: string }) => check === 'outbox');
  t.deepEqual(
    said.map(({ level, so }: { level: string; so: string }) => `${level} ${so}`),
    [
      'fault Given up: 1 webhook announcement.',
      'warning Held, since they were overdue by more than a day at a start: 1 webhook announcement.',
      'warning 1 webhook announcement waits, the oldest for more than an hour.',
      'warning webhook to crm is paused: ada: ticket 17.',
    ],
  );
});
