// What a front end does with the generated client; it only has to compile.
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./schema.js";

const client = createClient<paths>({ baseUrl: "" });

type Project = components["schemas"]["ProjectOut"];
type Statistics = operations["get_project_statistics"]["responses"][200]["content"]["application/json"];

export async function signIn(username: string, password: string): Promise<string> {
  const { data, error } = await client.POST("/v1/auth/token", {
    body: { grant_type: "password", username, password },
    bodySerializer: (body) => new URLSearchParams(body as unknown as Record<string, string>),
  });
  if (error) throw new Error(error.title);
  return data.access_token;
}

export async function projects(division_code: string): Promise<Project[]> {
  const query: NonNullable<operations["list_projects"]["parameters"]["query"]> = { division_code, limit: 50 };
  const { data, error } = await client.GET("/v1/projects/projects", { params: { query } });
  if (error) throw new Error(error.code);
  return data.items;
}

export async function statistics(division_code: string, as_of: string): Promise<Statistics> {
  const { data, error } = await client.GET("/v1/projects/statistics", { params: { query: { division_code, as_of } } });
  if (error) throw new Error(error.trace_id);
  return data;
}

export async function rename(project_id: string, version: string, name: string): Promise<void> {
  await client.PATCH("/v1/projects/projects/{project_id}", {
    params: { path: { project_id }, header: { "if-match": version } },
    body: { name },
  });
}

// @ts-expect-error an operation that does not exist must not compile
export type Nothing = operations["no_such_operation"];
