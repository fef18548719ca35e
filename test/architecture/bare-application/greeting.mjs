import { Controller, Get, Module } from '@nestjs/common';

class GreetingController {
  greet() {
    return { greeting: 'hello' };
  }
}
// Decorators are applied by hand: Node runs this file as it stands.
Controller('greeting')(GreetingController);
const greet = Object.getOwnPropertyDescriptor(GreetingController.prototype, 'greet');
Get()(GreetingController.prototype, 'greet', greet);

export class GreetingModule {}
Module({ controllers: [GreetingController] })(GreetingModule);
