import type { BudgetSettings, DayBudget } from "./settings.ts";

/** How far a budget of a day is used, in the unit that is nearer to its end. */
export interface BudgetLevel {
  unit: "segments" | "money";
  used: number;
  limit: number;
  percent: number;
}

/** The budget of one address: its own figures, else those of each. */
function budgetOf(budgets: BudgetSettings, address: string): DayBudget {
  return budgets.addresses[address] ?? budgets.perAddress;
}

/** What these segments cost; an address without a price costs nothing. */
function costOf(budgets: BudgetSettings, address: string, segments: number): number {
  return segments * (budgets.addresses[address]?.pricePerSegment ?? budgets.pricePerSegment ?? 0);
}

/** Stands for all addresses of a tenant together. */
export const ALL_ADDRESSES = "*";

/** What one scope, an address or all together, has used of its budget; null where nothing is limited. */
export function usedOf(
  budgets: BudgetSettings,
  scope: string,
  spent: readonly { address: string; segments: number }[],
): { segments: number; money: number; level: BudgetLevel | null } {
  const counted = spent.filter(({ address }) => scope === ALL_ADDRESSES || address === scope);
  const segments = counted.reduce((sum, one) => sum + one.segments, 0);
  const money = counted.reduce((sum, one) => sum + costOf(budgets, one.address, one.segments), 0);
  const budget = scope === ALL_ADDRESSES ? budgets.perDay : budgetOf(budgets, scope);
  return { segments, money, level: levelOf(budget, segments, money) };
}

function levelOf(budget: DayBudget, segments: number, money: number): BudgetLevel | null {
  const levels: BudgetLevel[] = [];
  const add = (unit: BudgetLevel["unit"], used: number, limit: number | null) => {
    if (limit !== null) levels.push({ unit, used, limit, percent: limit > 0 ? (used * 100) / limit : 100 });
  };
  add("segments", segments, budget.segments);
  add("money", money, budget.money);
  return levels.sort((a, b) => b.percent - a.percent)[0] ?? null;
}

/** Whether anything is limited at all. */
export function hasBudget({ perDay, perAddress, addresses }: BudgetSettings): boolean {
  const all = [perDay, perAddress, ...Object.values(addresses)];
  return all.some(({ segments, money }) => segments !== null || money !== null);
}
