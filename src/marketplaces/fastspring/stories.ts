/** Stories: whole lives of licenses as sequences of FastSpring's calls. */

import type { Cast, Step } from './cast.ts';
import { Play } from './play.ts';
import type { Story } from './story-names.ts';

export type { Cast, Step };

export function stepsOf(story: Story, cast: Cast): Step[] {
  const play = new Play(cast);
  switch (story) {
    case 'subscription':
      return [
        play.buys(),
        play.completes({ subscribed: true }),
        play.charges(2),
        play.rebills(2),
        play.addsUnit(2),
        play.cancels(2),
        play.deactivates(2),
      ];
    case 'refund':
      return [play.buys(), play.completes({}), play.returns()];
    case 'bundle':
      return [play.completes({ all: true })];
    case 'chargeback':
      return [play.buys(), play.completes({}), play.chargesBack()];
    case 'overdue':
      return [play.buys(), play.completes({ subscribed: true }), play.fallsOverdue(), play.charges(2)];
  }
}
