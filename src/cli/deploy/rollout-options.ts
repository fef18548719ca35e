import { randomUUID } from 'node:crypto';
import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';
import { ApiLedger, type ApiLedgerOptions } from '../hosts/api-ledger.js';
import type { DeployOptions } from '../hosts/deploy-on-hosts.js';
import { reasonOf } from '../hosts/reason-of.js';
import type { RolloutView } from './rollout-view.js';
import type { Target } from './target.js';

export function ledgerOf(context: Context, { plan }: Target, more: Partial<ApiLedgerOptions> = {}): ApiLedger {
  const { service, environment } = plan;
  const key = randomUUID();
  return new ApiLedger({ url: context.url, token: context.token, service, environment, key, ...more });
}

/** Whoever looks on sees each measurement; a log gets a line now and then. */
const LIVE_LOOK_SECONDS = 1;
const PLAIN_LOOK_SECONDS = 15;

/** Without a ledger, and without waiting for anybody. */
export function rolloutOptions({ output, signal }: Context, { report }: RolloutView): DeployOptions {
  const lookSeconds = output.isLive ? LIVE_LOOK_SECONDS : PLAIN_LOOK_SECONDS;
  return { ledger: null, bakeMs: 0, waitMs: 0, verify: null, report, signal, lookSeconds };
}

/**
 * Asks for the signature that the file wants; null where it wants none. Whom to trust is read at once, so that nothing is
 * begun without it. A way back is not asked: its image was verified when it was deployed.
 */
export async function verifierOf({ settings: { verify }, file }: Target): Promise<DeployOptions['verify']> {
  if (verify === undefined) return null;
  // Loaded where it is asked for: the libraries take longer to load than most commands take.
  const { ImageVerification } = await import('../signatures/verify-image.js');
  const verification = await ImageVerification.of(verify, file).catch((error: unknown) => {
    throw new CommandFailure('usage', `${file} asks for a signature that cannot be verified.`, {
      why: reasonOf(error),
      mend: 'See to "verify" in it. Nothing was begun.',
    });
  });
  return (reference) => verification.verify(reference);
}

export const titleOf = ({ plan }: Target): string => `${plan.service} in ${plan.environment}`;
export const againOf = ({ plan }: Target): string => `plimsoll deploy ${plan.environment}`;
