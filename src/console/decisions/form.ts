/** The form of a decision: what will happen, a reason, and the state that was shown. */
import { type Grounds, isFit, LONGEST_GROUNDS } from '../../domain/desk/operator.ts';
import { AppError } from '../../errors.ts';
import { html, type Markup } from '../../html/markup.ts';
import type { Visit } from '../visit.ts';

export interface DecisionForm {
  /** A question: `Suspend unit 0 of order EXA-1?` */
  readonly question: string;
  readonly consequences: readonly string[];
  readonly button: string;
  readonly isDanger: boolean;
  /** The path that the form is posted to, and the path of `Leave it`. */
  readonly action: string;
  readonly leave: string;
  /** What the person sees now; the form is refused if it changed. */
  readonly shown: string;
  readonly fields?: Markup;
}

export function decisionForm(form: DecisionForm): Markup {
  return html`<form class="dialog" method="post" action="${form.action}"><h1 id="decision">${form.question}</h1>
<ul>${form.consequences.map((each) => html`<li>${each}</li>`)}</ul>
<input type="hidden" name="shown" value="${form.shown}">
${form.fields}
<div><label for="reason">Why</label><p class="hint" id="reason-hint">Stays in the history for good: no names, no addresses.</p><input id="reason" name="reason" required maxlength="${LONGEST_GROUNDS - 50}" autocomplete="off" aria-describedby="reason-hint"></div>
<div class="buttons"><a class="button" data-leave href="${form.leave}">Leave it</a><button class="button primary${form.isDanger && ' danger'}" type="submit">${form.button}</button></div></form>`;
}

/** Who decides and why. Throws AppError `unfit_form`. */
export function groundsOf({ form, session }: Pick<Visit, 'form' | 'session'>): Grounds {
  const grounds = { actor: session.person, reason: (form.get('reason') ?? '').trim() };
  if (isFit(grounds)) return grounds;
  throw new AppError('unfit_form', 'Say why, in 1 to 150 characters: it stays in the history.');
}

/** Throws AppError `stale_form` if what the person saw has changed. */
export function requireShown({ form }: Pick<Visit, 'form'>, shown: string, now: string): void {
  if (form.get('shown') === shown) return;
  throw new AppError('stale_form', now);
}
