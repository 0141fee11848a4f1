/** A seller's product files for these tests, one of each kind. */
import { productFile } from '../kit/products.ts';

const BODY = '\n{% for code in codes %}\n```\n{{ code }}\n```\n{% endfor %}\n';

export function fileOf(frontMatter: string): string {
  return productFile(frontMatter, BODY);
}

/** Sold once, perpetual, a year of updates; three paths at FastSpring. */
export const EDITOR = fileOf(`name: Editor
marketplaces: { paddle-classic: { product: "4700" }, fastspring: { product: [editor-home, editor-office] } }
term: perpetual
updates: P1Y
features: [export, sync]
grants: [export]`);

/** Sold once at one path, perpetual. */
export const SCRIPT = fileOf(`name: Script
marketplaces: { paddle-classic: { product: "4710" }, fastspring: { product: script } }
term: perpetual`);

/** A year and 14 days of grace. */
export const STUDIO = fileOf(`name: Studio
marketplaces: { paddle-classic: { product: "5510" }, fastspring: { product: studio-yearly } }
term: P1Y
grace: P14D`);

export const PRO = fileOf(`name: Studio Pro
marketplaces: { paddle-classic: { product: "5520" }, fastspring: { product: pro-yearly } }
term: P1Y
grace: P14D`);

/** One code that carries the seats of all units. */
export const TEAM = fileOf(`name: Team
marketplaces: { paddle-classic: { product: "5610" }, fastspring: { product: team-yearly } }
term: P1Y
grace: P14D
quantity: seats`);

export const KEEPER = fileOf(`name: Keeper
marketplaces: { paddle-classic: { product: "5710" }, fastspring: { product: keeper-yearly } }
term: P1Y
grace: P14D
ended: fallback`);

export const PRODUCTS = {
  editor: EDITOR,
  script: SCRIPT,
  studio: STUDIO,
  pro: PRO,
  team: TEAM,
  keeper: KEEPER,
};
