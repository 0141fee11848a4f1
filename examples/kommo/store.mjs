/** What the receiver remembers, in files: the ids that came, the messages that wait, and the deal of each order. */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export class Store {
  #folder;
  #seen = new Set();

  constructor(folder) {
    this.#folder = folder;
    for (const name of ['inbox', 'refused', 'orders'])
      mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    if (existsSync(this.#file('seen.txt')))
      for (const id of readFileSync(this.#file('seen.txt'), 'utf8').split('\n')) this.#seen.add(id);
  }

  /** Keeps a message until it is done. False: its id came before. On disk when this returns. */
  receive(id, message) {
    if (this.#seen.has(id) || existsSync(this.#job(id))) return false;
    this.saveJob({ id, message, at: Date.now(), done: {}, tries: 0 });
    return true;
  }

  /** The messages that wait, the oldest first. */
  jobs() {
    return readdirSync(this.#file('inbox'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(this.#file('inbox'), name), 'utf8')))
      .filter(({ id }) => !this.#seen.has(id))
      .sort((a, b) => a.at - b.at);
  }

  saveJob(job) {
    this.#write(this.#job(job.id), job);
  }

  /** The id stays, the message goes: it may name a customer. */
  finish({ id }) {
    appendFileSync(this.#file('seen.txt'), `${id}\n`, { flush: true });
    this.#seen.add(id);
    rmSync(this.#job(id));
  }

  /** A person looks: `state/refused` has the message and the reason. */
  refuse(job, reason) {
    this.#write(join(this.#file('refused'), `${job.id}.json`), { ...job, reason });
    this.finish(job);
  }

  order(name) {
    const file = this.#order(name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { name, lead: null, licenses: {} };
  }

  saveOrder(order) {
    this.#write(this.#order(order.name), order);
  }

  #file(name) {
    return join(this.#folder, name);
  }

  #job(id) {
    return join(this.#file('inbox'), `${id}.json`);
  }

  #order(name) {
    const digest = createHash('sha256').update(name).digest('hex');
    return join(this.#file('orders'), `${digest}.json`);
  }

  /** Whole or not at all, also after a power cut. */
  #write(file, value) {
    const handle = openSync(`${file}.new`, 'w', 0o600);
    writeFileSync(handle, JSON.stringify(value));
    fsyncSync(handle);
    closeSync(handle);
    renameSync(`${file}.new`, file);
  }
}
