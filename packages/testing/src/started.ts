/** What jest's setup says of a server. @throws Error in a test file that test/projects.mjs takes for one without */
export function started(variable: 'TEST_DATABASES' | 'TEST_KAFKA_BROKERS'): string {
  const value = process.env[variable];
  if (value === undefined)
    throw new Error(`${variable} is not set: this file is not of a project that starts it`);
  return value;
}
