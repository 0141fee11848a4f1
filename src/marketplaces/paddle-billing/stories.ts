/** Stories: whole lives of licenses as sequences of Paddle Billing's events. */
import type { Cast, Step } from '../story-simulator.ts';
import { Play } from './play.ts';
import type { Story } from './story-names.ts';

export type { Cast, Step };

export function stepsOf(
  story: Story,
  cast: Cast,
): { readonly order: string; readonly steps: readonly Step[] } {
  const play = new Play(cast);
  return { order: play.order, steps: playOf(story, play) };
}

function playOf(story: Story, play: Play): readonly Step[] {
  switch (story) {
    case 'subscription':
      return [play.subscribes(), play.renews(2), play.addsUnit(2), play.cancels(2), play.ends(2)];
    case 'trial':
      return [play.tries(), play.renews(1)];
    case 'pause':
      return [play.subscribes(), play.pauses(1), play.resumes(2), play.renews(2)];
    case 'overdue':
      return [play.subscribes(), play.fallsOverdue(2), play.renews(2)];
    case 'refund':
      return [play.buysOnce(), play.asksForRefund(), play.refunds()];
    case 'bundle':
      return [play.buysOnce({ all: true })];
    case 'chargeback':
      return [play.buysOnce(), play.chargesBack(), play.winsBack()];
    case 'discount':
      return [play.buysOnce({ isFree: true })];
  }
}
