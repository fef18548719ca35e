import { randomUUID } from 'node:crypto';
import type { Answer, TestApplication } from './application.js';
import { eventually } from './eventually.js';
import { aDeployment, aRelease, aSlot, type ReleaseFixture, type SlotFixture } from './fixtures.js';

type Slot = Pick<SlotFixture, 'service' | 'environment'>;

/** What a pipeline asks of deployments, with a new idempotency key each time unless one is given. */
export function deploymentRequests(app: () => TestApplication) {
  const create = (slot: Slot, digest: string, body: object = {}, key: string = randomUUID()): Promise<Answer> =>
    app().request('POST', '/v1/deployments', {
      token: app().tokens.deployer,
      headers: { 'idempotency-key': key },
      body: { service: slot.service, environment: slot.environment, digest, ...body },
    });
  return {
    create,
    /** Creates, also where no connection to the database is free at first: asks again under the same key. */
    insist: (slot: Slot, digest: string): Promise<Answer> => {
      const key = randomUUID();
      return eventually(async () => {
        const answer = await create(slot, digest, {}, key);
        expect(answer.status).not.toBe(503);
        return answer;
      });
    },
    report: (id: string, event: string, body: object): Promise<Answer> =>
      app().request('POST', `/v1/deployments/${id}/${event}`, { body }),
    get: (id: string): Promise<Answer> => app().request('GET', `/v1/deployments/${id}`),
    rollBack: (slot: SlotFixture, body: object = {}, token = app().tokens.operator): Promise<Answer> =>
      app().request('POST', `${slot.path}/rollback`, {
        token,
        headers: { 'idempotency-key': randomUUID() },
        body: { reason: 'a test', ...body },
      }),
    /** Puts a new release into the slot and has it promoted; the slot's gate must promote at once. */
    ship: async (slot: SlotFixture, body: object = {}): Promise<ReleaseFixture & { deployment: string }> => {
      const release = await aRelease(app(), { service: slot.service });
      const { id } = await aDeployment(app(), { ...slot, digest: release.digest, state: 'verifying', body });
      return { ...release, deployment: id };
    },
    /** A slot that runs a promoted release, and another release to put there. */
    aRunningSlot: async () => {
      const slot = await aSlot(app());
      const running = await aRelease(app(), { service: slot.service });
      await aDeployment(app(), { ...slot, digest: running.digest, state: 'verifying' });
      return { slot, running, next: await aRelease(app(), { service: slot.service }) };
    },
  };
}

/** The code that a problem's type ends in. */
export function codeOf({ body }: Answer): string {
  return String(body.type).split(/[/#:]/).at(-1) ?? '';
}
