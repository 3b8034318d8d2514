/** The distinct user ids of a text: one per line, or separated by commas, semicolons or tabs. */
export const usersIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\r\n,;\t]+/)
      .map((id) => id.trim())
      .filter(Boolean),
  ),
]
