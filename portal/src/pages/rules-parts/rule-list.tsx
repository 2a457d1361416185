import { Stack, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useMay } from "../../api/me.ts";
import type { Rule } from "../../api/shapes.ts";
import { RuleRow } from "./rule-row.tsx";
import { useOrder } from "./use-order.ts";

/** The rules in the order in which they are asked: moved by dragging, or by the buttons of each row. */
export function RuleList({ rules }: { rules: Rule[] }) {
  const may = useMay();
  const { shown, move } = useOrder(rules);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const focus = useRef<string | null>(null);
  const placed = shown.map(({ id }) => id).join(" ");
  const placedBefore = useRef(placed);
  // The button that was pressed went along with its rule: the focus follows.
  useEffect(() => {
    if (placedBefore.current === placed) return;
    placedBefore.current = placed;
    if (focus.current) document.getElementById(focus.current)?.focus();
    focus.current = null;
  });
  const moveBy = (index: number, step: -1 | 1) => {
    const { id, name } = shown[index] as Rule;
    focus.current = `${step < 0 ? "up" : "down"}-${id}`;
    setSaid(`${name} is now number ${index + step + 1} of ${shown.length}.`);
    move(index, index + step);
  };
  const drop = () => {
    if (dragged !== null && over !== null) move(dragged, over);
    setDragged(null);
    setOver(null);
  };
  return (
    <>
      <Stack gap="xs" component="ol" m={0} p={0} style={{ listStyle: "none" }}>
        {shown.map((rule, index) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            number={index + 1}
            isLast={index === shown.length - 1}
            mayOrder={may("POST", "/v1/rules/order")}
            mark={over === index && dragged !== null ? (dragged < index ? "below" : "above") : null}
            onMove={(step) => moveBy(index, step)}
            onDragStart={() => setDragged(index)}
            onDragOver={() => setOver(index)}
            onDragEnd={drop}
          />
        ))}
      </Stack>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}
