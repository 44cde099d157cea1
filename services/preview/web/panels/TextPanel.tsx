import { renderTextPanelMarkdown, textUtil, type PanelProps } from '@grafana/data';
import React from 'react';

interface TextOptions {
  mode?: 'markdown' | 'html' | 'code';
  content: string;
}

/** The text panel: markdown or HTML, sanitized by Grafana's own functions, its variables filled in. */
export function TextPanel({ options, replaceVariables }: PanelProps<TextOptions>) {
  const content = replaceVariables(options.content, {}, 'html');
  if (options.mode === 'code') return <pre style={{ overflow: 'auto', height: '100%' }}>{content}</pre>;
  const html =
    options.mode === 'html' ? textUtil.sanitizeTextPanelContent(content) : renderTextPanelMarkdown(content);
  return (
    <div
      className="markdown-html"
      style={{ overflow: 'auto', height: '100%' }}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
