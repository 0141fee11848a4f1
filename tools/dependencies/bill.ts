/** npm's bill of materials without the members that differ between runs and machines, checked against the lockfile. */
import { z } from 'zod';
import type { LockedPackage } from './lockfile.ts';

const Component = z.looseObject({
  'bom-ref': z.string().min(1),
  type: z.literal('library'),
  name: z.string().min(1),
  version: z.string().min(1),
  purl: z.string().startsWith('pkg:npm/'),
  hashes: z.tuple([z.object({ alg: z.literal('SHA-512'), content: z.string().regex(/^[0-9a-f]{128}$/) })]),
  licenses: z.array(z.object({}).loose()).min(1),
});

/** The members of CycloneDX 1.5 (npm 11) that we rely on; 1.6 has the same members. */
const Bill = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.enum(['1.5', '1.6']),
  version: z.literal(1),
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string(), purl: z.string() }) }),
  components: z.array(Component).min(1),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

export type Bill = z.infer<typeof Bill>;

/**
 * npm's bill as CycloneDX 1.6: the same bytes for the same lockfile and npm. Omits the optional serial number and time,
 * and uses the project's name, where npm uses the folder's. Throws where npm's output is no bill.
 */
export function toLasting(written: unknown, name: string): Bill {
  const { serialNumber, $schema, ...bill } = Bill.parse(written);
  const { timestamp, component, ...metadata } = bill.metadata;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    ...bill,
    specVersion: '1.6',
    metadata: { ...metadata, component: { ...component, type: 'application', name } },
  };
}

/**
 * The bill of the service's run-time packages. npm's own `--omit=dev` (npm 11.19) also omits packages on which both the
 * service and its tools depend, such as zod.
 */
export function withoutDev(bill: Bill, packages: readonly LockedPackage[]): Bill {
  const kept = new Set(packages.filter(({ dev }) => !dev).map(({ name, version }) => `${name}@${version}`));
  const components = bill.components.filter(({ name, version }) => kept.has(`${name}@${version}`));
  const refs = new Set([bill.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((on) => refs.has(on)) }));
  return { ...bill, components, dependencies };
}

/** Differences between a bill and the lockfile, and run-time packages that the bill lacks. Empty for a correct bill. */
export function faultsOfBill(bill: Bill, packages: readonly LockedPackage[]): readonly string[] {
  const locked = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  const listed = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
  const refs = new Set([bill.metadata.component['bom-ref'], ...bill.components.map((one) => one['bom-ref'])]);
  return [
    ...bill.components
      .filter(({ name, version, hashes }) => {
        const [method, digest] = locked.get(`${name}@${version}`)?.integrity?.split('-') ?? [];
        return (
          method !== 'sha512' || Buffer.from(digest ?? '', 'base64').toString('hex') !== hashes[0].content
        );
      })
      .map(({ purl }) => `${purl} is not in the lockfile with this digest`),
    ...packages
      .filter(({ dev, name, version }) => !dev && !listed.has(`${name}@${version}`))
      .map(({ name, version }) => `${name} ${version} is missing`),
    ...bill.dependencies
      .flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
      .filter((ref) => !refs.has(ref))
      .map((ref) => `${ref} is depended on and not listed`),
    ...(refs.size === bill.components.length + 1 ? [] : ['a reference is used twice']),
  ];
}
