/** Has this body members that can be changed? A list, a text and nothing have none. */
export const isJsonObject = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null && !Array.isArray(body);
