import { z } from 'zod';
import type { Answer, Operation } from './operation.ts';
import { errorAnswer } from './schemas.ts';

/** Part of an OpenAPI 3.1 document; its schemas are JSON schema, draft 2020-12. */
type Json = Readonly<Record<string, unknown>>;

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request is wrong.',
  401: 'A token is needed.',
  403: 'It is not allowed.',
  404: 'There is no such thing.',
  413: 'The body is too large.',
  415: 'The body is of a type that is not read.',
  421: 'The server does not answer to that name.',
  422: 'The batch cannot be run: `problems` says why.',
  429: 'Too many runs are under way.',
};

/** The OpenAPI document of the server, made of the operations themselves. */
export function openApi(operations: readonly Operation[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const one of operations) {
    const path = paths[one.path] ?? {};
    paths[one.path] = path;
    path[one.method.toLowerCase()] = described(one);
  }
  const refused = {
    description: 'Refused.',
    content: { 'application/json': { schema: ERROR_REF } },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version,
      description: 'Runs batches and shows every result the moment it exists: docs/http.md.',
    },
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'sluice-PORT' },
      },
      schemas: { Error: schemaOf(errorAnswer) },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          `Refused${status}`,
          { ...refused, description },
        ]),
      ),
    },
  };
}

const ERROR_REF = { $ref: '#/components/schemas/Error' };

function described(one: Operation): Json {
  const { summary, params, query, answers, method, path } = one;
  const body = bodyContent(one);
  const parameters = [...parametersIn('path', params), ...parametersIn('query', query)];
  const refusals = Object.keys(REFUSALS).map((status) => [
    status,
    { $ref: `#/components/responses/Refused${status}` },
  ]);
  return {
    operationId: operationId(method, path),
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { content: body } }),
    responses: {
      ...Object.fromEntries(refusals),
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)]),
      ),
    },
  };
}

function bodyContent({ body, form }: Operation): Json | undefined {
  if (form === undefined) return body && contentOf(body);
  const { properties, ...fields } = schemaOf(form);
  const audio = { type: 'string', contentMediaType: 'application/octet-stream' };
  const schema = { ...fields, properties: { audio, ...(properties as Json) }, required: ['audio'] };
  return { 'multipart/form-data': { schema } };
}

/** `GET /runs/{id}/events` is `getRunsIdEvents`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^a-zA-Z]+/).filter((word) => word !== '');
  return (
    method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
  );
}

function parametersIn(place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, value]) => {
    const { description, ...of } = schemaOf(value as z.ZodType);
    const required = place === 'path' || !(value as z.ZodType).safeParse(undefined).success;
    return {
      name,
      in: place,
      required,
      schema: of,
      ...(description === undefined ? {} : { description }),
    };
  });
}

function answerOf({ description, content }: Answer): Json {
  return { description, ...(content === undefined ? {} : { content: contentOf(content) }) };
}

function contentOf(content: Readonly<Record<string, z.ZodType | undefined>>): Json {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      schema === undefined ? {} : { schema: schemaOf(schema) },
    ]),
  );
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}
