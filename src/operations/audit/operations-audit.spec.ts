import { type GuardedRequest, OperationsAudit, type OperationsAuditEntry } from './operations-audit.js';

const write: GuardedRequest = { method: 'PUT', path: '/loggers/root', access: 'write', status: 200 };
const refusal: GuardedRequest = { ...write, status: 401 };

function anAudit() {
  const lines: object[] = [];
  const entries: OperationsAuditEntry[] = [];
  let now = 0;
  const logger = { warn: (about: object) => lines.push(about) };
  const audit = new OperationsAudit(
    logger,
    (text) => text.replaceAll('canary', '[redacted]'),
    () => now,
  );
  audit.connect({ record: async (entry) => void entries.push(entry) });
  return { audit, lines, entries, pass: (ms: number) => (now += ms) };
}

describe('the audit of the operations port', () => {
  test('tells of a write with what it has changed', () => {
    const { audit, lines, entries } = anAudit();
    audit.observe({ ...write, change: { before: { level: 'info' }, after: { level: 'debug' } } });

    expect(lines).toEqual([
      expect.objectContaining({ context: 'OperationsAudit', path: '/loggers/root', status: 200 }),
    ]);
    expect(entries).toEqual([
      {
        action: 'loggers.put',
        subject: '/loggers/root',
        status: 200,
        before: { level: 'info' },
        after: { level: 'debug' },
      },
    ]);
  });

  test('tells of whoever was refused, a read too, but not of reads that were answered', () => {
    const { audit, lines, entries } = anAudit();
    audit.observe({ ...refusal, access: 'read' });
    audit.observe({ ...write, access: 'read' });
    audit.observe({ ...write, access: 'read', status: 404 });

    expect([lines.length, entries.map(({ status }) => status)]).toEqual([1, [401]]);
  });

  test('does not store what somebody has audited', () => {
    const { audit, lines, entries } = anAudit();
    audit.observe({ ...write, change: 'audited' });

    expect([lines.length, entries]).toEqual([1, []]);
  });

  test('stores no secret that stands in a path, and no path without end', () => {
    const { audit, entries } = anAudit();
    audit.observe({ ...refusal, path: `/loggers/canary${'x'.repeat(1000)}` });

    expect(entries[0]?.subject).toMatch(/^\/loggers\/\[redacted\]x{181}$/);
  });

  test('tells of ten refusals a minute, and how many there were beside, and of every write', () => {
    const { audit, lines, entries, pass } = anAudit();
    for (let n = 0; n < 100; n++) audit.observe(refusal);
    audit.observe(write);
    expect([lines.length, entries.length]).toEqual([11, 11]);
    pass(60_000);
    audit.observe(refusal);

    expect(lines.at(-1)).toMatchObject({ status: 401, untold: 90 });
  });

  test('waits for nobody: what hangs is not added to for ever, and what fails is in the log', async () => {
    const { audit, lines } = anAudit();
    const { promise, reject } = Promise.withResolvers<void>();
    let asked = 0;
    audit.connect({ record: () => ((asked += 1), promise) });
    for (let n = 0; n < 50; n++) audit.observe(write);
    expect([asked, lines.length]).toEqual([20, 50]);
    reject(new Error('the database is away'));
    await audit.settled();

    expect(lines.slice(50)).toEqual(
      Array.from({ length: 20 }, () => expect.objectContaining({ err: expect.any(Error) })),
    );
  });
});
