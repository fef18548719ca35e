import { z } from 'zod';
import { digest } from '../../../platform/http/input/fields.js';
import { why } from '../deployments.dto.js';

export const rollbackBody = z
  .strictObject({ reason: why, to: digest.nullable().default(null), force: z.boolean().default(false) })
  .meta({ id: 'Rollback' });
export type RollbackBody = z.output<typeof rollbackBody>;
