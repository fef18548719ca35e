import { Controller, Get } from '@nestjs/common';
import { Access } from '../access/access.js';
import { FeatureFlags } from './feature-flags.js';

@Controller('flags')
export class FlagsController {
  constructor(private readonly flags: FeatureFlags) {}

  @Get()
  @Access('read')
  read() {
    const { configured, lastSuccess, stale } = this.flags.state();
    return { configured, lastSuccess, stale, flags: this.flags.list() };
  }
}
