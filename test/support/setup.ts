// Imported first in every test file: CommonJS packages that require Nest otherwise meet a require cycle.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
