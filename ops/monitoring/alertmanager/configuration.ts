import { stringify } from 'yaml';
import { inhibitions, otherwise, type Receiver, type Route, routes } from './routes.ts';

/** Who there is beside Plimsoll. Every secret stays in its file. */
export interface People {
  readonly chat: boolean;
  readonly deadMansSwitch: boolean;
  readonly email?: { readonly to: string; readonly from: string; readonly smarthost: string };
}

export const nobodyElse: People = { chat: false, deadMansSwitch: false };

const header =
  '# Made from ops/monitoring by `npm run rules`; a check compares. `npm run alertmanager` makes one that tells people.\n';

/** The text of alertmanager.yml. Who is not configured is told nothing, and nothing fails for that. */
export function alertmanagerText(people: People): string {
  const isTold = people.chat || people.email !== undefined;
  const known: Record<Receiver, object> = {
    nobody: {},
    plimsoll: { webhook_configs: ['app-1', 'app-2'].map(toPlimsoll) },
    page: isTold ? toPeople(people) : {},
    ticket: isTold ? toPeople(people) : {},
    'dead-mans-switch': people.deadMansSwitch ? { webhook_configs: [deadMansSwitch] } : {},
  };
  const receivers = Object.entries(known).map(([name, configuration]) => Object.assign({ name }, configuration));
  const route = { receiver: otherwise, group_by: ['alertname', 'service', 'environment'], routes: routes.map(routeOf) };
  const inhibit_rules = inhibitions.map(({ source, target, equal }) => ({
    source_matchers: [source],
    target_matchers: [target],
    equal,
  }));
  const templates = ['/etc/alertmanager/templates/*.tmpl'];
  return header + stringify({ templates, route, receivers, inhibit_rules }, { lineWidth: 0 });
}

/** To each instance, of which one may be what the alert is about. Told twice, an alert is still one incident. */
function toPlimsoll(instance: string): object {
  return {
    url: `http://${instance}:3000/v1/webhooks/alertmanager`,
    send_resolved: true,
    http_config: { authorization: { credentials_file: '/token/alertmanager' } },
  };
}

/** It misses the alert that always fires, and calls. */
const deadMansSwitch = { url_file: '/secrets/alert-watchdog-url', send_resolved: false };

function toPeople({ chat, email }: People): object {
  return {
    ...(chat && {
      slack_configs: [
        {
          api_url_file: '/secrets/alert-chat-url',
          send_resolved: true,
          title: '{{ template "plimsoll.title" . }}',
          title_link: '{{ template "plimsoll.runbook" . }}',
          text: '{{ template "plimsoll.text" . }}',
          color: '{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}',
        },
      ],
    }),
    ...(email && {
      email_configs: [
        {
          ...email,
          auth_username: email.from,
          auth_password_file: '/secrets/alert-smtp-password',
          send_resolved: true,
          headers: { Subject: '{{ template "plimsoll.title" . }}' },
          text: '{{ template "plimsoll.text" . }}',
          html: '',
        },
      ],
    }),
  };
}

function routeOf({ receiver, matchers, goOn, wait, interval, repeat }: Route): object {
  return {
    receiver,
    matchers,
    ...(goOn && { continue: true }),
    group_wait: wait,
    group_interval: interval,
    repeat_interval: repeat,
  };
}
