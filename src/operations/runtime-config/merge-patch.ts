export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A JSON merge patch (RFC 7396): members of the patch replace those of the target, null removes them. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  // Through a Map, so that a key named `__proto__` is an ordinary key.
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Whether a patch contains the path. */
export function names(patch: Json, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  return isObject(patch) && Object.hasOwn(patch, key) && names(patch[key]!, rest);
}

/** The values that are not objects, with the names of their path: `gateDefaults.bakeSeconds.staging`. */
export function leavesOf(json: JsonObject): Array<[path: string, leaf: Json]> {
  return Object.entries(json).flatMap(([key, value]): Array<[string, Json]> => {
    if (!isObject(value)) return [[key, value]];
    return leavesOf(value).map(([path, leaf]) => [`${key}.${path}`, leaf]);
  });
}
