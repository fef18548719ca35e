import type { Shell } from './shell.ts';

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

/** What Alertmanager has, be it told to somebody, silenced or inhibited. Asked inside: its port is published nowhere. */
export async function alertsOf(shell: Shell, name: string): Promise<Alert[]> {
  const filter = encodeURIComponent(`alertname="${name}"`);
  const url = `http://127.0.0.1:9093/api/v2/alerts?filter=${filter}`;
  return JSON.parse(
    await shell.run(`podman exec "\${COMPOSE_PROJECT_NAME}_alertmanager_1" wget -qO- '${url}'`),
  ) as Alert[];
}

export function hasLabels(alert: Alert, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([label, value]) => alert.labels[label] === value);
}
