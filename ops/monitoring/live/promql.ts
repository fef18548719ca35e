/** What Prometheus itself makes of an expression: as much of /api/v1/parse_query as the checks ask for. */
export interface PromqlNode {
  readonly type: string;
  readonly name?: string;
  readonly op?: string;
  readonly func?: { readonly name: string };
  readonly args?: readonly PromqlNode[];
  readonly expr?: PromqlNode;
  readonly lhs?: PromqlNode;
  readonly rhs?: PromqlNode;
  readonly grouping?: readonly string[];
  readonly without?: boolean;
  readonly val?: string;
  readonly matching?: Matching | null;
  readonly matchers?: ReadonlyArray<{ name: string; type: string; value: string }>;
}

interface Matching {
  readonly card: string;
  readonly include: readonly string[] | null;
  readonly labels: readonly string[] | null;
  readonly on: boolean;
}

export const childrenOf = ({ args = [], expr, lhs, rhs }: PromqlNode): PromqlNode[] =>
  [...args, expr, lhs, rhs].filter((node) => node !== undefined && node !== null);

export interface Selector {
  readonly name: string;
  /** The function that it is the argument of, if any. */
  readonly inside: string | null;
}

/** Every series that an expression asks for. */
export function selectorsOf(node: PromqlNode, inside: string | null = null): Selector[] {
  const own = node.type.endsWith('Selector') && node.name ? [{ name: node.name, inside }] : [];
  const isWrapped = node.type === 'parenExpr' || node.type === 'subquery' || node.type === 'stepInvariantExpr';
  const next = isWrapped ? inside : node.type === 'call' ? (node.func?.name ?? null) : null;
  return [...own, ...childrenOf(node).flatMap((child) => selectorsOf(child, next))];
}

/** Whether results of an expression can have a label; `hasLabel` says it of a series. */
export function keepsLabel(node: PromqlNode, label: string, hasLabel: (series: string) => boolean): boolean {
  const keeps = (child: PromqlNode | undefined) => child !== undefined && keepsLabel(child, label, hasLabel);
  switch (node.type) {
    case 'aggregation': {
      const isGrouped = (node.grouping ?? []).includes(label);
      // What count_values calls its values is a label too; it is never one that goes further than `count`.
      return node.without ? !isGrouped && keeps(node.expr) : isGrouped && keeps(node.expr);
    }
    case 'binaryExpr':
      return binaryKeeps(node, label, keeps);
    case 'call':
      return callKeeps(node, label, keeps);
    case 'vectorSelector':
    case 'matrixSelector':
      return hasLabel(node.name ?? '');
    default:
      return childrenOf(node).some(keeps);
  }
}

type Keeps = (child: PromqlNode | undefined) => boolean;

function binaryKeeps({ op, lhs, rhs, matching }: PromqlNode, label: string, keeps: Keeps): boolean {
  if (op === 'or') return keeps(lhs) || keeps(rhs);
  if (op === 'and' || op === 'unless') return keeps(lhs);
  // With a number on one side the other keeps what it has.
  if (!matching) return keeps(lhs) || keeps(rhs);
  const { card, include, labels, on } = matching;
  const isNamed = labels?.includes(label) ?? false;
  if (card === 'one-to-one') return on === isNamed && keeps(lhs);
  const [many, one] = card === 'many-to-one' ? [lhs, rhs] : [rhs, lhs];
  return keeps(many) || (include?.includes(label) === true && keeps(one));
}

function callKeeps({ func, args = [] }: PromqlNode, label: string, keeps: Keeps): boolean {
  const made = func?.name.startsWith('label_') ? (args[1]?.val ?? '') : undefined;
  if (made === label) return true;
  if (func?.name === 'absent' || func?.name === 'absent_over_time') {
    return (args[0]?.matchers ?? []).some(({ name, type }) => name === label && type === '=');
  }
  return args.some((argument) => keeps(argument));
}
