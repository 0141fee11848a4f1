/** The shop's wares: each with its rules, from which both the model and the product files are made. */

import type { ShopName } from './truth.ts';

/** The rules of a product file that the model needs. */
export interface Rules {
  /** Months; undefined: perpetual. */
  readonly term?: number;
  /** Days. */
  readonly grace?: number;
  /** Months of updates; undefined: unlimited. */
  readonly updates?: number;
  readonly quantity?: 'codes' | 'seats';
  readonly seats?: number;
  readonly overdue?: 'suspend' | 'keep';
  readonly ended?: 'expire' | 'revoke' | 'fallback';
  readonly refund?: 'revoke' | 'keep';
  readonly features?: readonly string[];
}

export interface Ware {
  /** FastSpring's path. */
  readonly path: string;
  /** Paddle's id of the product or plan; undefined: not sold there. */
  readonly paddle?: number;
  /** Mintmark's product; undefined: no product file names the path. */
  readonly product: string | undefined;
  /** Net, of one unit. */
  readonly price: number;
  /** Months from one charge to the next; undefined: sold once. */
  readonly every?: number;
  /** Can begin with a trial. */
  readonly trial?: true;
  /** Sold only with an existing subscription. */
  readonly companion?: true;
  /** No license fulfillment is set up for it: nobody ever requests its codes. */
  readonly unasked?: true;
  /** FastSpring's `mintmark_quantity`: the units that one of it holds; undefined: it is no pack. */
  readonly pack?: number;
  /** FastSpring's `mintmark_features`: those that it switches on; undefined: all of its product. */
  readonly features?: readonly string[];
  readonly rules: Rules;
}

const FEATURES = ['basic', 'extra'];

const RULES = {
  app: { features: FEATURES },
  year: { term: 12, grace: 5 },
  team: { quantity: 'seats', seats: 5 },
  lite: {},
  generous: { refund: 'keep' },
  dated: { updates: 12 },
  plan: { term: 1, grace: 14 },
  pro: { term: 1, grace: 7, features: FEATURES },
  strict: { term: 1, grace: 3, ended: 'revoke', features: FEATURES },
  kind: { term: 1, grace: 10, ended: 'fallback' },
  lenient: { term: 1, grace: 2, overdue: 'keep', refund: 'keep' },
  crew: { term: 1, grace: 4, quantity: 'seats', seats: 5, features: FEATURES },
  care: { updates: 12 },
  extra: { term: 1, grace: 3 },
} as const satisfies Readonly<Record<string, Rules>>;

export type ProductId = keyof typeof RULES;

function ware(path: string, product: ProductId | undefined, price: number, more: Partial<Ware> = {}): Ware {
  return { path, product, price, rules: product === undefined ? {} : RULES[product], ...more };
}

/** Sold once. */
export const GOODS: readonly Ware[] = [
  ware('app', 'app', 40, { paddle: 101 }),
  ware('app-pro', 'app', 60),
  ware('year-pass', 'year', 30, { paddle: 103 }),
  ware('team', 'team', 100, { paddle: 104 }),
  ware('generous', 'generous', 24, { paddle: 105 }),
  ware('dated', 'dated', 52, { paddle: 106 }),
  ware('lite', 'lite', 12, { paddle: 107, unasked: true }),
  ware('poster', undefined, 16, { paddle: 199 }),
];

export const PLANS: readonly Ware[] = [
  ware('plan-monthly', 'plan', 12, { paddle: 201, every: 1, trial: true }),
  ware('plan-yearly', 'plan', 120, { paddle: 202, every: 12 }),
  ware('pro-monthly', 'pro', 20, { paddle: 203, every: 1, trial: true, features: FEATURES }),
  ware('strict-monthly', 'strict', 16, { paddle: 204, every: 1, features: FEATURES }),
  ware('kind-monthly', 'kind', 8, { paddle: 205, every: 1, trial: true }),
  ware('lenient-monthly', 'lenient', 28, { paddle: 206, every: 1 }),
  ware('crew-monthly', 'crew', 36, { paddle: 207, every: 1, features: FEATURES }),
  ware('care-yearly', 'care', 48, { paddle: 208, every: 12 }),
  ware('poster-monthly', undefined, 4, { paddle: 299, every: 1 }),
];

export const EXTRA = ware('extra-monthly', 'extra', 8, { every: 1, companion: true });

/** Another price of a plan's product, with the same interval. */
const PLUS = ware('plan-plus', 'plan', 18, { every: 1, trial: true });

/** Plans at Stripe and Paddle Billing. */
export const BILLED_PLANS: readonly Ware[] = [...PLANS, PLUS];

/** Plans that can be items of one subscription there. */
export const BESIDE: readonly Ware[] = BILLED_PLANS.filter(
  ({ product, rules, every }) =>
    product !== undefined && every === 1 && rules.term !== undefined && rules.ended !== 'fallback',
);

