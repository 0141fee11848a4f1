import test from 'ava';
import { faultsOfBill, toLasting, withoutDev } from '../../../tools/dependencies/bill.ts';
import { readLockfile } from '../../../tools/dependencies/lockfile.ts';

const DIGEST = Buffer.alloc(64, 1);

test('a bill is the same whenever and wherever it is written, and is called as the project is', (t) => {
  const bill = toLasting(written({}), 'mintmark');
  t.deepEqual(bill, toLasting(written({ serialNumber: 'urn:uuid:2', folder: 'elsewhere' }), 'mintmark'));
  t.like(bill, { specVersion: '1.6', metadata: { component: { name: 'mintmark', type: 'application' } } });
  t.notRegex(JSON.stringify(bill), /urn:uuid|2026-|checkout/);
});

test('a text that is no bill, or lacks a digest or a license, is refused', (t) => {
  t.throws(() => toLasting({}, 'mintmark'));
  t.throws(() => toLasting(written({ component: { hashes: [] } }), 'mintmark'));
  t.throws(() => toLasting(written({ component: { licenses: [] } }), 'mintmark'));
});

test('a bill agrees with the lockfile on all run-time packages', (t) => {
  const faultsWith = (changes: object) => faultsOfBill(toLasting(written(changes), 'mintmark'), locked());
  t.deepEqual(faultsWith({}), []);
  t.deepEqual(faultsWith({ component: { version: '2.0.0' } }), [
    'pkg:npm/koa@3.3.0 is not in the lockfile with this digest',
    'koa 3.3.0 is missing',
  ]);
  t.deepEqual(faultsWith({ component: { hashes: [{ alg: 'SHA-512', content: '00'.repeat(64) }] } }), [
    'pkg:npm/koa@3.3.0 is not in the lockfile with this digest',
  ]);
  t.deepEqual(faultsWith({ component: { 'bom-ref': 'mintmark@0.1.0' } }), [
    'koa@3.3.0 is depended on and not listed',
    'a reference is used twice',
  ]);
});

test('a bill without build packages has neither these packages nor dependencies on them', (t) => {
  const packages = locked();
  const bill = toLasting(written({}), 'mintmark');
  t.deepEqual(withoutDev(bill, packages), bill);
  const onlyTests = withoutDev(
    bill,
    packages.map((one) => ({ ...one, dev: true })),
  );
  t.deepEqual(onlyTests.components, []);
  t.deepEqual(onlyTests.dependencies, [{ ref: 'mintmark@0.1.0', dependsOn: [] }]);
});

/** What npm writes, of one package. */
function written({ serialNumber = 'urn:uuid:1', folder = 'checkout', component = {} }): object {
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    ...{ bomFormat: 'CycloneDX', specVersion: '1.5', serialNumber, version: 1 },
    metadata: {
      timestamp: '2026-11-22T05:41:02.801Z',
      component: {
        'bom-ref': 'mintmark@0.1.0',
        type: 'library',
        name: folder,
        purl: 'pkg:npm/mintmark@0.1.0',
      },
    },
    components: [
      {
        ...{ 'bom-ref': 'koa@3.3.0', type: 'library', name: 'koa', version: '3.3.0' },
        purl: 'pkg:npm/koa@3.3.0',
        hashes: [{ alg: 'SHA-512', content: DIGEST.toString('hex') }],
        licenses: [{ license: { id: 'MIT' } }],
        ...component,
      },
    ],
    dependencies: [{ ref: 'mintmark@0.1.0', dependsOn: ['koa@3.3.0'] }],
  };
}

function locked() {
  const integrity = `sha512-${DIGEST.toString('base64')}`;
  const packages = {
    '': { version: '0.1.0' },
    'node_modules/koa': { version: '3.3.0', integrity },
    'node_modules/ava': { version: '7.0.0', integrity, dev: true },
  };
  return readLockfile(JSON.stringify({ lockfileVersion: 3, packages }));
}
