import type { GateReason, GateVerdict, ShadowVerdict } from '../gate-run.model.js';

interface ShadowConclusion {
  readonly verdict: GateVerdict;
  readonly reasons: GateReason[];
  readonly shadowVerdict: ShadowVerdict;
}

/** The result of a shadow gate: the deployment is promoted, and the gate's own verdict is kept as `shadowVerdict`. */
export function inShadow({ verdict, reasons }: ShadowVerdict): ShadowConclusion {
  const detail = `the gate is a shadow gate and decides nothing; its own verdict is ${verdict}`;
  return { verdict: 'promote', reasons: [{ code: 'shadow', detail }], shadowVerdict: { verdict, reasons } };
}
