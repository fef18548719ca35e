import type { RolloutReport } from '../hosts/rollout-report.js';
import type { Phase } from '../hosts/rollout.model.js';

type StepKind = Extract<RolloutReport, { kind: 'host' }>['step']['kind'];

/** What is under way, as people call it. */
export const phaseTexts: Readonly<Record<Phase, string>> = {
  creating: 'asks the ledger for the deployment',
  opening: 'takes the hosts',
  staging: 'gets the image onto the hosts',
  migrating: 'migrates',
  rolling: 'changes hosts',
  reporting: 'reports what the hosts serve',
  gating: 'the gate watches',
  'asking-back': 'asks the ledger where to go back to',
  returning: 'goes back',
  telling: 'tells the ledger how it ended',
  confirming: 'the gate watches the way back',
  closing: 'tidies up',
  ended: 'is over',
};

export const stepTexts: Readonly<Record<StepKind, string>> = {
  prepare: 'sees to network and proxy',
  pull: 'pulls the image',
  migrate: 'runs the migration',
  create: 'makes a container',
  start: 'starts a container',
  'await-ready': 'waits until it is ready',
  switch: 'gives it the traffic',
  'stop-routing': 'takes the traffic away',
  drain: 'drains the old containers',
};
