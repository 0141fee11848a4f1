/** What a message of Mintmark's does in Kommo: a deal for each order, notes on it, a task when a subscription ends. */
import { Kommo } from './kommo.mjs';

/** Every pipeline has these stages. */
const WON = 142;
const LOST = 143;
const ORDER_FIELD = 'MINTMARK_ORDER';
const MOST_OPEN_LOOKED_AT = 5;
const FOLLOW_UP = 1;
const WIN_BACK_WITHIN = 3 * 24 * 60 * 60;

/** What each topic writes as a note. Other topics do nothing. */
const NOTES = {
  'license.issued': (data) => `issued, ${until(data)}`,
  'license.reissued': (data) => `issued in place of another one, ${until(data)}`,
  'license.renewed': (data, known) => `${isLonger(data, known) ? 'renewed' : 'changed'}, ${until(data)}`,
  'license.suspended': ({ cause }) => `suspended (${cause})`,
  'license.reinstated': (data) => `active again, ${until(data)}`,
  'license.ended': ({ cause }) => `ended (${cause})`,
  'license.revoked': ({ cause }) => `withdrawn (${cause})`,
};

export class Deals {
  #kommo;
  #store;
  #settings;

  constructor(settings, store, kommo = new Kommo(settings)) {
    this.#kommo = kommo;
    this.#store = store;
    this.#settings = settings;
  }

