import type { RefObject } from "react";
import { useLayoutEffect, useRef } from "react";

/** Less than this above the end is at the end, px. */
const NEAR_PX = 60;

export interface ReadingPlace {
  box: RefObject<HTMLDivElement | null>;
  /** For the box: notes where the reader is. */
  onScroll: () => void;
  /** What comes next is to be seen, wherever the reader is. */
  followNext: () => void;
}

/**
 * Where somebody reads in a list that changes at both ends. At the end it follows what comes; whoever reads further up
 * keeps the line at the top of the box where it is, also when others are put above it or taken away.
 */
export function useReadingPlace(first: string | undefined, last: string | undefined): ReadingPlace {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const held = useRef<{ line: Element; top: number } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands at both ends says that the list has changed
  useLayoutEffect(() => {
    const shown = box.current;
    if (!shown) return;
    const keep = () => {
      if (follows.current) shown.scrollTop = shown.scrollHeight;
      else if (held.current?.line.isConnected) {
        shown.scrollTop += topOf(held.current.line, shown) - held.current.top;
      }
    };
    keep();
    // Pictures, and what is said about a line, come later than the line.
    const observer = new ResizeObserver(keep);
    for (const line of shown.children) observer.observe(line);
    return () => observer.disconnect();
  }, [first, last]);
  return {
    box,
    onScroll() {
      const shown = box.current;
      if (!shown) return;
      follows.current = shown.scrollHeight - shown.scrollTop - shown.clientHeight < NEAR_PX;
      const line = [...shown.children].find((one) => topOf(one, shown) >= 0);
      held.current = line ? { line, top: topOf(line, shown) } : null;
    },
    followNext() {
      follows.current = true;
    },
  };
}

function topOf(line: Element, shown: Element): number {
  return line.getBoundingClientRect().top - shown.getBoundingClientRect().top;
}
