import { z } from 'zod';
import { OpsRefusal, parseOpsBody } from './ops-body.js';

const schema = z.strictObject({
  level: z.enum(['info', 'warn']),
  limits: z.strictObject({ most: z.int() }).optional(),
});

function refusalOf(body: string) {
  try {
    parseOpsBody(schema, body);
  } catch (error) {
    if (error instanceof OpsRefusal) return error.answer as { status: number; body: { errors?: unknown[] } };
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a body for operations', () => {
  it('is given as the schema makes it', () => {
    expect(parseOpsBody(schema, '{"level":"warn"}')).toEqual({ level: 'warn' });
  });

  it.each(['', '{', 'level=warn'])('is 400 where it is no JSON: %j', (body) => {
    expect(refusalOf(body).status).toBe(400);
  });

  it('is 422 with a pointer to every place at fault, unknown keys too', () => {
    const { status, body } = refusalOf('{"level":"loud","limits":{"most":"x","a/b":1},"lvl":"warn"}');
    expect([status, body.errors]).toEqual([
      422,
      [
        expect.objectContaining({ pointer: '/level' }),
        expect.objectContaining({ pointer: '/limits/most' }),
        { pointer: '/limits/a~1b', detail: 'is not known here: leave it out' },
        { pointer: '/lvl', detail: 'is not known here: leave it out' },
      ],
    ]);
  });
});
