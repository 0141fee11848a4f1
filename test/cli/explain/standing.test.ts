import test from 'ava';
import { standingOf } from '../../../src/cli/explain/standing.ts';
import { formatLicenseId } from '../../../src/license-code/license-id.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';

const TODAY = '2026-11-22';

test('a license has the state of its history, with the cause of the last change', async (t) => {
  const { ledger, stories } = fakeLedger();
  const story = storyOf({
    state: 'revoked',
    history: [
      { at: SOLD_AT, from: null, to: 'active', revision: 0, cause: 'sold' },
      { at: SOLD_AT + 1000, from: 'active', to: 'revoked', revision: 0, cause: 'return.created event-2' },
      { at: SOLD_AT + 2000, from: 'revoked', to: 'revoked', revision: 1, cause: 'paid' },
    ],
  });
  stories.push(story);
  const { why, send } = await standingOf(story, ledger, TODAY);
  t.deepEqual(why, ['It is revoked since 2026-11-21T10:00:01.000Z: return.created event-2.']);
  t.is(send, null);
});

test('an active license has its newest code to send, and an expired code is reported', async (t) => {
  const { ledger, stories } = fakeLedger();
  const story = storyOf({}, { lastValid: '2026-12-05' });
  stories.push(story);
  t.deepEqual(await standingOf(story, ledger, TODAY), {
    license: story,
    successor: undefined,
    why: ['It is active since 2026-11-21T10:00:00.000Z: sold.', 'Its newest code is valid to 2026-12-05.'],
    send: story.code,
  });
  const { why, send } = await standingOf(story, ledger, '2026-12-06');
  t.is(send, null, 'no program takes it any more');
  t.is(why[1], 'Its newest code was valid to 2026-12-05 and has expired. No later payment was reported.');
});

test('for a reissued license, the code of its newest replacement is to be sent', async (t) => {
  const { ledger, stories } = fakeLedger();
  const [former, next, last] = [
    storyOf({ state: 'revoked' }),
    storyOf({ reissue: 1, state: 'revoked' }),
    storyOf({ reissue: 2 }),
  ];
  stories.push(former, next, last, storyOf({ unit: 1, reissue: 3 }));
  const { why, send, successor } = await standingOf(former, ledger, TODAY);
  t.deepEqual(successor?.id, last.id);
  t.is(send, last.code);
  t.is(why[0], `It was reissued as ${formatLicenseId(last.id)}.`);
});

test('after a change of the product, the code of the subscription’s current product is to be sent', async (t) => {
  const { ledger, stories } = fakeLedger();
  const subscription = 'S';
  const [former, pro] = [
    storyOf({ subscription, state: 'ended' }),
    storyOf({ subscription, product: 'pro', line: 'pro' }),
  ];
  stories.push(former, pro);
  const { why, send, successor } = await standingOf(former, ledger, TODAY);
  t.deepEqual([successor?.id, send], [pro.id, pro.code]);
  t.is(why[0], `Its subscription covers pro now: ${formatLicenseId(pro.id)}.`);
  t.is((await standingOf(pro, ledger, TODAY)).successor, undefined);
});

test('a reissue and a change of the product are both followed', async (t) => {
  const { ledger, stories } = fakeLedger();
  const subscription = 'S';
  const leaked = storyOf({ subscription, state: 'revoked' });
  const reissue = storyOf({ subscription, state: 'ended', reissue: 1 });
  const pro = storyOf({ subscription, product: 'pro', line: 'pro' });
  stories.push(leaked, reissue, pro);
  const { why, send } = await standingOf(leaked, ledger, TODAY);
  t.is(send, pro.code);
  t.deepEqual(why.slice(0, 2), [
    `It was reissued as ${formatLicenseId(reissue.id)}.`,
    `Its subscription covers pro now: ${formatLicenseId(pro.id)}.`,
  ]);
});
