import type { TestApplication } from './application.js';

export interface Frame {
  readonly id: string | null;
  readonly event: string | null;
  readonly retry: string | null;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects by its assertions
  readonly data: any;
}

/** A client of server-sent events, that keeps all it was told. */
export class EventClient {
  readonly frames: Frame[] = [];
  comments = 0;
  isOver = false;
  private readonly leaving = new AbortController();

  private constructor(readonly status: number) {}

  static async open(
    app: TestApplication,
    query = '',
    {
      token = app.tokens.viewer,
      cookie,
      lastEventId,
    }: { token?: string; cookie?: string; lastEventId?: string | undefined } = {},
  ): Promise<EventClient> {
    const leaving = new AbortController();
    const credentials = cookie ? { cookie } : { authorization: `Bearer ${token}` };
    const headers = { ...credentials, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) };
    const response = await fetch(`${app.url}/v1/events${query}`, { headers, signal: leaving.signal });
    const client = new EventClient(response.status);
    client.leaving.signal.addEventListener('abort', () => leaving.abort());
    void client.read(response);
    return client;
  }

  get types(): (string | null)[] {
    return this.frames.map(({ event }) => event);
  }

  close(): void {
    this.leaving.abort();
  }

  private async read(response: Response): Promise<void> {
    let text = '';
    try {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) this.take(part);
      }
    } catch {
      // It was closed.
    }
    this.isOver = true;
  }

  private take(part: string): void {
    if (part.startsWith(':')) this.comments += 1;
    else {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1] ?? null;
      this.frames.push({
        id: field('id'),
        event: field('event'),
        retry: field('retry'),
        data: JSON.parse(field('data') ?? 'null'),
      });
    }
  }
}
