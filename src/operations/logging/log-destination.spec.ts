import { Writable } from 'node:stream';
import { LogDestination } from './log-destination.js';

/** A reader that takes nothing until it is let. */
class SlowReader extends Writable {
  text = '';
  writes = 0;
  #waiting: (() => void) | undefined;
  #isReading = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.writes += 1;
    if (this.#isReading) done();
    else this.#waiting = done;
  }

  read(): void {
    this.#isReading = true;
    this.#waiting?.();
  }
}

const megabyte = `${'x'.repeat(1024 * 1024 - 1)}\n`;

describe('the destination of the log', () => {
  test('writes what came in one turn of the loop at once', async () => {
    const reader = new SlowReader();
    reader.read();
    const destination = new LogDestination(reader);
    for (let line = 0; line < 1000; line++) destination.write(`${line}\n`);
    await destination.flush(1000);

    expect(reader.writes).toBe(1);
    expect(reader.text.split('\n')).toHaveLength(1001);
  });

  test('drops and counts what is more than 8 MiB when nobody reads, and blocks nothing', async () => {
    const reader = new SlowReader();
    const destination = new LogDestination(reader);
    for (let line = 0; line < 20; line++) {
      destination.write(megabyte);
      await new Promise(setImmediate);
    }

    expect(destination.dropped).toBe(12);
    reader.read();
    await destination.flush(1000);
    expect(reader.text).toHaveLength(8 * megabyte.length);
  });

  test('takes lines again once they are read', async () => {
    const reader = new SlowReader();
    const destination = new LogDestination(reader);
    for (let line = 0; line < 9; line++) destination.write(megabyte);
    reader.read();
    await destination.flush(1000);
    destination.write('again\n');
    await destination.flush(1000);

    expect(destination.dropped).toBe(1);
    expect(reader.text.endsWith('again\n')).toBe(true);
  });

  test('gives up flushing to a reader who is stuck', async () => {
    const destination = new LogDestination(new SlowReader());
    destination.write('nobody reads this\n');

    await expect(destination.flush(10)).resolves.toBeUndefined();
  });

  test('goes on without a reader who is gone', async () => {
    const gone = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const destination = new LogDestination(gone);
    destination.write('lost\n');
    await destination.flush(1000);
    destination.write('dropped\n');

    expect(destination.dropped).toBe(1);
    await expect(destination.flush(1000)).resolves.toBeUndefined();
  });
});
