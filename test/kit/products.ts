/** Product files as sellers write them, one of each kind. */
const BODY = `
Hello {{ customer.name }}, this is order {{ order.id }} of {{ order.quantity }}.

{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
`;

export function productFile(frontMatter: string, body = BODY): string {
  return `---\n${frontMatter}\n---\n${body}`;
}

export const PRODUCTS: Readonly<Record<string, string>> = {
  app: productFile('name: App\nterm: P1Y\nmarketplaces: { paddle-classic: {} }'),
  team: productFile(
    'name: Team\nterm: perpetual\nquantity: seats\nseats: 5\nmarketplaces: { paddle-classic: {} }',
  ),
  single: productFile('name: Single\nterm: P1Y\nmultibuy: separate\nmarketplaces: { paddle-classic: {} }'),
  bound: productFile('name: Bound\nterm: P1Y\nmarketplaces: { paddle-classic: { product: "47023" } }'),
  elsewhere: productFile('name: Elsewhere\nterm: P1Y'),
};
