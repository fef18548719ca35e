import type { LedgerDeployment, LedgerVerdict } from '../hosts/ledger.js';
import type { RolloutReport } from '../hosts/rollout-report.js';
import type { HostPlace, Rollout } from '../hosts/rollout.model.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { bold, dim, green, red, table, yellow } from '../output/text.js';
import { barOf } from '../ledger/watch-verdict.js';
import { phaseTexts, stepTexts } from './rollout-text.js';

/** What happened, an object a line with `--json`. */
type Happened =
  | { readonly type: 'phase'; readonly phase: Rollout['phase']; readonly hosts: readonly string[] }
  | { readonly type: 'step'; readonly host: string; readonly step: string }
  | { readonly type: 'deployment'; readonly id: string; readonly kind: string; readonly digest: string }
  | ({ readonly type: 'verdict'; readonly deployment: string } & Pick<LedgerVerdict, 'verdict' | 'state' | 'progress'>)
  | { readonly type: 'waiting'; readonly reason: string };

/** Shows a rollout as it goes on: a live view on a terminal, a line for each change elsewhere. */
export class RolloutView {
  readonly #steps = new Map<string, string>();
  #rollout: Rollout | null = null;
  #deployment: LedgerDeployment | null = null;
  #verdict: LedgerVerdict | null = null;
  #waiting: string | null = null;

  constructor(
    private readonly output: Output,
    private readonly title: string,
  ) {}

  /** Null as long as the ledger has none. */
  get deploymentId(): string | null {
    return this.#deployment?.id ?? null;
  }

  readonly report = (report: RolloutReport): void => {
    const happened = this.#take(report);
    if (happened === null) return;
    this.output.show(happened, { live: () => this.#lines(), plain: plainLine });
  };

  #take(report: RolloutReport): Happened | null {
    if (report.kind === 'waiting') {
      this.#waiting = report.reason;
      return { type: 'waiting', reason: report.reason };
    }
    this.#waiting = null;
    switch (report.kind) {
      case 'phase':
        this.#rollout = report.rollout;
        return report.effect && { type: 'phase', phase: report.effect.kind, hosts: report.effect.hosts };
      case 'host':
        this.#steps.set(report.host, report.step.kind);
        return { type: 'step', host: report.host, step: report.step.kind };
      case 'deployment': {
        this.#deployment = report.deployment;
        this.#verdict = null;
        const { id, kind, release } = report.deployment;
        return { type: 'deployment', id, kind, digest: release.digest };
      }
      case 'verdict': {
        this.#verdict = report.verdict;
        const { verdict, state, progress } = report.verdict;
        return { type: 'verdict', deployment: this.deploymentId ?? '', verdict, state, progress };
      }
    }
  }

  #lines(): string[] {
    const rollout = this.#rollout;
    const phase = rollout === null ? '' : phaseTexts[rollout.phase];
    const head = `${bold(this.title)}  ${yellow(phase)} ${dim(this.deploymentId ?? '')}`;
    if (this.#waiting !== null) return [head, `  ${yellow('waits')}: ${firstLineOf(printable(this.#waiting))}`];
    const places = Object.entries(rollout?.places ?? {});
    const rows = places.map(([name, place]) => ['', name, placeTexts[place], this.#stepOf(name)]);
    const { reason } = rollout ?? {};
    return [head, ...table(rows), ...this.#bar(), ...(reason ? [`  ${red(firstLineOf(printable(reason)))}`] : [])];
  }

  get #isWatched(): boolean {
    return this.#rollout?.phase === 'gating' || this.#rollout?.phase === 'confirming';
  }

  #bar(): string[] {
    const progress = this.#verdict?.progress;
    if (!this.#isWatched || !progress || progress.planned === 0) return [];
    return [`  ${barOf(progress.done, progress.planned)}`];
  }

  #stepOf(host: string): string {
    const step = this.#steps.get(host) as keyof typeof stepTexts | undefined;
    const isOver = this.#isWatched || this.#rollout?.phase === 'closing';
    return step === undefined || isOver ? '' : dim(stepTexts[step]);
  }
}

const placeTexts: Readonly<Record<HostPlace, string>> = {
  old: 'old',
  changing: yellow('changing'),
  new: green('new'),
  lost: red('lost'),
};

function plainLine(happened: Happened): string {
  switch (happened.type) {
    case 'phase': {
      const isOfHosts =
        happened.phase === 'rolling' || happened.phase === 'returning' || happened.phase === 'migrating';
      return `${phaseTexts[happened.phase]}${isOfHosts && happened.hosts.length > 0 ? `: ${happened.hosts.join(', ')}` : ''}`;
    }
    case 'step':
      return `  ${happened.host}: ${stepTexts[happened.step as keyof typeof stepTexts]}`;
    case 'deployment':
      return `${happened.kind} ${happened.id} of ${happened.digest}`;
    case 'verdict': {
      const { done = 0, planned = 0 } = happened.progress ?? {};
      return `  ${happened.verdict}: ${happened.state}${planned === 0 ? '' : `, ${done} of ${planned} measurements`}`;
    }
    case 'waiting':
      return `waits: ${firstLineOf(happened.reason)}`;
  }
}

function firstLineOf(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
