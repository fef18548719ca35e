import { ProbeError } from '../../../platform/probes/probe-error.js';
import { type ConnectionFault, ProbeFailure, verdictOn } from './probe-failures.js';

const fault = (code: string, family = 4): ConnectionFault => ({ family, code, message: `connect ${code}` });

describe('a probe without an answer', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ETIMEDOUT', 'EPROTO', 'DEPTH_ZERO_SELF_SIGNED_CERT'])(
    'speaks against the host: %s',
    (code) => {
      expect(verdictOn([fault(code)], 0)).toEqual(new ProbeFailure(`connect ${code}`));
    },
  );

  it.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'EADDRINUSE', 'EACCES', 'EPERM', 'ENETUNREACH'])(
    'speaks against nobody where Plimsoll could not ask: %s',
    (code) => {
      expect(verdictOn([fault(code)], 0)).toBeInstanceOf(ProbeError);
      expect(verdictOn([fault('ECONNREFUSED'), fault(code)], 0)).toBeInstanceOf(ProbeError);
    },
  );

  it.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH'])(
    'is judged by IPv4 alone where there is no IPv6: %s',
    (code) => {
      expect(verdictOn([fault(code, 6), fault('ECONNREFUSED')], 0)).toEqual(new ProbeFailure('connect ECONNREFUSED'));
      expect(verdictOn([fault(code, 6)], 0)).toBeInstanceOf(ProbeError);
    },
  );

  it('speaks against nobody while Plimsoll stood still, unless the host refused', () => {
    expect(verdictOn([fault('ECONNRESET')], 2000)).toBeInstanceOf(ProbeError);
    expect(verdictOn([fault('ECONNREFUSED')], 2000)).toBeInstanceOf(ProbeFailure);
  });
});
