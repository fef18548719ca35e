/** The baseline of the overhead: Nest on Fastify and the route, nothing else. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { GreetingModule } from './overhead-route.ts';

const app = await NestFactory.create<NestFastifyApplication>(GreetingModule, new FastifyAdapter());
await app.listen(Number(process.env['PORT']), '127.0.0.1');
