/** Sends the form of a sale. Apart from sale.ts, because supertest takes long to load. */
import request from 'supertest';
import { FORM, pathOf } from './sale.ts';

export function post(url: string, form: string | Buffer, product = 'app') {
  return request(url)
    .post(pathOf(product))
    .set('Content-Type', FORM)
    .serialize((body) => body)
    .send(form);
}

export function get(url: string, form: string, product = 'app') {
  return request(url).get(`${pathOf(product)}?${form}`);
}
