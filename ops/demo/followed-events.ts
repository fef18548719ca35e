/** The events of a slot as they come, from `GET /v1/events`: what a board would show. */
export class FollowedEvents {
  readonly counts = new Map<string, number>();
  readonly #leaving = new AbortController();

  static async open(url: string, token: string): Promise<FollowedEvents> {
    const events = new FollowedEvents();
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(url, { headers, signal: events.#leaving.signal });
    // Ended by `close`, or with the server.
    void events.#read(response).catch(() => undefined);
    return events;
  }

  close(): void {
    this.#leaving.abort();
  }

  async #read({ body }: Response): Promise<void> {
    let rest = '';
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('event: ')) this.#count(line.slice('event: '.length));
    }
  }

  #count(type: string): void {
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
  }
}
