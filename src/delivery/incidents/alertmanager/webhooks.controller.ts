import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../platform/auth/principal.js';
import { Caller, Requires } from '../../../platform/auth/requires.js';
import { BodyLimit } from '../../../platform/http/body-limit.js';
import { TextBody } from '../../../platform/http/text-body.js';
import { Refuses } from '../../../platform/http/problems/refuses.js';
import { incidentsErrors } from '../incidents.errors.js';
import { webhookPayload } from './webhook.dto.js';
import { WebhookIntake } from './webhook-intake.js';

@ApiTags('Incidents')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(private readonly intake: WebhookIntake) {}

  @Post('alertmanager')
  @ApiOperation({ summary: 'Take in alerts of Alertmanager' })
  @Requires('reporter')
  @BodyLimit(16 * 1024)
  @TextBody(webhookPayload)
  @HttpCode(202)
  @Refuses(incidentsErrors.malformedWebhook)
  @ApiAcceptedResponse({ description: 'Every alert of it is kept.' })
  async alertmanager(@Body() body: Buffer | undefined, @Caller() principal: Principal): Promise<void> {
    await this.intake.take(principal, body ?? Buffer.alloc(0));
  }
}
