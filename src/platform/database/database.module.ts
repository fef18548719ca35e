import { Module } from '@nestjs/common';
import { Database } from './database.js';
import { Notifications } from './notifications.js';

@Module({ providers: [Database, Notifications], exports: [Database, Notifications] })
export class DatabaseModule {}
