import { Injectable } from '@nestjs/common';

/** One sentence for people, and an example that is true. */
export type Word = readonly [sentence: string, example?: unknown];

/**
 * What names in the document mean: `fence` wherever it stands, `Slot.fence` in that schema, `Slot.hosts.url` within one of
 * its fields, `CreateDeployment` for the schema as a whole. What says most goes first.
 */
export type Words = Readonly<Record<string, Word>>;

/** The words of all features, so that a field is told of once and means the same wherever it stands. */
@Injectable()
export class DocumentedWords {
  private readonly words = new Map<string, Word>();

  /** Two features that tell of the same name would contradict each other one day. */
  add(words: Words): void {
    for (const [name, word] of Object.entries(words)) {
      if (this.words.has(name)) throw new Error(`the word ${name} is told of twice`);
      this.words.set(name, word);
    }
  }

  /** Of a place: the schema, and the fields that lead there. */
  of(path: readonly string[]): Word | undefined {
    const [schema = '', ...fields] = path;
    const last = path.at(-1) ?? '';
    return this.words.get(path.join('.')) ?? this.words.get(`${schema}.${fields.at(-1)}`) ?? this.words.get(last);
  }
}
