import { Controller, Get, Module } from '@nestjs/common';

/** The route that all the servers have. Decorators are applied by hand: Node runs this file as it stands. */
export class GreetingController {
  greet(): { greeting: string } {
    return { greeting: 'hello' };
  }
}
Controller('greeting')(GreetingController);
const greet = Object.getOwnPropertyDescriptor(GreetingController.prototype, 'greet')!;
Get()(GreetingController.prototype, 'greet', greet);

export class GreetingModule {}
Module({ controllers: [GreetingController] })(GreetingModule);
