/** The values that a text uses. */
import type { Template } from 'liquidjs';
import { type LiquidFault, liquid } from './liquid.ts';
import { didYouMean } from './nearest.ts';
import { VARIABLES } from './template.ts';

/** Names that no order gives a value: found in every branch, also in branches that no sample takes. */
export function findUnknownVariables(template: Template[]): LiquidFault[] {
  const { globals } = liquid.analyzeSync(template, { partials: false });
  return Object.values(globals)
    .flat()
    .flatMap(({ segments, location }) => {
      const reason = unknownName(segments);
      return reason === undefined ? [] : [{ line: location.row, reason }];
    })
    .sort((a, b) => a.line - b.line);
}

/** The values that a text can distinguish, such as `license.seats`: all members of a root that is used as a whole. */
export function valuesIn(template: Template[]): ReadonlySet<string> {
  const { globals } = liquid.analyzeSync(template, { partials: false });
  const named = Object.values(globals).flat();
  return new Set(
    named.flatMap(({ segments: [root, name] }) => {
      const members = VARIABLES[String(root)];
      if (members === undefined || members === 'list') return [];
      return (typeof name === 'string' ? [name] : members).map((member) => `${root}.${member}`);
    }),
  );
}

function unknownName([root, name]: readonly unknown[]): string | undefined {
  const members = typeof root === 'string' && Object.hasOwn(VARIABLES, root) ? VARIABLES[root] : undefined;
  if (members === undefined) {
    return `there is no "${root}"${didYouMean(String(root), Object.keys(VARIABLES))}`;
  }
  if (members === 'list' || typeof name !== 'string' || members.includes(name)) return undefined;
  return `"${root}" has no "${name}"${didYouMean(name, members)}`;
}
