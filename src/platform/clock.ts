import { Injectable } from '@nestjs/common';

/** The only source of the present time in the code, so that a test can say what time it is. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
