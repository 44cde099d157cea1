import { renderMarkdown, type PanelProps } from '@grafana/data';
import React from 'react';

/** The text panel: markdown, sanitized by Grafana's own renderer. */
export function TextPanel({ options }: PanelProps<{ content: string }>) {
  return (
    <div
      className="markdown-html"
      style={{ overflow: 'auto', height: '100%' }}
      dangerouslySetInnerHTML={{ __html: renderMarkdown(options.content) }}
    />
  );
}