/** Sold by FastSpring alone, several units a piece. */
export const PACKS: readonly Ware[] = [
  ware('app-five', 'app', 30, { pack: 5, features: ['extra'] }),
  ware('team-two', 'team', 90, { pack: 2 }),
];

/** The same, as subscriptions. */
export const PACKED_PLANS: readonly Ware[] = [
  ware('pro-three', 'pro', 18, { every: 1, pack: 3, features: ['basic'] }),
  ware('strict-two', 'strict', 12, { every: 1, pack: 2, features: ['basic'] }),
  ware('crew-two', 'crew', 30, { every: 1, pack: 2, features: ['extra'] }),
];

export const WARES: readonly Ware[] = [...GOODS, ...PLANS, EXTRA, PLUS, ...PACKS, ...PACKED_PLANS];

/** The bits of the features that a license of the ware has. */
export function featureBits({ rules, features = rules.features ?? [] }: Ware): number {
  return features.reduce((bits, name) => bits | (1 << (rules.features ?? []).indexOf(name)), 0);
}

/** The units in so many pieces of a ware. */
export function unitsIn({ pack = 1 }: Pick<Ware, 'pack'>, pieces: number): number {
  return pieces * pack;
}

/** The pieces of a ware that so many units are. */
export function piecesOf({ pack = 1 }: Pick<Ware, 'pack'>, units: number): number {
  return units / pack;
}

/** Another path of the same product at FastSpring, charged as often; the ware itself where there is none. */
export function siblingOf(ware: Ware): Ware {
  const { path, product, every } = ware;
  const isSibling = (one: Ware) =>
    one !== PLUS && one.product === product && one.path !== path && one.every === every;
  return WARES.find(isSibling) ?? ware;
}

export function wareOf(path: string): Ware {
  const found = WARES.find((each) => each.path === path);
  if (found === undefined) throw new Error(`there is no ware ${path}`);
  return found;
}

/** Paddle Billing's price of a ware. */
export function priceOf({ path }: Pick<Ware, 'path'>): string {
  return `pri_${path.replaceAll('-', '')}`;
}

/** Stripe's price of a ware. */
export function stripePriceOf({ path }: Pick<Ware, 'path'>): string {
  return `price_${path.replaceAll('-', '')}`;
}

/** Lemon Squeezy's variant of a ware. */
export function variantOf({ path }: Pick<Ware, 'path'>): number {
  return 1001 + WARES.findIndex((ware) => ware.path === path);
}

/** Gumroad's product of a ware. */
export function gumroadProductOf({ path }: Pick<Ware, 'path'>): string {
  return `${path}==`;
}

/** What the marketplace calls a line of the ware. */
export function lineName(ware: Pick<Ware, 'path' | 'paddle'>, marketplace: ShopName): string {
  if (marketplace === 'fastspring') return ware.path;
  if (marketplace === 'stripe') return stripePriceOf(ware);
  if (marketplace === 'lemon-squeezy') return String(variantOf(ware));
  if (marketplace === 'gumroad') return gumroadProductOf(ware);
  return marketplace === 'paddle-billing' ? priceOf(ware) : String(ware.paddle);
}

const BODY = '\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

/** The product files, by product. */
export function productFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries<Rules>(RULES).map(([id, rules]) => {
      const own = WARES.filter(({ product }) => product === id);
      const paths = own.map(({ path }) => path);
      const ids = own.flatMap(({ paddle }) => paddle ?? []);
      const paddle = ids.length === 0 ? '' : `, paddle-classic: { product: ["${ids.join('", "')}"] }`;
      const lines = [
        `name: ${id}`,
        `term: ${rules.term === undefined ? 'perpetual' : `P${rules.term}M`}`,
        `grace: P${rules.grace ?? 0}D`,
        `updates: ${rules.updates === undefined ? 'unlimited' : `P${rules.updates}M`}`,
        ...(['quantity', 'seats', 'overdue', 'ended', 'refund'] as const).flatMap((key) =>
          rules[key] === undefined ? [] : [`${key}: ${rules[key]}`],
        ),
        ...(own.some(({ pack }) => pack !== undefined)
          ? ['parameters: [mintmark_quantity, mintmark_features]']
          : []),
        ...(rules.features === undefined ? [] : [`features: [${rules.features.join(', ')}]`]),
        `marketplaces: { fastspring: { product: [${paths.join(', ')}] }, paddle-billing: { product: [${own.map(priceOf).join(', ')}] }, stripe: { product: [${own.map(stripePriceOf).join(', ')}] }, lemon-squeezy: { variant: [${own.map(variantOf).join(', ')}] }, gumroad: { product: [${own.map(gumroadProductOf).join(', ')}] }${paddle} }`,
      ];
      return [id, `---\n${lines.join('\n')}\n---\n${BODY}`];
    }),
  );
}
