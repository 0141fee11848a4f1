import test from 'ava';
import { keptTermsOf } from '../../../src/catalog/kept-terms.ts';
import {
  checkSoldAtStart,
  checkSoldTerms,
  compareTerms,
  loadSoldTerms,
  type SoldTerms,
  soldTermsFaults,
} from '../../../src/domain/life/sold-terms.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { productOf } from '../../kit/memory-ledger.ts';

const SOLD = productOf();
/** Licenses without terms of their own. */
const UNKEPT: SoldTerms = { product: 'app', digest: null, terms: undefined, licenses: 2 };

function soldOf(product: Product, licenses = 3): SoldTerms {
  const { digest, terms } = keptTermsOf(product);
  return { product: product.id, digest, terms, licenses };
}

/** A database may reject another value than 64 hexadecimal digits. */
function isDigest(asked: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(asked)) throw new TypeError(`${asked} is no digest`);
  return true;
}

function check(sold: readonly SoldTerms[], ...files: readonly Product[]) {
  return checkSoldTerms(sold, (id) => {
    const file = files.find((product) => product.id === id);
    return file && keptTermsOf(file);
  });
}

test('each rule that differs in the product file is named as the file writes it', (t) => {
  const changes: Readonly<Record<string, Partial<Product>>> = {
    term: { term: 'P2Y' },
    grace: { grace: 'P0D' },
    updates: { updates: 'P1Y' },
    quantity: { quantity: 'seats' },
    seats: { seats: 5 },
    multibuy: { multibuy: 'separate' },
    grants: { grants: ['sync'] },
    trial: { trial: true },
    trial_term: { trialTerm: 'P14D' },
    overdue: { overdue: 'keep' },
    ended: { ended: 'fallback' },
    refund: { refund: 'keep' },
  };
  for (const [key, change] of Object.entries(changes)) {
    const [finding, ...others] = check([soldOf(SOLD)], productOf(change));
    t.is(others.length, 0);
    t.is(finding?.kind, 'differs', key);
    t.deepEqual(finding?.kind === 'differs' && finding.differences.map((each) => [each.key, each.isFault]), [
      [key, false],
    ]);
    t.deepEqual(soldTermsFaults(check([soldOf(SOLD)], productOf(change))), []);
  }
  const [refund] = compareTerms(SOLD, productOf({ refund: 'keep' }));
  t.deepEqual(refund, { key: 'refund', sold: 'revoke', now: 'keep', isFault: false });
  const [trial] = compareTerms(SOLD, productOf({ trialTerm: 'P14D' }));
  t.deepEqual(trial, { key: 'trial_term', sold: 'none', now: 'P14D', isFault: false });
  const [features] = compareTerms(productOf({ features: [], grants: [] }), productOf({ grants: [] }));
  t.deepEqual(features, { key: 'features', sold: '[]', now: '[export, sync]', isFault: false });
});

test('settings that are no terms are no difference', (t) => {
  const renamed = productOf({
    name: 'App 2',
    marketplaces: { fastspring: { products: ['x'], reply: 'codes', parameters: [] } },
  });
  t.deepEqual(check([soldOf(SOLD)], SOLD, renamed), []);
  t.deepEqual(check([soldOf(SOLD)], renamed), []);
});

test('features may grow at the end; an insertion or a removal prevents the start (39)', (t) => {
  const features = ['export', 'sync'];
  for (const [now, faults] of [
    [['export', 'sync', 'print'], 0],
    [['print', 'export', 'sync'], 1],
    [['export', 'print', 'sync'], 1],
    [['sync', 'export'], 1],
    [['export'], 1],
    [[], 1],
  ] as const) {
    const findings = check(
      [soldOf(productOf({ features, grants: [] }))],
      productOf({ features: now, grants: [] }),
    );
    t.is(soldTermsFaults(findings).length, faults, now.join());
  }
  const [line] = soldTermsFaults(
    check([soldOf(SOLD, 7)], productOf({ features: ['print', 'export', 'sync'] })),
  );
  t.regex(
    line ?? '',
    /^app\.md: features: 7 sold licenses know them as \[export, sync\], and the file has \[print, export, sync\]/,
  );
});

test('a sold product without a file is named, with the licenses that depend on it (40)', (t) => {
  t.deepEqual(check([soldOf(SOLD, 4)]), [{ kind: 'no file', product: 'app', licenses: 4, isKept: true }]);
  t.deepEqual(check([UNKEPT]), [{ kind: 'no file', product: 'app', licenses: 2, isKept: false }]);
  t.deepEqual(check([UNKEPT], SOLD), [], 'without terms of their own they live by the file');
  t.deepEqual(soldTermsFaults(check([soldOf(SOLD), UNKEPT])), [], 'the service starts');
});

test('the terms of all sold licenses are loaded with their numbers', async (t) => {
  const { digest, terms } = keptTermsOf(SOLD);
  const sold = await loadSoldTerms({
    countTerms: async () => [
      { product: 'app', digest, licenses: 3 },
      { product: 'app', digest: null, licenses: 1 },
    ],
    findTerms: async (asked) => (isDigest(asked) && asked === digest ? terms : undefined),
  });
  t.deepEqual(sold, [soldOf(SOLD), { product: 'app', digest: null, terms: undefined, licenses: 1 }]);
});

/** A ledger in which the product was sold under some terms; `counted` lists the calls that read each license. */
function ledgerOf(...sold: readonly SoldTerms[]) {
  const counted: string[] = [];
  const ledger = {
    soldTerms: async () => sold.map(({ product, digest }) => ({ product, digest })),
    countTerms: async () => {
      counted.push('all');
      return sold.map(({ product, digest, licenses }) => ({ product, digest, licenses }));
    },
    findTerms: async (asked: string) =>
      isDigest(asked) ? sold.find(({ digest }) => digest === asked)?.terms : undefined,
  };
  return { ledger, counted };
}

test('a start counts no licenses unless a feature moved, and then says how many there are', async (t) => {
  const now = (product: Product) => (id: string) => (id === product.id ? keptTermsOf(product) : undefined);
  const grown = productOf({ features: [...SOLD.features, 'print'] });
  const good = ledgerOf(soldOf(SOLD), soldOf(productOf({ refund: 'keep' })));
  t.deepEqual(await checkSoldAtStart(good.ledger, now(grown)), { orphans: [], faults: [] });
  t.deepEqual(good.counted, []);
  const moved = ledgerOf(soldOf(SOLD, 7), UNKEPT);
  const file = productOf({ features: ['print'], grants: [], refund: 'keep' });
  const { faults } = await checkSoldAtStart(moved.ledger, now(file));
  t.regex(faults.join(), /^app\.md: features: 7 sold licenses/);
  t.deepEqual(moved.counted, ['all']);
});

test('a start names each sold product without a file once', async (t) => {
  const { ledger } = ledgerOf(soldOf(SOLD), UNKEPT);
  t.deepEqual(await checkSoldAtStart(ledger, () => undefined), { orphans: ['app'], faults: [] });
});
