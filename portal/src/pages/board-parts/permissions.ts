/** `trail:area=North` → "trail in North"; the API keeps them as such texts. */
export function permissionInWords(permission: string): string {
  if (permission === "*") return "everything";
  const [, kind = permission, scope, value = ""] = /^([^:]+)(?::(area|item)=(.+))?$/.exec(permission) ?? [];
  const subject = kind === "*" ? "everything" : kind;
  if (scope === "area") return `${subject} in ${value}`;
  if (scope === "item") return "one item";
  return subject;
}
