import type { Unit } from '../source/dashboard-source.ts';

const scales = {
  s: [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
    [1e-3, 'ms'],
    [1e-6, 'µs'],
  ],
  bytes: [
    [1024 ** 4, 'TiB'],
    [1024 ** 3, 'GiB'],
    [1024 ** 2, 'MiB'],
    [1024, 'KiB'],
    [1, 'B'],
  ],
} as const;

/** A value as Grafana writes it, so that a wrong unit is seen. */
export function withUnit(value: number, unit: Unit): string {
  switch (unit) {
    case 's':
    case 'bytes':
      return scaled(value, scales[unit]);
    case 'Bps':
      return `${scaled(value, scales.bytes)}/s`;
    case 'percentunit':
      return `${rounded(value * 100)} %`;
    case 'bool_yes_no':
      return value === 0 ? 'no' : 'yes';
    case 'reqps':
      return `${rounded(value)} req/s`;
    case 'ops':
      return `${rounded(value)} ops/s`;
    case 'cps':
      return `${rounded(value)} c/s`;
    default:
      return rounded(value);
  }
}

function scaled(value: number, scale: readonly (readonly [number, string])[]): string {
  const [factor, name] = scale.find(([from]) => Math.abs(value || 1) >= from) ?? scale.at(-1)!;
  return `${rounded(value / factor)} ${name}`;
}

const rounded = (value: number) => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3))));
