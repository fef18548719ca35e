import { z } from 'zod';
import { parseJson } from '../port/body.interceptor.js';
import { Problem } from './problem.js';
import { OpsSchemaPipe } from './schema.pipe.js';

const schema = z.strictObject({
  level: z.enum(['info', 'warn']),
  limits: z.strictObject({ most: z.int() }).optional(),
});

const parsed = async (body: string) => new OpsSchemaPipe().transform(parseJson(body), { type: 'body', schema });

async function refusalOf(body: string): Promise<Problem> {
  const error: unknown = await parsed(body).catch((thrown: unknown) => thrown);
  if (error instanceof Problem) return error;
  throw new Error('it was accepted');
}

describe('a body for operations', () => {
  it('is given as the schema makes it', async () => {
    expect(await parsed('{"level":"warn"}')).toEqual({ level: 'warn' });
  });

  it.each(['', '{', 'level=warn'])('is 400 where it is no JSON: %j', async (body) => {
    expect((await refusalOf(body)).getStatus()).toBe(400);
  });

  it('is 400 where there is none', async () => {
    await expect(new OpsSchemaPipe().transform(undefined, { type: 'body' })).rejects.toMatchObject({ status: 400 });
  });

  it('is 422 with a pointer to every place at fault, unknown keys too', async () => {
    const problem = await refusalOf('{"level":"loud","limits":{"most":"x","a/b":1},"lvl":"warn"}');
    expect([problem.getStatus(), problem.errors]).toEqual([
      422,
      [
        expect.objectContaining({ pointer: '/level' }),
        expect.objectContaining({ pointer: '/limits/most' }),
        { pointer: '/limits/a~1b', detail: 'is not known here: leave it out' },
        { pointer: '/lvl', detail: 'is not known here: leave it out' },
      ],
    ]);
  });

  it('names 50 places at most, by pointers of at most 200 characters', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`${n}${'~'.repeat(1000)}`, 1]));
    const { errors = [] } = await refusalOf(JSON.stringify({ level: 'warn', ...unknown }));
    expect(errors).toHaveLength(50);
    expect(errors.every(({ pointer }) => pointer.length <= 200)).toBe(true);
  });
});
