import * as markdown from 'prettier/plugins/markdown';
import { format } from 'prettier/standalone';
import style from '../.prettierrc.json';

/** Markdown as prettier leaves it alone. */
export async function formatMarkdown(text: string): Promise<string> {
  return format(text, { ...(style as object), parser: 'markdown', plugins: [markdown] });
}
