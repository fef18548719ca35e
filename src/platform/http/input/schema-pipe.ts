import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';
import { DomainError } from '../problems/domain-error.js';
import { httpErrors, validationFailed } from '../problems/http.errors.js';
import { fieldErrors } from './validation.js';

/** A path whose parameter no resource can have: 404, but 422 for a PUT, which was meant to make one. */
export class ImpossibleParameter extends DomainError {
  readonly fault: string;

  constructor(parameter: string, problem: string) {
    const fault = `the ${parameter} of the path ${problem}`;
    super(httpErrors.notFound, `Nothing can be found there: ${fault}.`);
    this.fault = fault;
  }
}

/** Nest's pipe for `@Body({ schema })`, `@Query({ schema })`, `@Param(name, { schema })`, refusing with our problems. */
@Injectable()
export class SchemaPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, type, data } = metadata;
    if (!schema || type === 'custom') {
      return value;
    }
    const result = await this.validate<T>(value, schema);
    if (!result.issues) {
      return result.value;
    }
    const errors = fieldErrors(result.issues as readonly z.core.$ZodIssue[]);
    throw type === 'param'
      ? new ImpossibleParameter(data ?? errors[0]?.pointer ?? '', errors[0]?.detail ?? 'is not valid')
      : validationFailed(errors);
  }
}
