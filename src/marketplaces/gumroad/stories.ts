/** Stories: whole lives of licenses as sequences of Gumroad's pings. */
import type { Cast, Step } from '../story-simulator.ts';
import { Play } from './play.ts';
import type { Story } from './story-names.ts';

export function stepsOf(
  story: Story,
  cast: Cast,
): { readonly order: string; readonly steps: readonly Step[] } {
  const play = new Play(cast);
  return { order: play.order, steps: playOf(story, play) };
}

function playOf(story: Story, play: Play): readonly Step[] {
  switch (story) {
    case 'sale':
      return [play.buysOnce()];
    case 'free':
      return [play.buysOnce({ isFree: true })];
    case 'gift':
      return [play.receivesGift()];
    case 'membership':
      return [play.subscribes(), play.renews(2), play.cancels(), play.ends()];
    case 'trial':
      return [play.tries(), play.paysAfterTrial()];
    case 'upgrade':
      return [play.subscribes(), play.upgrades(), play.renews(2)];
    case 'restart':
      return [play.subscribes(), play.cancels(), play.ends(), play.restarts(), play.renews(2)];
    case 'payment-failed':
      return [play.subscribes(), play.ends('failed_payment')];
    case 'installments':
      return [play.paysFirstPart(), play.paysOff(), play.isPaidOff()];
    case 'refund':
      return [play.buysOnce(), play.refundsPart(), play.refunds()];
    case 'renewal-refund':
      return [play.subscribes(), play.renews(2), play.refunds()];
    case 'dispute':
      return [play.buysOnce(), play.disputes(), play.winsDispute()];
  }
}
