/** A stand-in of Kommo's API with made-up data: it limits, fails on demand, and keeps what it was told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Owner } from '../../kit/service.ts';

export const TOKEN = 'a-token-of-the-test';
export const PIPELINE = 3100;
export const STAGES = {
  incoming: 3101,
  first: 3102,
  paid: 3103,
  renewed: 3104,
  won: 142,
  lost: 143,
} as const;
const PIPELINES = {
  id: PIPELINE,
  name: 'Sales',
  _embedded: { statuses: Object.entries(STAGES).map(([name, id]) => ({ id, name, pipeline_id: PIPELINE })) },
};
/** Kommo's limit: requests a second. */
const LIMIT = 7;

export interface Field {
  readonly field_code: string;
  readonly values: readonly { readonly value: string; readonly enum_code?: string }[];
}

export interface Contact {
  readonly id: number;
  readonly name: string;
  readonly custom_fields_values: readonly Field[];
  readonly leads: number[];
}

export interface Lead {
  readonly id: number;
  name: string;
  price?: number;
  pipeline_id: number;
  status_id: number;
  custom_fields_values: readonly Field[] | null;
}

interface Task {
  readonly text: string;
  readonly entity_id: number;
  readonly entity_type: string;
  readonly complete_till: number;
  readonly task_type_id: number;
}

/** How a request fails: a status before anything is done, or what was done is answered by nothing, or by a page. */
export type Failure = number | 'answer lost' | 'a page';

// biome-ignore lint/suspicious/noExplicitAny: what arrives over the wire
type Body = any;

export class StandIn {
  url = '';
  readonly contacts: Contact[] = [];
  readonly leads: Lead[] = [];
  readonly notes: { readonly lead: number; readonly text: string }[] = [];
  readonly tasks: Task[] = [];
  /** Custom fields of deals. */
  readonly fields: { readonly code: string }[] = [];
  /** `METHOD path`, without the query. */
  readonly calls: string[] = [];
  /** How often more than the limit came within a second. */
  tooFast = 0;
  /** Taken from the front by requests that match. */
  readonly failures: { readonly call: RegExp; readonly failure: Failure }[] = [];
  merges = false;
  #ids = 9000;
  readonly #times: number[] = [];

  static async start(owner: Owner): Promise<StandIn> {
    const kommo = new StandIn();
    const server = createServer((request, response) => {
      kommo.#answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    owner.teardown(() => {
      server.closeAllConnections();
      server.close();
    });
    kommo.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return kommo;
  }

  addContact(name: string, email: string): Contact {
    const fields = [{ field_code: 'EMAIL', values: [{ value: email, enum_code: 'WORK' }] }];
    const contact = { id: this.#nextId(), name, custom_fields_values: fields, leads: [] };
    this.contacts.push(contact);
    return contact;
  }

  addLead(lead: Omit<Lead, 'id'>, contact?: Contact): Lead {
    const added = { ...lead, id: this.#nextId() };
    this.leads.push(added);
    contact?.leads.push(added.id);
    return added;
  }

  /** The deals of an order. */
  leadsOf(order: string): readonly Lead[] {
    return this.leads.filter(({ custom_fields_values: fields }) =>
      fields?.some(({ values }) => values.some(({ value }) => value === order)),
    );
  }

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const { pathname, searchParams } = new URL(url, 'http://kommo');
    const call = `${method} ${pathname.replace('/api/v4/', '')}`;
    this.calls.push(call);
    const body: Body = method === 'GET' ? undefined : await json(request);
    const failing = this.failures.findIndex((each) => each.call.test(call));
    const failure = failing < 0 ? undefined : this.failures.splice(failing, 1)[0]?.failure;
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return problem(response, 401);
    if (this.#isTooFast()) return problem(response, 429);
    if (typeof failure === 'number') return problem(response, failure);
    const answer = this.#do(call, searchParams, body);
    if (failure === 'answer lost') response.destroy();
    else if (failure === 'a page') response.writeHead(200).end('<title>Back soon</title>');
    else if (answer === undefined) response.writeHead(204).end();
    else response.writeHead(200, { 'content-type': 'application/hal+json' }).end(JSON.stringify(answer));
  }

  #isTooFast(): boolean {
    const now = performance.now();
    this.#times.push(now);
    const isTooFast = this.#times.filter((time) => now - time < 1000).length > LIMIT;
    if (isTooFast) this.tooFast += 1;
    return isTooFast;
  }

  #do(call: string, query: URLSearchParams, body: Body): object | undefined {
    const [, id] = /^(?:GET|POST) leads\/(\d+)/.exec(call) ?? [];
    if (call === 'GET contacts') return this.#search(query.get('query') ?? '');
    if (call === 'GET leads') {
      const leads = this.leads.filter(({ name }) => name.includes(query.get('query') ?? ''));
      return leads.length === 0 ? undefined : { _embedded: { leads } };
    }
    if (call === 'PATCH leads') return this.#change(body);
    if (call === 'POST leads') return { _embedded: { leads: body.map((lead: Body) => this.#make(lead)) } };
    if (call === 'POST leads/complex') return body.map((lead: Body) => this.#makeComplex(lead));
    if (call === 'GET leads/pipelines') return { _embedded: { pipelines: [PIPELINES] } };
    if (call === 'GET leads/custom_fields')
      return this.fields.length === 0 ? undefined : { _embedded: { custom_fields: this.fields } };
    if (call === 'POST leads/custom_fields') this.fields.push(...body);
    else if (call === 'POST tasks') this.tasks.push(...body);
    else if (id !== undefined && call.startsWith('GET'))
      return this.leads.find((lead) => lead.id === Number(id));
    else if (id !== undefined) {
      for (const { params } of body) this.notes.push({ lead: Number(id), text: params.text });
    } else throw new Error(`the stand-in has no ${call}`);
    return { _embedded: {} };
  }

  /** Fuzzy, as Kommo's: whoever shares a word with the text. */
  #search(text: string): object | undefined {
    const words = text.toLowerCase().split(/\W+/);
    const contacts = this.contacts
      .filter((contact) => words.some((word) => JSON.stringify(contact).toLowerCase().includes(word)))
      .map(({ leads, ...contact }) => ({ ...contact, _embedded: { leads: leads.map((id) => ({ id })) } }));
    return contacts.length === 0 ? undefined : { _page: 1, _embedded: { contacts } };
  }

  #change(body: Body): object {
    for (const { id, ...change } of body) {
      const lead = this.leads.find((each) => each.id === id);
      if (lead === undefined) throw new Error(`there is no deal ${id}`);
      Object.assign(lead, change);
    }
    return { _embedded: { leads: body } };
  }

  #make({ _embedded: linked, request_id, ...lead }: Body): object {
    const ids: number[] = (linked?.contacts ?? []).map(({ id }: { id: number }) => id);
    const made = this.addLead(
      lead,
      this.contacts.find(({ id }) => ids.includes(id)),
    );
    return { id: made.id, request_id };
  }

  #makeComplex({ _embedded: linked, request_id, ...lead }: Body): object {
    const [{ name, custom_fields_values: fields }] = linked.contacts;
    const [older] = this.leads;
    if (this.merges && older !== undefined)
      return { id: older.id, contact_id: null, company_id: null, request_id: [request_id], merged: true };
    const contact = this.addContact(name, fields[0].values[0].value);
    const { id } = this.addLead(lead, contact);
    return { id, contact_id: contact.id, company_id: null, request_id: [request_id], merged: false };
  }
}

function problem(response: ServerResponse, status: number): void {
  const body = { title: 'a problem', status, 'validation-errors': status === 400 ? [] : undefined };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}
