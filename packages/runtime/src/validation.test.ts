import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { validate } from './validation.ts';

const schema = Type.Object(
  {
    schools: Type.Array(
      Type.Object({ id: Type.String(), lat: Type.Number({ maximum: 90 }) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);

describe('validate', () => {
  it('gives back what fits', () => {
    const value = { schools: [{ id: 'a', lat: 38.1 }] };
    expect(validate(schema, value)).toEqual({ ok: true, value });
  });

  it('names every problem and its place', () => {
    expect(
      validate(schema, {
        schools: [
          { id: 'a', lat: 91 },
          { id: 1, lat: 2, lon: 3 },
        ],
      }),
    ).toEqual({
      ok: false,
      problems: [
        'schools[0].lat: must be <= 90',
        'schools[1].lon: is not known here',
        'schools[1].id: must be string',
      ],
    });
  });

  it('says what is wanted in words where the schema has them', () => {
    const port = Type.Object({ port: Type.String({ pattern: '^\\d+$', form: 'must be a number' }) });
    expect(validate(port, { port: 'x' })).toEqual({ ok: false, problems: ['port: must be a number'] });
  });

  it.each([[null], [undefined], ['text'], [[]], [7]])('refuses %j without throwing', (input) => {
    expect(validate(schema, input).ok).toBe(false);
  });
});
