import test from 'ava';
import type { Mailing } from '../../../src/domain/announcements/announcing.ts';
import { resendLicense } from '../../../src/domain/desk/resend.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { LicenseStory } from '../../../src/domain/ledger.ts';
import { GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { told } from '../../kit/telling.ts';

/** The fake ledger has no outbox: a mail would throw. */
function resend(license: LicenseStory, ...others: readonly LicenseStory[]) {
  const { ledger, stories } = fakeLedger();
  stories.push(license, ...others);
  return resendLicense({ ledger, mailing: { mail: () => undefined } }, license.id, GROUNDS, NOW);
}

test('the codes of a license that was replaced are not mailed: the outcome names its reissue, or the license of its subscription’s product', async (t) => {
  const subscription = 'S';
  const former = storyOf({ subscription, state: 'ended' });
  const pro = storyOf({ subscription, product: 'pro', line: 'pro' });
  t.deepEqual(await resend(former, pro), { outcome: 'other product', by: pro });
  const reissue = storyOf({ subscription, state: 'ended', reissue: 1 });
  t.deepEqual(await resend(former, reissue, pro), { outcome: 'replaced', by: reissue });
  await t.throwsAsync(resend(pro, former), { message: /outbox/ }, 'the license of the product is mailed');
});

test('a license without a code to send, or without an address, is told so', async (t) => {
  for (const state of ['revoked', 'suspended'] as const)
    t.deepEqual(await resend(storyOf({ state })), { outcome: 'no code', state });
  const customer = { name: 'Ada', email: undefined };
  t.deepEqual(await resend(storyOf({ customer })), { outcome: 'no address' });
  const { ledger } = fakeLedger();
  const mailing = { mail: () => undefined };
  t.deepEqual(await resendLicense({ ledger, mailing }, storyOf().id, GROUNDS, NOW), { outcome: 'unknown' });
});

test('the codes are announced as asked for, in the customer’s language, and the history says why', async (t) => {
  const announced: unknown[] = [];
  const announce = async (...given: unknown[]) => announced.push(...given);
  const { ledger, stories, facts } = fakeLedger({ outbox: { announce } as never });
  const license = storyOf({ state: 'ended', revision: 3 });
  stories.push(license, storyOf({ unit: 1 }));
  facts.push({
    ...told('2026-11-21', 'order:ACME-1', { kind: 'noted', note: 'the customer reads de', language: 'de' }),
    at: NOW + 5,
  });
  const asked: unknown[] = [];
  const mail: Mailing['mail'] = (...given) => {
    asked.push(...given);
    return { text: 'the digest' };
  };
  const desk = { ledger, mailing: { mail } };
  t.deepEqual(await resendLicense(desk, license.id, GROUNDS, NOW), { outcome: 'announced', license });
  const sale = { marketplace: 'fastspring', mode: 'live', product: 'app' };
  t.deepEqual(asked, ['asked', { ...sale, language: 'de' }]);
  t.deepEqual(announced, [
    [
      {
        ...sale,
        channel: 'mail',
        target: 'customer',
        topic: 'asked',
        order: 'ACME-1',
        license: license.id,
        sequence: license.history.length,
        revision: 3,
        body: null,
        key: `at:${NOW + 6}`,
        text: 'the digest',
      },
    ],
    NOW,
  ]);
  t.like(facts[1], {
    subject: licenseSubject(license.id),
    cause: 'resend by ada: ticket 17',
    body: { kind: 'noted', note: 'the codes are mailed again' },
  });
  await resendLicense({ ledger, mailing: { mail: () => undefined } }, license.id, GROUNDS, NOW);
  t.like((announced[2] as object[])[0], { text: null }, 'not a text of the product');
});
