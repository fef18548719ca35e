import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import { ProblemError } from '../../client/problem-error.js';

export type Refused = Schemas['Import']['refused'][number];

interface EnvironmentLine {
  readonly type: 'environment';
  readonly environment: string;
}

interface ServiceLine {
  readonly type: 'service';
  readonly service: string;
}

const CATALOGUED = /^\s*\{\s*"type"\s*:\s*"(environment|service)"/;

/**
 * The lines of a file as the API takes them: those of the catalogue are put, and blank lines stand in their places, so
 * that lines keep their numbers. What is there already stays as it is.
 */
export class CatalogLines {
  created = 0;
  existing = 0;
  readonly refused: Refused[] = [];

  constructor(
    private readonly client: PlimsollClient,
    private readonly signal: AbortSignal,
  ) {}

  async *of(path: string): AsyncGenerator<Buffer> {
    const input = path === '-' ? process.stdin : createReadStream(path);
    let number = 0;
    for await (const line of createInterface({ input, crlfDelay: Infinity, signal: this.signal })) {
      number += 1;
      if (CATALOGUED.test(line)) await this.put(line, number);
      yield Buffer.from(CATALOGUED.test(line) ? '\n' : `${line}\n`);
    }
  }

  private async put(text: string, number: number): Promise<void> {
    try {
      const isNew = await this.putLine(JSON.parse(text) as EnvironmentLine | ServiceLine);
      if (isNew) this.created += 1;
      else this.existing += 1;
    } catch (error) {
      if (error instanceof SyntaxError) this.refuse(number, 'malformed-json', error.message);
      else if (error instanceof ProblemError && error.status === 422) this.refuse(number, error.code, error.message);
      else throw error;
    }
  }

  private refuse(line: number, code: string, detail: string): void {
    this.refused.push({ line, code, detail });
  }

  private async putLine(line: EnvironmentLine | ServiceLine): Promise<boolean> {
    const { client, signal } = this;
    if (line.type === 'environment') {
      const { type: _type, environment, ...body } = line;
      const params = { path: { environment } };
      const known = await client.GET('/v1/environments/{environment}', { params, signal });
      if (known.response.ok) return false;
      await answered(client.PUT('/v1/environments/{environment}', { params, body: body as never, signal }));
      return true;
    }
    const { type: _type, service, ...body } = line;
    const params = { path: { service } };
    const known = await client.GET('/v1/services/{service}', { params, signal });
    if (known.response.ok) return false;
    await answered(client.PUT('/v1/services/{service}', { params, body: body as never, signal }));
    return true;
  }
}
