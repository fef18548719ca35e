import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { alertmanagerText, nobodyElse } from './alertmanager/configuration.ts';
import { prometheusRuleText, ruleTexts } from './rule-files.ts';

const rules = 'ops/prometheus/rules';
const prometheusRule = 'ops/kubernetes/base/prometheus-rule.yml';
const alertmanager = 'ops/alertmanager/alertmanager.yml';

/** The files that are not what ops/monitoring says, rules that it does not know included. */
export async function staleFiles(): Promise<string[]> {
  const wanted = madeFiles();
  const there = (await readdir(join(clone, rules)).catch((): string[] => [])).map((name) => join(rules, name));
  const stale: string[] = [];
  for (const path of new Set([...Object.keys(wanted), ...there])) {
    const text = await readFile(join(clone, path), 'utf8').catch(() => undefined);
    if (text !== wanted[path]) stale.push(path);
  }
  return stale;
}

export async function writeFiles(): Promise<void> {
  await writeRules(join(clone, rules), ruleTexts());
  await writeFile(join(clone, prometheusRule), prometheusRuleText());
  await writeFile(join(clone, alertmanager), alertmanagerText(nobodyElse));
}

export async function writeRules(folder: string, texts: Record<string, string>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
}

function madeFiles(): Record<string, string> {
  const texts = Object.entries(ruleTexts()).map(([name, text]) => [join(rules, name), text]);
  return {
    ...Object.fromEntries(texts),
    [prometheusRule]: prometheusRuleText(),
    [alertmanager]: alertmanagerText(nobodyElse),
  };
}
