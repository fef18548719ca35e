import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clone } from '../scripts/clone.mjs';
import { Failure, runMain, say } from '../scripts/terminal.mjs';
import { staleFiles, writeFiles, writeRules } from './made-files.ts';
import { ruleTexts } from './rule-files.ts';

const configuration = join(clone, 'ops/prometheus');

/**
 * `npm run rules` writes ops/prometheus/rules and the configuration of Alertmanager. For drills, with `--factor 30 --scrape 5 --out FOLDER`, a configuration of
 * Prometheus in another folder whose rules are 30 times as quick.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { factor: { type: 'string' }, scrape: { type: 'string' }, out: { type: 'string' } },
  });
  if (values.out === undefined) {
    if (values.factor ?? values.scrape)
      throw new Failure('--factor and --scrape want --out: shortened rules are never committed');
    const stale = await staleFiles();
    await writeFiles();
    return say(stale.length === 0 ? 'Everything was up to date.' : `Written: ${stale.join(', ')}`);
  }
  const pace = {
    factor: positive('factor', values.factor ?? '1'),
    scrapeSeconds: positive('scrape', values.scrape ?? '15'),
  };
  await cp(configuration, values.out, { recursive: true });
  await writeRules(join(values.out, 'rules'), ruleTexts(pace));
  await quicken(join(values.out, 'prometheus.yml'), pace.scrapeSeconds);
  say(`Written to ${values.out}: durations ÷ ${pace.factor}, a scrape every ${pace.scrapeSeconds} s`);
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Failure(`--${name} wants a number above 0, not "${text}"`);
  return number;
}

async function quicken(file: string, scrapeSeconds: number): Promise<void> {
  const text = await readFile(file, 'utf8');
  const interval = /^( {2}(?:scrape_interval|evaluation_interval|scrape_timeout): )\S+$/gm;
  await writeFile(file, text.replaceAll(interval, `$1${scrapeSeconds}s`));
}

await runMain(main);
