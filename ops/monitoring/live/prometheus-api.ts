import { run } from '../../scripts/child-process.mjs';
import { Failure } from '../../scripts/terminal.mjs';

export type Question = readonly [path: string, parameters: Readonly<Record<string, string>>];

/** A Prometheus that can be asked. */
export interface PrometheusApi {
  getAll<Data>(questions: readonly Question[]): Promise<Data[]>;
  /** What promtool has against the text of a rule file; nothing if it takes it. */
  refusal(rules: string): Promise<string | null>;
}

/** The one of a stack: published nowhere, so it is asked in its container; all at once, since entering it takes longest. */
export function prometheusIn(container: string): PrometheusApi {
  return {
    async getAll<Data>(questions: readonly Question[]): Promise<Data[]> {
      const urls = questions.map(
        ([path, parameters]) => `http://127.0.0.1:9090/api/v1/${path}?${new URLSearchParams(parameters)}`,
      );
      const each = 'while read -r url; do wget -qO- "$url" || exit 1; echo; done';
      const { exitCode, output } = await run('podman', ['exec', '--interactive', container, 'sh', '-c', each], {
        input: `${urls.join('\n')}\n`,
      });
      if (exitCode !== 0) throw new Failure(`${container} does not answer: ${output}`);
      const answers = output.split('\n').filter((line) => line.startsWith('{'));
      return answers.map((line) => (JSON.parse(line) as { data: Data }).data);
    },
    async refusal(rules) {
      const args = ['exec', '--interactive', container, 'promtool', 'check', 'rules'];
      const { exitCode, output } = await run('podman', args, { input: rules });
      return exitCode === 0 ? null : output;
    },
  };
}
