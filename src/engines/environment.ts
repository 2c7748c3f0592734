const SECRET = /key|token|secret|passw|credential|auth/i;

/** The environment without variables that look like secrets, for programs that an engine runs. */
export function safeEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.test(name)));
}
