/** A day of the calendar, without a clock. */
export interface CalendarDay {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
}

/** Weekday of a calendar day: 0 = Sunday. */
export function weekdayOf({ year, month, day }: CalendarDay): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/** Month and day; moved to the nearest weekday where they fall on a weekend. */
const FIXED = [
  [1, 1],
  [6, 19],
  [7, 4],
  [11, 11],
  [12, 25],
];

/** Month, weekday, and which of that month; -1 = the last. */
const FLOATING = [
  [1, 1, 3],
  [2, 1, 3],
  [5, 1, -1],
  [9, 1, 1],
  [10, 1, 2],
  [11, 4, 4],
] as const;

/** Whether the day is a federal holiday of the United States (5 U.S.C. 6103), itself or as it is observed. */
export function isUsHoliday(date: CalendarDay): boolean {
  const { year, month, day } = date;
  const weekday = weekdayOf(date);
  const floats = FLOATING.some(([inMonth, on, nth]) => {
    if (month !== inMonth || weekday !== on) return false;
    return nth > 0 ? Math.ceil(day / 7) === nth : day + 7 > daysIn(year, month);
  });
  if (floats) return true;
  const isFixed = (shift: number) => {
    const other = new Date(Date.UTC(year, month - 1, day + shift));
    return FIXED.some(([m, d]) => other.getUTCMonth() + 1 === m && other.getUTCDate() === d);
  };
  return isFixed(0) || (weekday === 5 && isFixed(1)) || (weekday === 1 && isFixed(-1));
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
