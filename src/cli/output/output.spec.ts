import { Output } from './output.js';

class Terminal {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 20,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

const event = (done: number) => ({ type: 'progress', done, by: 'a\u001b]0;title\u0007b' });
const rendering = {
  live: (each: ReturnType<typeof event>) => [`${each.done} by ${each.by}`, 'x'.repeat(30)],
  plain: (each: ReturnType<typeof event>) => `${each.done} done`,
};

describe('the output of the command', () => {
  it('draws what changes in place on a terminal, in lines that do not wrap', () => {
    const terminal = new Terminal(true);
    const output = new Output({ isJson: false }, terminal, terminal);
    output.show(event(1), rendering);
    expect(terminal.text).toBe(`1 by a�]0;title�b\n${'x'.repeat(18)}…\n`);
    output.show(event(2), rendering);
    output.tell({ type: 'end' }, () => ['over']);
    const [, second = '', third = ''] = terminal.text.split('\u001b[2A\u001b[J');
    expect(second).toContain('2 by');
    expect(third).toBe('over\n');
  });

  it('says a line elsewhere, and only where it has changed', () => {
    const pipe = new Terminal(false);
    const output = new Output({ isJson: false }, pipe, pipe);
    for (const done of [1, 1, 2]) output.show(event(done), rendering);
    expect(pipe.text).toBe('1 done\n2 done\n');
  });

  it('says the object itself to programs, on one stream', () => {
    const [pipe, errors] = [new Terminal(true), new Terminal(true)];
    const output = new Output({ isJson: true }, pipe, errors);
    output.show(event(1), rendering);
    output.tellError({ type: 'error' }, () => ['for people']);
    expect(output.end('refused')).toBe(7);
    expect(
      pipe.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([event(1), { type: 'error' }, { type: 'end', ending: 'refused', exitCode: 7 }]);
    expect(errors.text).toBe('');
  });
});
