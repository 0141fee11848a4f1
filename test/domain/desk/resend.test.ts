import test from 'ava';
import { resendLicense } from '../../../src/domain/desk/resend.ts';
import type { LicenseStory } from '../../../src/domain/ledger.ts';
import { GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';

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
