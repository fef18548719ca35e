import type { Logger } from '@nestjs/common';
import type { Measurement } from '../store/measurement-store.js';
import { MeasurementWriter } from './measurement-writer.js';
import { Outage } from './outage.js';

const aMeasurement = (n: number): Measurement => ({
  gateRunId: 'run',
  check: 'ready',
  host: 'a',
  n,
  dueAtMs: 0,
  measuredAtMs: 0,
  outcome: 'pass',
  value: null,
  detail: null,
});

const silent = { warn: () => {}, error: () => {}, log: () => {} } as unknown as Logger;

/** A database that answers each batch when it is told to: stored, lease lost, or away. */
function aWriter() {
  const batches: { ns: number[]; answer: (isStored: boolean | Error) => Promise<void> }[] = [];
  const told: string[] = [];
  const writer = new MeasurementWriter<Measurement>({
    store: (batch) =>
      new Promise((resolve, reject) => {
        const answer = async (isStored: boolean | Error) => {
          if (isStored instanceof Error) reject(isStored);
          else resolve(isStored);
          await new Promise(setImmediate);
        };
        batches.push({ ns: batch.map(({ n }) => n), answer });
      }),
    onStored: ({ n }) => told.push(`stored ${n}`),
    onLeaseLost: () => told.push('lease lost'),
    onFull: () => told.push('full'),
    onRoom: () => told.push('room'),
    outage: new Outage(silent, 'Storing'),
  });
  return { writer, batches, told };
}

describe('the writer of measurements', () => {
  it('writes an urgent one at once, with all that wait', () => {
    const { writer, batches } = aWriter();
    writer.write(aMeasurement(0), false);
    expect(batches).toEqual([]);
    writer.write(aMeasurement(1), true);
    expect(batches.map(({ ns }) => ns)).toEqual([[0, 1]]);
  });

  it('tells of a measurement when it is stored, and not before', async () => {
    const { writer, batches, told } = aWriter();
    writer.write(aMeasurement(0), true);
    expect(told).toEqual([]);
    await batches[0]?.answer(true);
    expect(told).toEqual(['stored 0']);
  });

  it('writes one batch after the other', async () => {
    const { writer, batches } = aWriter();
    for (const n of [0, 1, 2]) writer.write(aMeasurement(n), true);
    expect(batches.map(({ ns }) => ns)).toEqual([[0]]);
    await batches[0]?.answer(true);
    expect(batches.map(({ ns }) => ns)).toEqual([[0], [1, 2]]);
  });

  it('stores nothing that was measured under a lease that is lost', async () => {
    const { writer, batches, told } = aWriter();
    writer.write(aMeasurement(0), true);
    writer.write(aMeasurement(1), true);
    writer.forget();
    await batches[0]?.answer(true);
    writer.write(aMeasurement(2), true);
    expect(batches.map(({ ns }) => ns)).toEqual([[0], [2]]);
    await batches[1]?.answer(false);
    expect(told).toEqual(['lease lost']);
  });

  it('asks for no more once too many wait, until there is room', async () => {
    const { writer, batches, told } = aWriter();
    for (let n = 0; n <= 51_000; n += 1) writer.write(aMeasurement(n), n === 0);
    expect(told).toEqual(['full']);
    for (let at = 0; at < 3; at += 1) await batches[at]?.answer(true);
    expect(told.filter((word) => word === 'room')).toHaveLength(1);
  });

  it('writes what waits when it is closed, and takes no more', async () => {
    const { writer, batches } = aWriter();
    writer.write(aMeasurement(0), false);
    const closed = writer.close();
    writer.write(aMeasurement(1), true);
    await new Promise(setImmediate);
    await batches[0]?.answer(true);
    await closed;
    expect(batches.map(({ ns }) => ns)).toEqual([[0]]);
  });

  it('leaves what the database does not take when it is closed', async () => {
    const { writer, batches } = aWriter();
    writer.write(aMeasurement(0), true);
    const closed = writer.close();
    await batches[0]?.answer(new Error('away'));
    await closed;
    expect(batches).toHaveLength(1);
  });
});