  /**
   * Does what a job says, step by step; a step that is done is not repeated when the job is tried again. Resolves to
   * what came of it, in words. Throws what Kommo throws.
   */
  async handle(job) {
    const { type, mode, data } = job.message;
    const note = NOTES[type];
    if (note === undefined) return 'nothing to do';
    if (mode !== 'live') return 'a test order';
    const order = this.#store.order(`${data.marketplace}:${data.order}`);
    const known = order.licenses[data.license];
    if (known !== undefined && known.sequence >= data.sequence && known.by !== job.id)
      return `older than what is known (${known.sequence})`;
    // Kept with the job: a second attempt compares with what was known before the first one.
    job.known ??= known ?? {};
    this.#store.saveJob(job);
    const { sequence, state, lastValidDay } = data;
    order.licenses[data.license] = { sequence, state, lastValidDay, by: job.id };
    this.#store.saveOrder(order);
    const lead = await this.#ensureLead(order, job);
    await this.#once(job, 'note', () =>
      this.#kommo.call('POST', `leads/${lead}/notes`, [
        {
          note_type: 'common',
          params: { text: `License ${data.license.slice(0, 8)} (${data.product}) ${note(data, job.known)}.` },
        },
      ]),
    );
    const stage = this.#stageAfter(type, data, order, job.known);
    if (stage !== undefined) await this.#once(job, 'stage', () => this.#move(lead, stage));
    if (type === 'license.ended') await this.#once(job, 'task', () => this.#winBack(lead, job));
    return `deal ${lead}`;
  }

  async #once(job, step, act) {
    if (job.done[step]) return;
    await act();
    job.done[step] = true;
    this.#store.saveJob(job);
  }

  #stageAfter(type, data, order, known) {
    const { renewed } = this.#settings;
    if (type === 'license.renewed') return isLonger(data, known) ? (renewed ?? undefined) : undefined;
    if (type !== 'license.ended' && type !== 'license.revoked') return undefined;
    // The license that takes its place is told of in a message of its own.
    if (data.cause.startsWith('reissue by ')) return undefined;
    const isOver = Object.values(order.licenses).every(
      ({ state }) => state === 'ended' || state === 'revoked',
    );
    return isOver ? LOST : undefined;
  }

  /** Never out of won or lost, where a person or an earlier message put it. */
  async #move(lead, stage) {
    const now = await this.#kommo.call('GET', `leads/${lead}`);
    if (now === undefined || isClosed(now) || now.status_id === stage) return;
    await this.#kommo.call('PATCH', 'leads', [
      { id: lead, status_id: stage, pipeline_id: this.#settings.pipeline },
    ]);
  }

  #winBack(lead, { id, message }) {
    const { responsible } = this.#settings;
    return this.#kommo.call('POST', 'tasks', [
      {
        task_type_id: FOLLOW_UP,
        text: `Win back: the subscription of ${message.data.order} ended`,
        complete_till: Math.floor(Date.now() / 1000) + WIN_BACK_WITHIN,
        entity_id: lead,
        entity_type: 'leads',
        request_id: id,
        ...(responsible === null ? {} : { responsible_user_id: responsible }),
      },
    ]);
  }

  /** The deal of the order: the one that is remembered or found, an open one of the customer, or a new one. */
  async #ensureLead(order, job) {
    if (order.lead !== null && (await this.#kommo.call('GET', `leads/${order.lead}`)) !== undefined)
      return order.lead;
    const { id, merged = false } =
      (await this.#findLead(order.name, job.message.data.order)) ?? (await this.#makeLead(order.name, job));
    order.lead = id;
    this.#store.saveOrder(order);
    // Kommo took the deal for an older one, whose stage need not be the one that was sent.
    if (merged) await this.#move(id, this.#settings.paid);
    return id;
  }

  /** A deal that was made by a call whose answer never came. The search is fuzzy, so the field decides. */
  async #findLead(name, reference) {
    const found = await this.#kommo.call('GET', `leads?query=${inQuery(reference)}&limit=50`);
    return (found?._embedded.leads ?? []).find((lead) => valuesOf(lead, ORDER_FIELD).includes(name));
  }

  async #makeLead(name, { message }) {
    const { data } = message;
    const { pipeline, paid, products } = this.#settings;
    const { name: product = data.product, price } = products[data.product] ?? {};
    const fields = [{ field_code: ORDER_FIELD, values: [{ value: name }] }];
    const lead = {
      name: `${product}, ${data.order}`,
      pipeline_id: pipeline,
      status_id: paid,
      custom_fields_values: fields,
      request_id: '0',
      ...(price === undefined ? {} : { price }),
    };
    const { email, name: person } = data.customer ?? {};
    const contact = email ? await this.#findContact(email) : undefined;
    if (contact !== undefined) {
      const open = await this.#findOpenLead(contact);
      if (open !== undefined) {
        const { request_id: _, name: __, ...change } = lead;
        await this.#kommo.call('PATCH', 'leads', [{ id: open.id, ...change }]);
        return open;
      }
      const made = await this.#kommo.call('POST', 'leads', [
        { ...lead, _embedded: { contacts: [{ id: contact.id }] } },
      ]);
      return made._embedded.leads[0];
    }
    if (!email) return (await this.#kommo.call('POST', 'leads', [lead]))._embedded.leads[0];
    const [made] = await this.#kommo.call('POST', 'leads/complex', [
      {
        ...lead,
        _embedded: {
          contacts: [
            {
              name: person ?? email,
              custom_fields_values: [{ field_code: 'EMAIL', values: [{ value: email, enum_code: 'WORK' }] }],
            },
          ],
          tags: [{ name: 'mintmark' }],
        },
      },
    ]);
    return made;
  }

  /** The search is fuzzy: its first hit may be another person. */
  async #findContact(email) {
    const query = `contacts?query=${inQuery(email)}&with=leads&limit=50`;
    const found = await this.#kommo.call('GET', query);
    return (found?._embedded.contacts ?? []).find((contact) =>
      valuesOf(contact, 'EMAIL').some((value) => String(value).toLowerCase() === email.toLowerCase()),
    );
  }

  /** The newest open deal in the pipeline that is not another order's. */
  async #findOpenLead(contact) {
    const ids = (contact._embedded?.leads ?? []).map(({ id }) => id).sort((a, b) => b - a);
    for (const id of ids.slice(0, MOST_OPEN_LOOKED_AT)) {
      const lead = await this.#kommo.call('GET', `leads/${id}`);
      const fits = lead?.pipeline_id === this.#settings.pipeline && !isClosed(lead);
      if (fits && valuesOf(lead, ORDER_FIELD).length === 0) return lead;
    }
    return undefined;
  }
}

/** Half of a surrogate pair, which JSON may hold, has no place in an address. */
function inQuery(text) {
  return encodeURIComponent(text.toWellFormed());
}

function isClosed({ status_id: status }) {
  return status === WON || status === LOST;
}

function valuesOf({ custom_fields_values: fields }, code) {
  const field = (fields ?? []).find(({ field_code: own }) => own === code);
  return (field?.values ?? []).map(({ value }) => value);
}

/** A renewal, and not another plan, other seats, or fewer days after a refund. What was not known before counts as one. */
function isLonger({ lastValidDay: day }, { lastValidDay: before }) {
  if (before === undefined) return true;
  return before !== null && (day === null || day > before);
}

function until({ lastValidDay }) {
  return lastValidDay === null ? 'without an end' : `valid until ${lastValidDay}`;
}
