/**
 * Types of the API, written from its document, for client/openapi.d.ts. The shape is that of openapi-typescript
 * (`paths[path][method].responses[status].content[type]`), which itself needs a compiler older than ours.
 */

interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  description?: string;
}

interface Content {
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Operation {
  description?: string;
  parameters?: Parameter[];
  requestBody?: Content & { required?: boolean };
  responses: Record<string, Content>;
}

type Operations = Record<string, Operation>;

export interface ApiDocument {
  paths: Record<string, Operations>;
  webhooks?: Record<string, Operations>;
  components?: { schemas?: Record<string, Schema> };
}

/** One member of an object type. */
interface Field {
  name: string;
  type: string;
  isOptional?: boolean;
  description?: string | undefined;
}

const PLACES = ["query", "header", "path", "cookie"];

export function describeApiTypes(document: ApiDocument): string {
  const schemas = Object.entries(document.components?.schemas ?? {});
  return [
    "// Made by test/docs.test.ts from the API's document; for reading and for compilers.",
    `export interface paths ${routesType(document.paths)}`,
    `export interface webhooks ${routesType(document.webhooks ?? {})}`,
    `export interface components ${objectType([{ name: "schemas", type: schemasType(schemas) }])}`,
  ]
    .join("\n\n")
    .concat("\n");
}

function routesType(routes: Record<string, Operations>): string {
  const fields = Object.entries(routes).map(([path, operations]) => ({
    name: path,
    type: objectType(
      Object.entries(operations).map(([method, operation]) => ({
        name: method,
        type: operationType(operation),
        description: operation.description,
      })),
    ),
  }));
  return objectType(fields);
}

function schemasType(schemas: [string, Schema][]): string {
  return objectType(
    schemas.map(([name, schema]) => ({
      name,
      type: schemaType(schema),
      description: schema.description,
    })),
  );
}

function operationType({ parameters = [], requestBody, responses }: Operation): string {
  const places = PLACES.flatMap((place): Field[] => {
    const fields = parameters.filter((one) => one.in === place).map(parameterField);
    if (fields.length === 0) return [];
    return [{ name: place, type: objectType(fields), isOptional: fields.every((field) => field.isOptional) }];
  });
  const body: Field[] = requestBody
    ? [{ name: "requestBody", type: contentType(requestBody), isOptional: requestBody.required !== true }]
    : [];
  const answers = Object.entries(responses).map(([status, answer]) => ({
    name: status,
    type: contentType(answer),
  }));
  return objectType([
    { name: "parameters", type: objectType(places) },
    ...body,
    { name: "responses", type: objectType(answers) },
  ]);
}

function parameterField({ name, required, description, schema }: Parameter): Field {
  return {
    name,
    type: schemaType(schema),
    isOptional: required !== true,
    description: description ?? schema.description,
  };
}

function contentType({ content }: Content): string {
  if (!content) return objectType([{ name: "content", type: "never", isOptional: true }]);
  const fields = Object.entries(content).map(([kind, { schema }]) => ({
    name: kind,
    type: schemaType(schema ?? {}),
  }));
  return objectType([{ name: "content", type: objectType(fields) }]);
}

function schemaType(schema: Schema): string {
  if (schema.$ref) return referenceType(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return union(choices.map(schemaType));
  if (schema.allOf) return schema.allOf.map((part) => `(${schemaType(part)})`).join(" & ");
  const types = [schema.type ?? []].flat();
  return types.length === 0 ? "unknown" : union(types.map((type) => plainType(type, schema)));
}

function plainType(type: string, schema: Schema): string {
  switch (type) {
    case "object":
      return recordType(schema);
    case "array":
      return `(${schemaType(schema.items ?? {})})[]`;
    case "integer":
      return "number";
    case "string":
    case "number":
    case "boolean":
    case "null":
      return type;
    default:
      throw new Error(`no type is known for "${type}"`);
  }
}

function recordType({ properties, required = [], additionalProperties }: Schema): string {
  const fields = Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    type: schemaType(schema),
    isOptional: !required.includes(name),
    description: schema.description,
  }));
  // Beside named fields of other types, only `unknown` holds for all of them.
  const others = typeof additionalProperties === "object" ? schemaType(additionalProperties) : "unknown";
  if (fields.length === 0) return `{ [key: string]: ${others} }`;
  if (additionalProperties === undefined || additionalProperties === false) return objectType(fields);
  return `${objectType(fields)} & { [key: string]: unknown }`;
}

function referenceType(reference: string): string {
  const [, , , name = ""] = reference.split("/");
  return `components["schemas"][${JSON.stringify(decodeURIComponent(name))}]`;
}

function union(types: string[]): string {
  return [...new Set(types)].join(" | ");
}

function objectType(fields: Field[]): string {
  if (fields.length === 0) return "{}";
  const lines = fields.flatMap(({ name, type, isOptional, description }) => [
    ...(description ? [`/** ${description.replaceAll("*/", "* /").replaceAll("\n", " ")} */`] : []),
    `${/^\w+$/.test(name) ? name : JSON.stringify(name)}${isOptional ? "?" : ""}: ${type};`,
  ]);
  return `{\n${indent(lines.join("\n"))}\n}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
