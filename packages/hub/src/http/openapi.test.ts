import { validate } from '@tongtang/runtime/validation';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from './errors.ts';
import { startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
beforeAll(async () => {
  hub = await startFixture();
});
afterAll(() => hub.stop());

const Content = Type.Record(Type.String(), Type.Object({ schema: Type.Object({}) }));
const Operation = Type.Object({
  summary: Type.String({ minLength: 1 }),
  parameters: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        in: Type.Enum(['query', 'path']),
        schema: Type.Object({}),
      }),
    ),
  ),
  requestBody: Type.Optional(Type.Object({ content: Content })),
  responses: Type.Record(
    Type.String({ pattern: '^(default|[1-5]\\d\\d)$' }),
    Type.Object({ description: Type.String(), content: Type.Optional(Content) }),
  ),
});

/** What OpenAPI 3.1.0, section 4.8, asks of the objects that we use. */
const Document = Type.Object({
  openapi: Type.Literal('3.1.0'),
  info: Type.Object({ title: Type.String(), version: Type.String() }),
  components: Type.Object({ securitySchemes: Type.Object({}) }),
  paths: Type.Record(
    Type.String({ pattern: '^/' }),
    Type.Record(Type.String({ pattern: '^(get|post|put|patch|delete)$' }), Operation),
  ),
});

describe('/openapi.json', () => {
  it('is a document as OpenAPI 3.1 wants it', async () => {
    const { body } = await hub.ask('GET', '/openapi.json');
    const checked = validate(Document, body);
    expect(checked.ok ? [] : checked.problems).toEqual([]);
  });

  it('every parameter in a path is described, and every reference leads somewhere', async () => {
    const { body } = await hub.ask('GET', '/openapi.json');
    for (const [path, methods] of Object.entries<
      Record<string, { parameters?: { name: string; in: string }[] }>
    >(body.paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods))
        expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(named);
    }
    expect(JSON.stringify(body)).not.toContain('"$ref"');
  });

  it('names every error code with its meaning', async () => {
    const { body } = await hub.ask('GET', '/openapi.json');
    const answer = body.paths['/api/v1/me'].get.responses.default.content['application/json'].schema;
    for (const [code, { meaning }] of Object.entries(errorCodes)) {
      expect(answer.properties.error.properties.code.enum).toContain(code);
      expect(JSON.stringify(body.paths['/api/v1/me'].get.responses.default)).toContain(meaning);
    }
  });
});
