import 'reflect-metadata';
import { Module, Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
@Controller()
class Hello {
  @Get() hi() {
    return { a: 1 };
  }
}
@Module({ controllers: [Hello] })
class AppModule {}
const app = await NestFactory.create(AppModule, new FastifyAdapter());
await app.listen(3999);
