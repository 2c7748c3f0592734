import type { FastifyInstance, FastifyRequest } from 'fastify';
import { plainText } from '../protocol/escapes.ts';
import { badRequest, RequestError } from './errors.ts';
import type { Operation } from './operation.ts';

/** Checks the parts of a request, and hands them on. */
export function register(
  app: FastifyInstance,
  { method, head, path, handle, ...schemas }: Operation,
): void {
  const url = path.replace('{path}', '*').replace(/\{(\w+)\}/g, ':$1');
  app.route({
    method: head === true ? [method, 'HEAD'] : method,
    url,
    handler: async (request, reply) => {
      const given = request.params as Record<string, string>;
      const { '*': rest, ...named } = given;
      const params = check(
        'path',
        schemas.params,
        rest === undefined ? named : { ...named, path: rest },
      );
      const query = check('query', schemas.query, request.query);
      return handle({ params, query, body: bodyOf(request, schemas.body), request, reply });
    },
  });
}

function bodyOf(request: FastifyRequest, schemas: Operation['body']): unknown {
  if (schemas === undefined) return undefined;
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  const named = type === 'text/yaml' ? 'application/yaml' : type.toLowerCase();
  const schema = Object.hasOwn(schemas, named) ? schemas[named] : undefined;
  if (schema === undefined) {
    throw new RequestError(
      415,
      `A body of ${plainText(type)} is not read here.`,
      `Send ${Object.keys(schemas).join(' or ')}.`,
    );
  }
  // Where everything may be left out, so may the body.
  return check('body', schema, request.body ?? {});
}

function check(
  where: string,
  schema: Operation['params'] | NonNullable<Operation['body']>[string],
  value: unknown,
): unknown {
  if (schema === undefined) return undefined;
  const checked = schema.safeParse(value, { reportInput: true });
  if (!checked.success) throw badRequest(where, checked.error);
  return checked.data;
}
