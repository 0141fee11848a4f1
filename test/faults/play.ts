/** Plays the steps of a sequence one after another and keeps the answers. */
import type { Said } from '../kit/cli.ts';
import type { Answer, Player } from './player.ts';
import type { Played, Step } from './steps.ts';
import { spanOf } from './words.ts';

export async function play(player: Player, steps: readonly Step[]): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const step of steps) played.push({ step, ...(await playStep(player, step)) });
  return played;
}

async function playStep(player: Player, step: Step): Promise<{ status: number; text: string }> {
  if ('paddle' in step) return keep(player, step.keep, await player.paddle(step.paddle, step.fields));
  if ('request' in step) return keep(player, step.keep, await player.request(step.request, step.fields));
  if ('alert' in step) return player.alert(step.alert);
  if ('events' in step) return player.events(...step.events);
  if ('refresh' in step) return player.refresh(step.refresh);
  if ('cli' in step) return printed(await player.cli(...step.cli));
  if ('read' in step) return printed(await player.cli('read', step.read, ...step.args));
  if ('list' in step) return { status: 0, text: await player.list(step.list) };
  if ('find' in step) return { status: 0, text: (await player.told(step.find)).join('\n') };
  if ('wait' in step) await player.waitUntil(player.home.clock.now + spanOf(step.wait));
  if ('restart' in step) await player.restart(step.restart);
  return { status: 0, text: '' };
}

function keep(player: Player, name: string | undefined, answer: Answer): Answer {
  if (name !== undefined) player.keep(name, answer.codes[0] ?? '');
  return answer;
}

function printed({ status, out, err }: Said): { status: number; text: string } {
  return { status, text: `${out}${err}` };
}
