import { OperatorError } from '@rastreio/runtime';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Context } from './context';

const WIDE = { width: 1600, height: 1000 };

/** A page of somebody who has signed in as grafana:apply does. @throws OperatorError for a token: a screen wants a user */
export async function signIn(
  { browser, target }: Pick<Context, 'browser' | 'target'>,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const { url, auth } = target;
  if ('token' in auth)
    throw new OperatorError('a token cannot sign in on the screen; set GRAFANA_USER and GRAFANA_PASSWORD');
  const context = await browser.newContext({ viewport: WIDE, locale: 'pt-BR', ...options });
  const answer = await context.request.post(`${url}/login`, {
    data: { user: auth.user, password: auth.password },
  });
  if (!answer.ok())
    throw new OperatorError(`${url} answers ${answer.status()} to the sign-in of ${auth.user}`);
  return context.newPage();
}
