/**
 * Finds which of many literal patterns stand in a text, reading the text once (Aho and Corasick, 1975): the time
 * grows with the text and with what is found, not with the number of patterns.
 */
export interface PatternSearch {
  /** Numbers of the patterns that stand in the text, each at most once, in no order. */
  find(text: string): number[];
}

interface Trie {
  /** Children of a node as a list: the first one, then its brothers. 0 = none, for nobody has the root as a child. */
  firstChild: number[];
  brother: number[];
  /** The character by which a node is reached. */
  sign: number[];
  /** Where to go on when no child fits: the node of the longest ending that is also a beginning. */
  fallback: number[];
  /** The next node on the way of fallbacks that ends a pattern. */
  shorter: number[];
  /** Numbers of the patterns that end in a node. */
  ends: Map<number, number[]>;
  /** Children of the root, who are many. */
  roots: Map<number, number>;
}

/** Empty patterns are never found. */
export function compileSearch(patterns: readonly string[]): PatternSearch {
  const trie: Trie = {
    firstChild: [0],
    brother: [0],
    sign: [0],
    fallback: [0],
    shorter: [0],
    ends: new Map(),
    roots: new Map(),
  };
  for (const [number, pattern] of patterns.entries()) if (pattern !== "") add(trie, pattern, number);
  linkFallbacks(trie);
  return { find: (text) => find(trie, text) };
}

function add(trie: Trie, pattern: string, number: number): void {
  let node = 0;
  for (let i = 0; i < pattern.length; i++) {
    const sign = pattern.charCodeAt(i);
    node = childOf(trie, node, sign) || addChild(trie, node, sign);
  }
  const ends = trie.ends.get(node);
  if (ends) ends.push(number);
  else trie.ends.set(node, [number]);
}

function childOf(trie: Trie, node: number, sign: number): number {
  if (node === 0) return trie.roots.get(sign) ?? 0;
  let child = trie.firstChild[node] as number;
  while (child !== 0 && trie.sign[child] !== sign) child = trie.brother[child] as number;
  return child;
}

function addChild(trie: Trie, node: number, sign: number): number {
  const child = trie.sign.length;
  trie.sign.push(sign);
  trie.firstChild.push(0);
  trie.brother.push(trie.firstChild[node] as number);
  trie.fallback.push(0);
  trie.shorter.push(0);
  trie.firstChild[node] = child;
  if (node === 0) trie.roots.set(sign, child);
  return child;
}

/** Level by level, so that the fallback of a node is known before those of its children. */
function linkFallbacks(trie: Trie): void {
  const queue = [...trie.roots.values()];
  for (let i = 0; i < queue.length; i++) {
    const node = queue[i] as number;
    for (let child = trie.firstChild[node] as number; child !== 0; child = trie.brother[child] as number) {
      const fallback = step(trie, trie.fallback[node] as number, trie.sign[child] as number);
      trie.fallback[child] = fallback;
      trie.shorter[child] = trie.ends.has(fallback) ? fallback : (trie.shorter[fallback] as number);
      queue.push(child);
    }
  }
}

function step(trie: Trie, from: number, sign: number): number {
  let node = from;
  for (;;) {
    const child = childOf(trie, node, sign);
    if (child !== 0 || node === 0) return child;
    node = trie.fallback[node] as number;
  }
}

function find(trie: Trie, text: string): number[] {
  const found: number[] = [];
  const seen = new Set<number>();
  let node = 0;
  for (let i = 0; i < text.length; i++) {
    node = step(trie, node, text.charCodeAt(i));
    let end = trie.ends.has(node) ? node : (trie.shorter[node] as number);
    // What was seen once was seen with all that is shorter.
    while (end !== 0 && !seen.has(end)) {
      seen.add(end);
      for (const number of trie.ends.get(end) ?? []) found.push(number);
      end = trie.shorter[end] as number;
    }
  }
  return found;
}
