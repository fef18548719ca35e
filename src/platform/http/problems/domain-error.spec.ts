import { stdSerializers } from 'pino';
import { databaseUnavailable } from '../../database/database-failure.js';
import { DomainError } from './domain-error.js';

describe('the message of a domain error', () => {
  it('tells the log what failed and why, and keeps advice for clients out of it', () => {
    const error = databaseUnavailable(new Error('connect ECONNREFUSED 127.0.0.1:5432'));
    expect(stdSerializers.err(error).message).toBe('The database does not answer: connect ECONNREFUSED 127.0.0.1:5432');
    expect(error.detail).toContain('Idempotency-Key');
  });

  it('is its detail where nothing else failed', () => {
    const row = { code: 'sold-out', status: 409, title: 'Sold out' };
    expect(new DomainError(row, 'None left.').message).toBe('None left.');
  });
});
