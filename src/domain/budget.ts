import type { BudgetSettings, DayBudget } from "./settings.ts";

/** How far a budget of a day is used, in the unit that is nearer to its end. */
export interface BudgetLevel {
  unit: "segments" | "money";
  used: number;
  limit: number;
  percent: number;
}

const RULE = "rule:";

/** The scope of what one rule sends, whatever the address. */
export function ruleScope(ruleId: string): string {
  return RULE + ruleId;
}

/** The rule whose scope this is; null = it is none. */
export function ruleOfScope(scope: string): string | null {
  return scope.startsWith(RULE) ? scope.slice(RULE.length) : null;
}

/** The budget of one scope: of all together, of a rule, or of an address, which may have figures of its own. */
function budgetOf(budgets: BudgetSettings, scope: string): DayBudget {
  if (scope === ALL_ADDRESSES) return budgets.perDay;
  if (ruleOfScope(scope) !== null) return budgets.perRule;
  return budgets.addresses[scope] ?? budgets.perAddress;
}

/** What these segments cost; an address without a price costs nothing. */
function costOf(budgets: BudgetSettings, address: string, segments: number): number {
  return segments * (budgets.addresses[address]?.pricePerSegment ?? budgets.pricePerSegment ?? 0);
}

/** Stands for all addresses of a tenant together. */
export const ALL_ADDRESSES = "*";

/**
 * What one scope, an address, a rule or all together, has used of its budget; null where nothing is limited. What a
 * rule sent stands under the address as well, and counts once; its money is counted by the usual price.
 */
export function usedOf(
  budgets: BudgetSettings,
  scope: string,
  spent: readonly { address: string; segments: number }[],
): { segments: number; money: number; level: BudgetLevel | null } {
  const isAll = scope === ALL_ADDRESSES;
  const counted = spent.filter(({ address }) => (isAll ? ruleOfScope(address) === null : address === scope));
  const segments = counted.reduce((sum, one) => sum + one.segments, 0);
  const money = counted.reduce((sum, one) => sum + costOf(budgets, one.address, one.segments), 0);
  return { segments, money, level: levelOf(budgetOf(budgets, scope), segments, money) };
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
export function hasBudget({ perDay, perAddress, perRule, addresses }: BudgetSettings): boolean {
  const all = [perDay, perAddress, perRule, ...Object.values(addresses)];
  return all.some(({ segments, money }) => segments !== null || money !== null);
}
