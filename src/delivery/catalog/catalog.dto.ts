import { z } from 'zod';
import { slug, text } from '../../platform/http/input/fields.js';
import { pageQuery } from '../../platform/http/page.js';
import { TIERS } from './catalog.model.js';

const time = z.iso.datetime();

const repository = z.url({ protocol: /^(https?|ssh|git)$/, error: 'must be an absolute URL' }).max(500);

/**
 * An address that probes are sent to. Credentials in it would end up in logs and details, so they are refused. So is a
 * query or a fragment, even an empty one: the path of a probe is appended, and would become part of it.
 */
const hostUrl = z
  .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
  .max(500)
  .refine((url) => isBare(url), 'must hold no user, password, query or fragment, not even an empty one');

function isBare(url: string): boolean {
  // What is no URL at all has been refused by then.
  if (!URL.canParse(url)) return true;
  const authority = url
    .split(/[/\\]+/)
    .slice(0, 2)
    .join('');
  return !/[?#]/.test(url) && !authority.includes('@');
}

export const environmentBody = z
  .strictObject({ tier: z.enum(TIERS), description: text(1000).default('') })
  .meta({ id: 'PutEnvironment' });
export type EnvironmentBody = z.output<typeof environmentBody>;

export const serviceBody = z
  .strictObject({
    description: text(1000).default(''),
    repository: repository.nullable().default(null),
    owner: text(100).nullable().default(null),
  })
  .meta({ id: 'PutService' });
export type ServiceBody = z.output<typeof serviceBody>;

const host = z.strictObject({ name: text(63, 1), url: hostUrl });

export const hostsBody = z
  .strictObject({ hosts: z.array(host).max(100, 'must have at most 100 hosts') })
  .meta({ id: 'Hosts' });
export type HostsBody = z.output<typeof hostsBody>;

export const environmentPath = z.strictObject({ environment: slug });
export type EnvironmentPath = z.output<typeof environmentPath>;

export const servicePath = z.strictObject({ service: slug });
export type ServicePath = z.output<typeof servicePath>;

export const slotPath = z.strictObject({ service: slug, environment: slug });
export type SlotPath = z.output<typeof slotPath>;

export const catalogQuery = pageQuery;
export type CatalogQuery = z.output<typeof catalogQuery>;

export const environmentView = z
  .object({ slug: z.string(), tier: z.enum(TIERS), description: z.string(), createdAt: time, updatedAt: time })
  .meta({ id: 'Environment' });
export type EnvironmentView = z.output<typeof environmentView>;

export const serviceView = z
  .object({
    slug: z.string(),
    description: z.string(),
    repository: z.string().nullable(),
    owner: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Service' });
export type ServiceView = z.output<typeof serviceView>;

export const environmentsView = z.object({ items: z.array(environmentView) }).meta({ id: 'Environments' });
export const servicesView = z.object({ items: z.array(serviceView) }).meta({ id: 'Services' });
