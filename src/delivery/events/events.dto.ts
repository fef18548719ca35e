import { z } from 'zod';
import { slug } from '../../platform/http/input/fields.js';

export const eventsQuery = z.strictObject({ service: slug.optional(), environment: slug.optional() });
export type EventsQuery = z.output<typeof eventsQuery>;
