import { Injectable, type PipeTransform } from '@nestjs/common';
import { uuid } from '../../platform/http/fields.js';
import { deploymentNotFound } from './deployments.errors.js';

/** The id of a deployment in a path: what can be no id is a deployment that is not there. */
@Injectable()
export class DeploymentId implements PipeTransform<string, string> {
  transform(id: string): string {
    const parsed = uuid.safeParse(id);
    if (!parsed.success) throw deploymentNotFound(id.slice(0, 100));
    return parsed.data;
  }
}
