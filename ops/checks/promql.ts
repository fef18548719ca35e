const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan', 'start', 'end', 'by', 'without']);

/** The names of metrics in an expression; what names one only by a pattern of `__name__` is not seen. */
export function metricsIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/#.*$/gm, '')
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/gi, '')
    .replaceAll(/\bgroup_(?:left|right)\b/gi, '');
  const names = [...bare.matchAll(/(?<![\w.:$])[a-z_:][\w:]*(?![\w:]|\s*\()/gi)].map(([name]) => name);
  return [...new Set(names.filter((name) => !words.has(name.toLowerCase())))];
}
