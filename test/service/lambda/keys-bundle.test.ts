import { existsSync } from 'node:fs';
import test from 'ava';
import { bundleKeys } from '../../../src/backup/shop.ts';
import { withKeys } from '../../../src/service/lambda/keys-bundle.ts';
import { modeOf } from '../../kit/keys-folder.ts';
import { NOW } from '../../kit/sale.ts';
import { makeHome } from '../../kit/service.ts';

const PASSPHRASE = 'a passphrase of a bundle';

test('the keys of a bundle are unpacked for the service, and removed where its start fails', async (t) => {
  const { config } = makeHome(t);
  const keysBundle = bundleKeys({ config, passphrase: PASSPHRASE, now: NOW, simulator: false });
  const bundled = { ...config, keysBundle, keysBundlePassphrase: PASSPHRASE };
  const kept = await withKeys(bundled, async ({ keysDir }) => keysDir);
  t.true(existsSync(`${kept}/keyring.json`), 'the control');
  t.is(modeOf(kept), 0o700);
  let unpacked = '';
  const failing = withKeys(bundled, async ({ keysDir }) => {
    unpacked = keysDir;
    t.true(existsSync(keysDir));
    throw new Error('no database');
  });
  await t.throwsAsync(failing, { message: 'no database' });
  t.not(unpacked, kept);
  t.false(existsSync(unpacked), 'each event would leave another copy of the private keys');
});

test('without a bundle, with another passphrase and with a cut one, it is said what to set', async (t) => {
  const { config } = makeHome(t);
  const keysBundle = bundleKeys({ config, passphrase: PASSPHRASE, now: NOW, simulator: false });
  const start = async () => t.fail();
  const given = (keysBundle: string | undefined, keysBundlePassphrase: string | undefined) =>
    withKeys({ ...config, keysBundle, keysBundlePassphrase }, start);
  await t.throwsAsync(given(undefined, undefined), { message: /^KEYS_BUNDLE: set it to what/ });
  await t.throwsAsync(given(keysBundle, undefined), { message: /KEYS_BUNDLE_PASSPHRASE/ });
  await t.throwsAsync(given(keysBundle, 'another passphrase'), {
    message: /KEYS_BUNDLE has another passphrase/,
  });
  await t.throwsAsync(given(keysBundle.slice(0, -8), PASSPHRASE), { message: /KEYS_BUNDLE is damaged/ });
  await t.throwsAsync(given('AAAA', PASSPHRASE), { message: /KEYS_BUNDLE is no backup/ });
});
