/**
 * Whether a target of announcements gets any now. One bad target stops only itself: after five failures in a row it
 * rests, and is tried with one announcement at a time until that goes through. What waits for it uses up no tries.
 */
import type { ChannelName } from '../values/announcement.ts';

/** A target, or with target '' a channel as a whole. */
export interface OutboxTarget {
  readonly channel: ChannelName;
  readonly target: string;
  /** Failures in a row. */
  readonly failures: number;
  /** When the first of them was, milliseconds since 1970-01-01. */
  readonly failingSince: number | null;
  /** No try before; null: it does not rest. */
  readonly restsUntil: number | null;
  /** It gets nothing more until a person resumes it, such as after an endpoint's 410. */
  readonly stoppedAt: number | null;
  /** A person paused it. */
  readonly pausedAt: number | null;
  /** Why it rests, was stopped or paused; no personal data. */
  readonly reason: string | null;
}

/** The most tries at the same time for one target. */
export const MOST_AT_ONCE = 4;

const FAILURES_TO_REST = 5;
const MINUTE = 60_000;
const FIRST_REST = 5 * MINUTE;
const LONGEST_REST = 60 * MINUTE;

/** A webhook that only failed for this long gets nothing more (standard-webhooks: disable failing endpoints). */
const STOPS_AFTER = 5 * 24 * 60 * MINUTE;

export function newTarget(channel: ChannelName, target: string): OutboxTarget {
  const state = { failingSince: null, restsUntil: null, stoppedAt: null, pausedAt: null, reason: null };
  return { channel, target, failures: 0, ...state };
}

/**
 * How a try ended for the target. `whole`: the target itself does not work; `stop`: it never will again; `untried`:
 * it says nothing about the target.
 */
export type TargetOutcome = 'works' | 'failed' | 'whole' | 'stop' | 'untried';

/** The target after a try at `at`. The same object: nothing changed. */
export function afterTry(
  target: OutboxTarget,
  outcome: TargetOutcome,
  at: number,
  answer: string,
): OutboxTarget {
  if (outcome === 'untried') return target;
  if (outcome === 'works') {
    const isNew = target.failures === 0 && target.restsUntil === null;
    return isNew ? target : { ...target, failures: 0, failingSince: null, restsUntil: null };
  }
  const failures = Math.max(target.failures + 1, outcome === 'failed' ? 0 : FAILURES_TO_REST);
  const failingSince = Math.min(target.failingSince ?? at, at);
  const failing = { ...target, failures, failingSince };
  const isOver = target.channel === 'webhook' && at - failingSince >= STOPS_AFTER;
  if (outcome === 'stop' || isOver) {
    return { ...failing, restsUntil: null, stoppedAt: target.stoppedAt ?? at, reason: answer };
  }
  if (failures < FAILURES_TO_REST) return failing;
  return { ...failing, restsUntil: at + restOf(failures), reason: answer };
}

/** 5 minutes, then twice as long with each further failure, at most an hour. */
function restOf(failures: number): number {
  const doubled = FIRST_REST * 2 ** Math.min(failures - FAILURES_TO_REST, 10);
  return Math.min(doubled, LONGEST_REST);
}

/**
 * When its rest ends; null: it does not rest. A rest that ends later than any rest lasts was noted by a clock that was
 * ahead, and is over.
 */
export function restEnd({ restsUntil }: Pick<OutboxTarget, 'restsUntil'>, now: number): number | null {
  return restsUntil !== null && restsUntil > now + LONGEST_REST ? now : restsUntil;
}

/** How many announcements may be tried now, where `leased` are under way. */
export function mayTry(target: OutboxTarget, leased: number, now: number): number {
  if (target.pausedAt !== null || target.stoppedAt !== null) return 0;
  const until = restEnd(target, now);
  if (until === null) return Math.max(0, MOST_AT_ONCE - leased);
  return until <= now && leased === 0 ? 1 : 0;
}

export function paused(target: OutboxTarget, at: number, reason: string): OutboxTarget {
  return target.pausedAt === null ? { ...target, pausedAt: at, reason } : target;
}

/** Paused, stopped or resting: it starts anew. */
export function resumed({ channel, target }: OutboxTarget): OutboxTarget {
  return newTarget(channel, target);
}

/** It gets nothing, by no decision of a person: stopped, or failing for more than an hour. */
export function isBroken(
  { restsUntil, stoppedAt, pausedAt, failingSince }: OutboxTarget,
  now: number,
): boolean {
  if (pausedAt !== null) return false;
  return stoppedAt !== null || (restsUntil !== null && (failingSince ?? now) <= now - 60 * MINUTE);
}

export function isHalted({ restsUntil, stoppedAt, pausedAt }: OutboxTarget): boolean {
  return restsUntil !== null || stoppedAt !== null || pausedAt !== null;
}
