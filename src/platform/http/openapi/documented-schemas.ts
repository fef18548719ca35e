import { Injectable } from '@nestjs/common';
import type { z } from 'zod';

/** Schemas that are known only once the application is built, by the names that they have in the document. */
@Injectable()
export class DocumentedSchemas {
  private readonly schemas = new Map<string, () => z.ZodType>();

  /** Takes the place of what decorators say of this name; asked for when the document is made. */
  register(name: string, schema: () => z.ZodType): void {
    this.schemas.set(name, schema);
  }

  get all(): [name: string, schema: z.ZodType][] {
    return Array.from(this.schemas, ([name, schema]) => [name, schema()]);
  }
}
