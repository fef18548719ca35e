import { isAlert, type RuleGroup } from './alert.ts';
import { backupAlerts } from './alerts/backup-alerts.ts';
import { deliveryAlerts } from './alerts/delivery-alerts.ts';
import { dependencyAlerts } from './alerts/dependency-alerts.ts';
import { instanceAlerts } from './alerts/instance-alerts.ts';
import { monitoringAlerts } from './alerts/monitoring-alerts.ts';
import { processAlerts } from './alerts/process-alerts.ts';
import { sloRules } from './slo-rules.ts';

/** Every rule, by the name of its file in ops/prometheus/rules. */
export const ruleFiles: Readonly<Record<string, readonly RuleGroup[]>> = {
  slo: sloRules,
  service: [instanceAlerts, processAlerts, dependencyAlerts, deliveryAlerts],
  platform: [backupAlerts, monitoringAlerts],
};

export const alerts = Object.values(ruleFiles)
  .flat()
  .flatMap(({ rules }) => rules.filter(isAlert));
