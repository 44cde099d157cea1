/** For Java, which reads names of files in the locale's charset, and without a locale as ASCII. */
export const JAVA_ENV: Readonly<Record<string, string>> =
  process.platform === 'linux' ? { LC_ALL: 'C.UTF-8' } : {};
