/** Schemas and media types that several endpoints share. */
import { z } from 'zod';

export const PLAIN_TEXT = 'text/plain; charset=utf-8';
/** As Koa writes it for an object. */
export const JSON_TEXT = 'application/json; charset=utf-8';
export const FORM = 'application/x-www-form-urlencoded';

export const text = z.string().meta({ id: 'Text' });

/** The fields of a signed call are not listed one by one: the marketplace signs whatever it sends. */
const FIELDS = 'The fields that the marketplace sends and has signed; no name twice';

const fieldName = z.string().min(1);

export const formFields = z.record(fieldName, z.string()).meta({ id: 'Fields', description: FIELDS });

/** The same as the whole query of a GET. */
export const queryFields = z.object({
  fields: z
    .record(fieldName, z.string())
    .meta({ description: FIELDS, param: { style: 'form', explode: true } }),
});

/** The only parameter that a path has. */
export const productParameter = z.object({
  product: z.string().meta({ description: 'the id of the product' }),
});
