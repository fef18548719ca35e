/** The baseline of the reads: Fastify and a pool, one route a question, the same statement, nothing else. */
import fastify from 'fastify';
import { Pool } from 'pg';

const { PORT, DATABASE_URL, STATEMENTS } = process.env;
const statements = JSON.parse(STATEMENTS ?? '{}') as Record<string, { text: string; values: string[] }>;

const pool = new Pool({ connectionString: DATABASE_URL, max: 10 });
const app = fastify();
for (const [name, { text, values }] of Object.entries(statements)) {
  app.get(`/${name}`, async () => {
    const { rows } = await pool.query({ name, text, values });
    return rows[0];
  });
}
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
