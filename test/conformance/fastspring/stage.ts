/** A service for FastSpring's samples, and the content of its ledger. */
import { signWebhook } from '../../../src/marketplaces/fastspring/simulator.ts';
import { atScene, type Stage } from '../stage/stage.ts';

const SECRET = 'a-secret-of-this-run';

/** Product files by the paths in the samples; all are valid for a month with 14 days of grace. */
const PATHS = [
  'cloud-storage',
  'example-monthly-subscription',
  'falcon-monthly-subscriptions',
  'falcon-plus-bonus-package-annual-subscription-individual-license',
  'falcon-plus-bonus-package-individual-license',
  'furious-falcon',
];

/** `now`: the service's clock, in milliseconds since 1970-01-01. */
export function atService<T>(now: number, act: (stage: Stage) => Promise<T>): Promise<T> {
  const scene = {
    now,
    settings: { FASTSPRING_WEBHOOK_SECRETS: SECRET },
    products: Object.fromEntries(
      PATHS.map((path, place) => [
        `product-${place}`,
        `name: ${path}\nterm: P1M\ngrace: P14D\nmarketplaces: { fastspring: { product: ${path} } }`,
      ]),
    ),
    path: '/webhooks/fastspring',
    headersOf: (body: string) => ({ 'X-FS-Signature': signWebhook(body, SECRET) }),
  };
  const named = (text: string) =>
    text.replace(/ product-(\d+) /, (_, place: string) => ` ${PATHS[Number(place)]} `);
  return atScene(scene, ({ held, ...stage }) =>
    act({ ...stage, held: async (orders) => (await held(orders)).map(named).sort() }),
  );
}
