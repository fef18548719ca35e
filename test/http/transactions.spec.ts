import { startApplication, type TestApplication } from '../support/application.js';

const ENVIRONMENTS = 'select slug from environments';
const MAKE = `insert into environments (slug, tier, description, created_at, updated_at)
  values ($1, 'development', '', now(), now())`;

describe('a transaction', () => {
  let app: TestApplication;
  beforeAll(async () => {
    app = await startApplication();
  });
  afterAll(() => app.close());

  const slugs = async (): Promise<string[]> => {
    const rows = await app.database.query<{ slug: string }>('test-environments', ENVIRONMENTS, []);
    return rows.map(({ slug }) => slug);
  };

  it.each([
    ['another transaction', () => app.database.transaction(async () => undefined)],
    ['a read', () => app.database.read(async () => undefined)],
    ['a query', () => app.database.query('test-environments', ENVIRONMENTS, [])],
  ])('has no way to the database but its own handle: %s inside it is refused', async (_way, leak) => {
    await expect(app.database.transaction(leak)).rejects.toThrow('the only way to the database');
  });

  it('leaves nothing behind when its work rejects', async () => {
    const work = app.database.transaction(async (tx) => {
      await tx.query(MAKE, ['abandoned']);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await slugs()).not.toContain('abandoned');
  });

  it('stays committed when what was to follow it fails, and the rest of that follows', async () => {
    const followed: string[] = [];
    const work = app.database.transaction(async (tx) => {
      await tx.query(MAKE, ['counted']);
      app.database.afterCommit(() => {
        throw new Error('the counter broke');
      });
      app.database.afterCommit(() => void followed.push('the other one'));
      return 'committed';
    });
    await expect(work).resolves.toBe('committed');
    expect(followed).toEqual(['the other one']);
    expect(await slugs()).toContain('counted');
  });

  it('is over when its work is: its handle is dead, and the way to the database free again', async () => {
    const handle = await app.database.transaction(async (tx) => tx);
    await expect(handle.query(MAKE, ['late'])).rejects.toThrow('released');
    expect(await slugs()).not.toContain('late');
  });
});
