/** What the shop sells: each ware with its rules, from which the model and the product files are made alike. */

/** The rules of a product file, as far as the model needs them. */
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
  readonly trial?: boolean;
}

export interface Ware {
  /** FastSpring's path. */
  readonly path: string;
  /** Mintmark's product; undefined: no product file names the path. */
  readonly product: string | undefined;
  /** Net, of one unit. */
  readonly price: number;
  /** Months from one charge to the next; undefined: sold once. */
  readonly every?: number;
  /** Days of trial. */
  readonly trial?: number;
  /** No license fulfillment is set up for it: nobody ever asks for its codes. */
  readonly unasked?: true;
  readonly rules: Rules;
}

const RULES = {
  app: {},
  year: { term: 12, grace: 5 },
  team: { quantity: 'seats', seats: 5 },
  lite: {},
  generous: { refund: 'keep' },
  dated: { updates: 12 },
} as const satisfies Readonly<Record<string, Rules>>;

export type ProductId = keyof typeof RULES;

const ware = (
  path: string,
  product: ProductId | undefined,
  price: number,
  more: Partial<Ware> = {},
): Ware => ({
  path,
  product,
  price,
  rules: product === undefined ? {} : RULES[product],
  ...more,
});

/** Sold once. */
export const GOODS: readonly Ware[] = [
  ware('app', 'app', 40),
  ware('app-pro', 'app', 60),
  ware('year-pass', 'year', 30),
  ware('team', 'team', 100),
  ware('generous', 'generous', 25),
  ware('dated', 'dated', 50),
  ware('lite', 'lite', 10, { unasked: true }),
  ware('poster', undefined, 15),
];

const BODY = '\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

/** The product files, by product. */
export function productFiles(wares: readonly Ware[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries<Rules>(RULES).map(([id, rules]) => {
      const paths = wares.filter(({ product }) => product === id).map(({ path }) => path);
      const lines = [
        `name: ${id}`,
        `term: ${rules.term === undefined ? 'perpetual' : `P${rules.term}M`}`,
        `grace: P${rules.grace ?? 0}D`,
        `updates: ${rules.updates === undefined ? 'unlimited' : `P${rules.updates}M`}`,
        ...(['quantity', 'seats', 'overdue', 'ended', 'refund', 'trial'] as const).flatMap((key) =>
          rules[key] === undefined ? [] : [`${key}: ${rules[key]}`],
        ),
        `marketplaces: { fastspring: { product: [${paths.join(', ')}] } }`,
      ];
      return [id, `---\n${lines.join('\n')}\n---\n${BODY}`];
    }),
  );
}
